"""References: names, attributes, indexes and splats."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from partywall.choice import combined, lifted
from partywall.source import Span
from partywall.terraform import conversion, syntax
from partywall.terraform.conversion import JsonBlocks, kind_of
from partywall.terraform.evaluation import evaluate, evaluates
from partywall.terraform.operators import is_there
from partywall.terraform.scope import Created, EvaluationError, Scope
from partywall.terraform.static_type import ANY, NUMBER, STRING, ListOf, SetOf, Type, type_of, typed
from partywall.terraform.type_conversion import conform
from partywall.value import Choice, Known, Reference, Setting, Unknown, marked, moved

_MODES = frozenset({"data", "ephemeral"})
_CONSTANTS = {"true": True, "false": False, "null": None}
"""Spelt with capitals, as other languages have them, they name nothing; what is meant is beyond doubt."""


@evaluates(syntax.Name)
def _name(node: syntax.Name, scope: Scope) -> Setting:
    value = scope.names.get(node.name)
    span = scope.span(node)
    if value is not None:
        return moved(value, span)
    meant = node.name.lower()
    if meant not in _CONSTANTS or scope.asks:
        raise EvaluationError(f"{node.name} is not declared", span)
    scope.module.note(EvaluationError(f"{node.name} is not declared; Terraform writes {meant}", span), meant)
    return Known(_CONSTANTS[meant], span)


@evaluates(syntax.Get)
def _get(node: syntax.Get, scope: Scope) -> Setting:
    span = scope.span(node)
    target = node.target
    if isinstance(target, syntax.Name) and target.name not in scope.names:
        if target.name in _MODES:
            raise EvaluationError(f"{target.name}.{node.name} needs a name", span)
        return moved(scope.module.member(target.name, node.name, span), span)
    if isinstance(target, syntax.Get) and isinstance(target.target, syntax.Name):
        mode = target.target.name
        if mode in _MODES and mode not in scope.names:
            return moved(scope.module.data(mode, target.name, node.name, span), span)
    return moved(member(evaluate(target, scope), node.name, span), span)


def member(value: Setting, name: str, span: Span) -> Setting:
    """`value.name`."""
    if isinstance(value, Choice):
        return lifted((value,), lambda values: member(values[0], name, span), span)
    if isinstance(value, Unknown):
        kind = _part_type(type_of(value), name, span)
        references = tuple(Reference(it.address, it.attribute or name) for it in value.references)
        return typed(Unknown(value.why, span, references, None, value.origin, value.sensitive), kind)
    it = value.it
    if isinstance(it, Created):
        return it.get_attribute(name, span)
    if isinstance(it, Mapping):
        found = it.get(name)
        if found is None:
            raise EvaluationError(_absent(it, name), span)
        return inherited(found, value)
    if isinstance(it, JsonBlocks) and len(it) == 1:
        return member(it[0], name, span)
    if isinstance(it, tuple) and name.isdecimal() and not isinstance(it, SetOf):
        return element(value, int(name), span)
    raise EvaluationError(f"{kind_of(it)} has no attribute {name}", span)


def _part_type(kind: Type, name: str, span: Span) -> Type:
    """The type of an attribute of something unknown; raises EvaluationError where it cannot have one."""
    if kind.kind in {"any", "map"}:
        return kind.of
    if kind.kind == "object" and name in kind.attributes:
        return kind.attributes[name]
    if kind.kind in {"list", "tuple"} and name.isdecimal():
        return kind.of
    raise EvaluationError(f"{conversion.found(kind.kind)} has no attribute {name}", span)


def _absent(it: Mapping[str, Setting], name: str) -> str:
    names = sorted(it)
    if not names:
        return f"there is no attribute {name}: the object is empty"
    listed = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
    return f"there is no attribute {name}; there {'is' if len(names) == 1 else 'are'} {listed}"


def inherited(value: Setting, container: Known[object] | Unknown[object]) -> Setting:
    """A part with what its container hands down: its references, and that it is sensitive."""
    references = container.references
    if references and references != value.references:
        value = replace(value, references=tuple(dict.fromkeys((*value.references, *references))))
    return marked(value) if container.sensitive else value


@evaluates(syntax.Index)
def _index(node: syntax.Index, scope: Scope) -> Setting:
    span = scope.span(node)
    return moved(indexed(evaluate(node.target, scope), evaluate(node.key, scope), span), span)


def indexed(value: Setting, key: Setting, span: Span) -> Setting:
    """`value[key]`."""
    if isinstance(value, Choice) or isinstance(key, Choice):
        return lifted((value, key), lambda values: indexed(values[0], values[1], span), span)
    if isinstance(value, Unknown):
        kind = _element_type(type_of(value), key, span)
        sensitive = value.sensitive or key.sensitive
        return typed(Unknown(value.why, span, value.references, None, value.origin, sensitive), kind)
    if not isinstance(value.it, tuple | Mapping) or isinstance(value.it, SetOf):
        raise EvaluationError(f"{kind_of(value.it)} has no elements to index", span)
    if isinstance(key, Unknown):
        by_key = chosen_by(key, value.it, None, span)
        if by_key is not None:
            return by_key
        references = _inner(value)
        sensitive = value.sensitive or key.sensitive
        unknown: Setting = Unknown(f"the index is unknown: {key.why}", span, references, sensitive=sensitive)
        return typed(unknown, type_of(value).of)
    found = _at(value, key.it, span)
    return marked(found) if key.sensitive else found


def _element_type(kind: Type, key: Known[object] | Unknown[object], span: Span) -> Type:
    """The type of an element of something unknown; raises EvaluationError where it cannot have one."""
    if kind.kind == "object" and isinstance(key, Known) and isinstance(key.it, str):
        return _part_type(kind, key.it, span)
    wanted = {"list": NUMBER, "tuple": NUMBER, "map": STRING, "object": STRING, "any": ANY}.get(kind.kind)
    if wanted is None:
        raise EvaluationError(f"{conversion.found(kind.kind)} has no elements to index", span)
    if isinstance(key, Known) and key.it is None:
        raise EvaluationError("an index must not be null", span)
    conform(key, wanted, span)
    return kind.of


MAX_KEYS = 4


def chosen_by(key: Unknown[object], entries: object, otherwise: Setting | None, span: Span) -> Setting | None:
    """What a map holds under a key that a variable or the workspace gives: a choice for each key; None for all others.

    The author wrote down what the answer is under each value, as with a chain of conditionals.
    """
    asked = key.references[0] if len(key.references) == 1 and key.parts is None else None
    if asked is None or asked.attribute or not isinstance(entries, dict) or not 0 < len(entries) <= MAX_KEYS:
        return None
    if "var." not in asked.address and asked.address != "terraform.workspace":
        return None
    made: Setting = otherwise or Unknown(f"the index is unknown: {key.why}", span, key.references)
    for name in sorted(entries, reverse=True):
        made = combined(f'{asked.address} == "{name}"', (("true", entries[name]), ("false", made)), span)
    return made


def _at(value: Known[object], key: object, span: Span) -> Setting:
    it = value.it
    if isinstance(it, Mapping):
        if not isinstance(key, str):
            try:
                key = conversion.text_of(key)
            except conversion.ConversionError as error:
                raise EvaluationError(f"a key must be a text, not {kind_of(key)}", span) from error
        return member(value, key, span)
    if isinstance(it, tuple) and not isinstance(it, SetOf):
        number = conversion.number_of(key)
        if number is None or number < 0 or number != conversion.whole_of(number):
            raise EvaluationError("an index must be a whole number from 0", span)
        return element(value, int(number), span)
    raise EvaluationError(f"{kind_of(it)} has no elements to index", span)


def element(value: Known[object], at: int, span: Span) -> Setting:
    """The element of a list at an index."""
    items = value.it
    assert isinstance(items, tuple)
    if at >= len(items):
        raise EvaluationError(f"there is no element {at}: the list has {len(items)}", span)
    return inherited(items[at], value)


def _inner(value: Known[object]) -> tuple[Reference, ...]:
    """The references of elements one of which is meant."""
    it = value.it
    elements = it if isinstance(it, tuple) else tuple(it.values()) if isinstance(it, Mapping) else ()
    found = [*value.references]
    for item in elements[:100]:
        found += item.references
        if isinstance(item, Known) and isinstance(item.it, Created):
            found.append(Reference(item.it.address))
    return tuple(dict.fromkeys(found))


@evaluates(syntax.Splat)
def _splat(node: syntax.Splat, scope: Scope) -> Setting:
    return _spread(evaluate(node.target, scope), node.steps, scope, scope.span(node))


def _spread(value: Setting, steps: tuple[Any, ...], scope: Scope, span: Span) -> Setting:
    """The steps taken from each element of a list; null is no element, anything else is one."""

    def each(item: Setting) -> Setting:
        for step in steps:
            if isinstance(step, str):
                item = member(item, step, span)
            elif isinstance(step, syntax.Splat):
                item = _spread(item, step.steps, scope, span)
            else:
                item = indexed(item, evaluate(step, scope), span)
        return item

    def over(values: Sequence[Setting]) -> Setting:
        (collection,) = values
        kind = type_of(collection)
        if isinstance(collection, Unknown):
            return _spread_unknown(collection, kind, each, span)
        assert isinstance(collection, Known)
        it = collection.it
        if it is None:
            if kind.kind in {"list", "set", "tuple"}:
                raise EvaluationError("a list that is null has no elements to take", span)
            return Known((), span, sensitive=collection.sensitive)
        items = tuple(it) if isinstance(it, tuple) else (collection,)
        taken = tuple(each(inherited(item, collection)) for item in items)
        if isinstance(it, ListOf | SetOf):
            element = ANY if taken else type_of(each(typed(Unknown(""), kind.of)))
            taken = ListOf.of(element, taken)
        return Known(taken, span, sensitive=collection.sensitive)

    return lifted((value,), over, span)


def _spread_unknown(value: Unknown[object], kind: Type, each: Callable[[Setting], Setting], span: Span) -> Setting:
    """What a splat makes of something unknown: of a list another one, of anything else one element or none."""
    if kind.kind in {"list", "set"}:
        element = each(typed(Unknown(value.why, span, value.references, None, value.origin, value.sensitive), kind.of))
        return typed(replace(_bare(element), span=span), Type("list", type_of(element)))
    if kind.kind != "any" and is_there(value):
        return Known((each(value),), span)
    return replace(_bare(each(value)), span=span)


def _bare(value: Setting) -> Setting:
    """An unknown value without its type."""
    if not isinstance(value, Unknown):
        return value
    return Unknown(value.why, value.span, value.references, None, value.origin, value.sensitive)
