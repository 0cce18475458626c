"""Values converted to types, and several values to the type that they have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeGuard

from partywall.choice import lifted
from partywall.source import NOWHERE, Span
from partywall.terraform import conversion
from partywall.terraform.scope import EvaluationError
from partywall.terraform.static_type import (
    ANY,
    PRIMITIVES,
    STRING,
    Collection,
    ListOf,
    MapOf,
    SetOf,
    Type,
    common,
    convertible,
    is_bare_null,
    is_null,
    type_of,
    typed,
)
from partywall.text.structured import JsonArray, JsonObject
from partywall.value import Choice, Known, Reference, Setting, Unknown


def open_value(kind: Type, unknown: Unknown[object]) -> Setting:
    """A value that is not known, of a known type: an object has all its attributes, each of them unknown."""
    if kind.kind == "tuple":
        return Known(tuple(open_value(one, unknown) for one in kind.members), unknown.span, unknown.references)
    if kind.kind != "object":
        return typed(unknown, kind)
    made = {}
    for name, inner in kind.attributes.items():
        references = tuple(Reference(it.address, it.attribute or name) for it in unknown.references)
        made[name] = open_value(inner, replace(unknown, references=references))
    return Known(made, unknown.span, unknown.references, unknown.origin, unknown.sensitive)


Evaluate = Callable[[Any], Setting]


def _no_default(_: Any) -> Setting:
    raise EvaluationError("there is no default here", NOWHERE)


def conform(value: Setting, kind: Type, span: Span, evaluate: Evaluate = _no_default) -> Setting:
    """A value converted to a type, with the defaults of optional attributes, which `evaluate` reads, filled in.

    Raises EvaluationError for a value that does not fit.
    """
    if not isinstance(value, Choice):
        return _conform(value, kind, evaluate, span)
    return lifted((value,), lambda values: _conform(values[0], kind, evaluate, span), span)


def _conform(value: Setting, kind: Type, evaluate: Evaluate, span: Span) -> Setting:
    if kind.kind == "any":
        return value
    if not isinstance(value, Known) or value.it is None:
        if not convertible(type_of(value), kind):
            message = f"{conversion.ARTICLE[kind.kind]} is needed, not {conversion.found(type_of(value).kind)}"
            raise EvaluationError(message, span)
        return typed(value, kind)
    it = value.it
    if isinstance(it, Collection) and not it and not convertible(type_of(value), kind):
        raise EvaluationError(f"{conversion.ARTICLE[kind.kind]} of other elements is needed", span)
    if kind.kind == "string" and isinstance(it, str | JsonObject | JsonArray):
        return value
    made: object
    if kind.kind in PRIMITIVES:
        made = _primitive(it, conversion.CHANGES[kind.kind], kind.kind, span)
    elif kind.kind in {"list", "set"} and isinstance(it, tuple):
        if kind.of.kind == "any" and any(map(is_bare_null, it)) and any(map(_is_structure, it)):
            raise EvaluationError("null and a list or object have no type in common", span)
        made = _gathered(kind, it, _elements(list(it), kind.of, evaluate, span))
    elif kind.kind == "map" and isinstance(it, Mapping):
        items = _elements([it[key] for key in it], kind.of, evaluate, span)
        made = _gathered(kind, it, zip(it, items, strict=True))
    elif kind.kind == "tuple" and _is_tuple(it) and len(it) == len(kind.members):
        made = tuple(conform(item, one, span, evaluate) for item, one in zip(it, kind.members, strict=True))
    elif kind.kind == "object" and isinstance(it, Mapping):
        made = _filled(it, kind, evaluate, span)
    else:
        raise EvaluationError(f"{conversion.ARTICLE[kind.kind]} is needed, not {conversion.kind_of(it)}", span)
    return Known(made, value.span, value.references, value.origin, value.sensitive)


def _is_structure(value: Setting) -> bool:
    return type_of(value).kind in {"tuple", "object"}


def _is_tuple(it: object) -> TypeGuard[tuple[Setting, ...]]:
    return isinstance(it, tuple) and not isinstance(it, ListOf | SetOf)


def _gathered(kind: Type, before: object, items: Iterable[Any]) -> object:
    """A collection of a type, from elements that fit it; where the type is open, the one that it had counts."""
    element = kind.of if kind.of.kind != "any" else getattr(before, "element", ANY)
    if kind.kind == "set":
        return conversion.set_of(items, element)
    return (MapOf if kind.kind == "map" else ListOf).of(element, items)


def _elements(items: Sequence[Setting], kind: Type, evaluate: Evaluate, span: Span) -> Sequence[Setting]:
    """The elements of a collection in its element type, or in the one that they have in common."""
    if kind.kind != "any":
        return [conform(item, kind, span, evaluate) for item in items]
    return unified(items, span)


def unified(items: Sequence[Setting], span: Span) -> Sequence[Setting]:
    """Values in the one type that they have in common; raises EvaluationError where there is none."""
    types = [type_of(item) for item in items if not is_bare_null(item)]
    kind = common(types)
    if kind is None:
        named = " and ".join(sorted({conversion.found(one.kind) for one in types if one.kind != "any"}))
        raise EvaluationError(f"{named} have no type in common", span)
    return [conform(item, kind, span) for item in items]


def _primitive(it: object, change: Callable[[object], object], kind: str, span: Span) -> object:
    try:
        changed = change(it)
    except conversion.ConversionError as error:
        raise EvaluationError(str(error), span) from error
    if changed is None:
        raise EvaluationError(f"{conversion.ARTICLE[kind]} is needed, not {conversion.kind_of(it)}", span)
    return changed


def _filled(it: Mapping[str, Setting], kind: Type, evaluate: Evaluate, span: Span) -> dict[str, Setting]:
    out: dict[str, Setting] = {}
    for name, inner in kind.attributes.items():
        given = it.get(name)
        absent = given is None or (isinstance(given, Known) and given.it is None)
        if absent and name in kind.optional:
            default = kind.optional[name]
            given = Known(None, span) if default is None else evaluate(default)
        elif given is None:
            raise EvaluationError(f"the attribute {name} is required", span)
        elif isinstance(given, Unknown) and type_of(given) == STRING and _has_default(kind, name, evaluate):
            given = replace(given, parts=given.parts or (None,))  # The default takes the place of null.
        assert given is not None
        out[name] = conform(given, inner, span, evaluate)
    return out


def _has_default(kind: Type, name: str, evaluate: Evaluate) -> bool:
    default = kind.optional.get(name)
    return default is not None and not is_null(evaluate(default))
