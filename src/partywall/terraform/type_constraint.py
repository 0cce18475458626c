"""Type constraints of variables: read from their expression, applied to values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from partywall.choice import lifted
from partywall.source import Span
from partywall.terraform import conversion, syntax
from partywall.terraform.scope import EvaluationError
from partywall.text.structured import JsonArray, JsonObject
from partywall.value import Known, Reference, Setting, Unknown

_PRIMITIVES = frozenset({"string", "number", "bool", "any"})
_COLLECTIONS = frozenset({"list", "set", "map"})
_ARTICLE = {
    "string": "a text", "number": "a number", "bool": "true or false", "list": "a list", "set": "a set", "map": "a map",
    "object": "an object", "tuple": "a list of fixed length",
}  # fmt: skip


@dataclass(frozen=True)
class Constraint:
    """What a value must be: `kind` is string, number, bool, any, list, set, map, object or tuple.

    `optional` names the attributes of an object that may be missing, with the syntax of their default if one is given.
    """

    kind: str
    element: Constraint | None = None
    attributes: Mapping[str, Constraint] = field(default_factory=dict)
    optional: Mapping[str, Any] = field(default_factory=dict)
    members: tuple[Constraint, ...] = ()


ANY = Constraint("any")


def read_constraint(node: Any) -> Constraint:
    """The constraint that a type expression states; raises HclError for anything else."""
    while isinstance(node, syntax.Group):
        node = node.inner
    if isinstance(node, syntax.Literal) and isinstance(node.value, str):
        # Before Terraform 0.12 types were written as text, "list" and "map" without element types.
        return Constraint(node.value) if node.value in _PRIMITIVES else Constraint("any")
    if isinstance(node, syntax.Name):
        if node.name in {"object", "tuple"}:
            raise syntax.HclError(node.start, f"{node.name} needs its parts in parentheses")
        if node.name in _PRIMITIVES:
            return Constraint(node.name)
        if node.name in _COLLECTIONS:
            return Constraint(node.name, ANY)
        raise syntax.HclError(node.start, f"{node.name} is not a type")
    if isinstance(node, syntax.Call) and len(node.arguments) == 1:
        (argument,) = node.arguments
        if node.name in _COLLECTIONS:
            return Constraint(node.name, read_constraint(argument))
        if node.name == "tuple" and isinstance(argument, syntax.ListOf):
            return Constraint("tuple", members=tuple(read_constraint(item) for item in argument.items))
        if node.name == "object" and isinstance(argument, syntax.ObjectOf):
            return _object(argument)
    raise syntax.HclError(getattr(node, "start", 0), "this is not a type")


def _object(node: syntax.ObjectOf) -> Constraint:
    attributes: dict[str, Constraint] = {}
    optional: dict[str, Any] = {}
    for key, kind in node.items:
        name = str(key.value) if isinstance(key, syntax.Literal) else ""
        if isinstance(kind, syntax.Call) and kind.name == "optional" and kind.arguments:
            optional[name] = kind.arguments[1] if len(kind.arguments) > 1 else None
            attributes[name] = read_constraint(kind.arguments[0])
            _check(optional[name], attributes[name])
        else:
            attributes[name] = read_constraint(kind)
    return Constraint("object", attributes=attributes, optional=optional)


def _check(default: Any, constraint: Constraint) -> None:
    """A literal default of another type is a mistake that can be told at once."""
    change = _CHANGES.get(constraint.kind)
    if isinstance(default, syntax.Literal) and default.value is not None and change and change(default.value) is None:
        raise syntax.HclError(default.start, f"the default must be {_ARTICLE[constraint.kind]}")


def open_value(constraint: Constraint, unknown: Unknown[object]) -> Setting:
    """A value that is not known, of a known type: an object has all its attributes, each of them unknown."""
    if constraint.kind != "object":
        return unknown
    made = {}
    for name, inner in constraint.attributes.items():
        references = tuple(Reference(it.address, it.attribute or name) for it in unknown.references)
        made[name] = open_value(inner, replace(unknown, references=references))
    return Known(made, unknown.span, unknown.references, unknown.origin, unknown.sensitive)


Evaluate = Callable[[Any], Setting]


def conform(value: Setting, constraint: Constraint, evaluate: Evaluate, span: Span) -> Setting:
    """A value converted to a constraint, with the defaults of optional attributes filled in.

    Raises EvaluationError for a value that does not fit.
    """
    return lifted((value,), lambda values: _conform(values[0], constraint, evaluate, span), span)


def _conform(value: Setting, constraint: Constraint, evaluate: Evaluate, span: Span) -> Setting:
    if not isinstance(value, Known) or value.it is None or constraint.kind == "any":
        return value
    it = value.it
    if constraint.kind == "string" and isinstance(it, JsonObject | JsonArray):
        return value
    if constraint.kind in _PRIMITIVES:
        change = _CHANGES[constraint.kind]
        made = _primitive(it, change, constraint.kind, span)
        return Known(made, value.span, value.references, value.origin, value.sensitive)
    if constraint.kind in {"list", "set"} and isinstance(it, tuple):
        items = _alike([conform(item, constraint.element or ANY, evaluate, span) for item in it], constraint, span)
        made = conversion.set_of(items) if constraint.kind == "set" else tuple(items)
    elif constraint.kind == "tuple" and isinstance(it, tuple) and len(it) == len(constraint.members):
        made = tuple(conform(item, one, evaluate, span) for item, one in zip(it, constraint.members, strict=True))
    elif constraint.kind == "map" and isinstance(it, Mapping):
        items = _alike([conform(it[key], constraint.element or ANY, evaluate, span) for key in it], constraint, span)
        made = dict(zip(it, items, strict=True))
    elif constraint.kind == "object" and isinstance(it, Mapping):
        made = _filled(it, constraint, evaluate, span)
    else:
        raise EvaluationError(f"{_ARTICLE[constraint.kind]} is needed, not {conversion.kind_of(it)}", span)
    return Known(made, value.span, value.references, value.origin, value.sensitive)


_CHANGES: Mapping[str, Callable[[object], object]] = {
    "string": conversion.text_of,
    "number": conversion.number_of,
    "bool": conversion.bool_of,
}


def _alike(items: Sequence[Setting], constraint: Constraint, span: Span) -> Sequence[Setting]:
    """The elements of a collection of `any` in the one type that they must have in common."""
    if constraint.element is not None and constraint.element.kind != "any":
        return items
    try:
        return conversion.unified(items)
    except conversion.ConversionError as error:
        raise EvaluationError(str(error), span) from error


def _primitive(it: object, change: Callable[[object], object], kind: str, span: Span) -> object:
    try:
        changed = change(it)
    except conversion.ConversionError as error:
        raise EvaluationError(str(error), span) from error
    if changed is None:
        raise EvaluationError(f"{_ARTICLE[kind]} is needed, not {conversion.kind_of(it)}", span)
    return changed


def _filled(it: Mapping[str, Setting], constraint: Constraint, evaluate: Evaluate, span: Span) -> dict[str, Setting]:
    out: dict[str, Setting] = {}
    for name, kind in constraint.attributes.items():
        given = it.get(name)
        absent = given is None or (isinstance(given, Known) and given.it is None)
        if absent and name in constraint.optional:
            default = constraint.optional[name]
            given = Known(None, span) if default is None else evaluate(default)
        elif given is None:
            raise EvaluationError(f"the attribute {name} is required", span)
        assert given is not None
        out[name] = conform(given, kind, evaluate, span)
    return out


def literals(items: Sequence[Any]) -> list[str] | None:
    """The texts of literal nodes; None if one is no literal text."""
    texts = [item.value for item in items if isinstance(item, syntax.Literal) and isinstance(item.value, str)]
    return texts if len(texts) == len(items) else None
