"""Lists, objects, and `for` over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from partywall.choice import lifted
from partywall.source import Span
from partywall.terraform import conversion, operators, syntax
from partywall.terraform.conversion import kind_of
from partywall.terraform.evaluation import evaluate, evaluates, part
from partywall.terraform.reference import inherited
from partywall.terraform.scope import Created, EvaluationError, Scope
from partywall.terraform.static_type import PRIMITIVES, SetOf, type_of
from partywall.value import Known, Reference, Setting, Unknown, marked

MAX_ELEMENTS = 100_000


@evaluates(syntax.ListOf)
def _list(node: syntax.ListOf, scope: Scope) -> Setting:
    return Known(tuple([part(item, scope) for item in node.items]), scope.source.span(node.start, node.end))


@evaluates(syntax.ObjectOf)
def _object(node: syntax.ObjectOf, scope: Scope) -> Setting:
    out: dict[str, Setting] = {}
    sensitive = False
    for key_node, value_node in node.items:
        value = part(value_node, scope)
        if type(key_node) is syntax.Literal and isinstance(key_node.value, str):
            out[key_node.value] = value
            continue
        key = evaluate(key_node, scope)
        if not isinstance(key, Known):
            references = (*key.references, *value.references)
            return Unknown("a key is unknown", scope.span(node), tuple(dict.fromkeys(references)))
        out[_key(key, scope.span(key_node))] = value
        sensitive |= key.sensitive
    return Known(out, scope.source.span(node.start, node.end), sensitive=sensitive)


def _key(key: Known[object], span: Span) -> str:
    try:
        return conversion.text_of(key.it)
    except conversion.ConversionError as error:
        raise EvaluationError(f"a key must be a text, not {kind_of(key.it)}", span) from error


def pairs(value: Known[object], span: Span) -> list[tuple[Setting, Setting]]:
    """What a `for` visits: keys (or indexes) with values; raises EvaluationError for what is no collection."""
    it = value.it
    if isinstance(it, SetOf):
        return [(item, item) for item in it]
    if isinstance(it, tuple):
        return [(Known(at), item) for at, item in enumerate(it)]
    if isinstance(it, Mapping):
        return [(Known(key), it[key]) for key in sorted(it)]
    raise EvaluationError(f"only a list, set, map or object can be visited, not {kind_of(it)}", span)


@evaluates(syntax.For)
def _for(node: syntax.For, scope: Scope) -> Setting:
    span = scope.span(node)

    def over(values: Sequence[Setting]) -> Setting:
        (collection,) = values
        if isinstance(collection, Unknown):
            if type_of(collection).kind in PRIMITIVES:
                raise EvaluationError("only a list, set, map or object can be visited, not a single value", span)
            return Unknown(collection.why, span, collection.references, None, collection.origin, collection.sensitive)
        assert isinstance(collection, Known)
        visited = pairs(collection, scope.span(node.collection))
        if isinstance(collection.it, Created):
            visited = _created(collection.it, visited, span)
        made = _visited(node, scope, visited, span)
        return marked(made) if collection.sensitive else made

    return lifted((evaluate(node.collection, scope),), over, span)


def _created(it: Created, visited: list[tuple[Setting, Setting]], span: Span) -> list[tuple[Setting, Setting]]:
    """The configured attributes of one resource as `for` sees them: with references to it."""
    return [(key, it.get_attribute(str(getattr(key, "it", "")), span)) for key, _ in visited]


def _visited(node: syntax.For, scope: Scope, visited: list[tuple[Setting, Setting]], span: Span) -> Setting:
    items: list[Setting] = []
    keyed: dict[str, Setting] = {}
    grouped: dict[str, list[Setting]] = {}
    sensitive = False
    if len(visited) > MAX_ELEMENTS:
        raise EvaluationError(f"the collection has more than {MAX_ELEMENTS} elements", span)
    if not scope.module.place.budget.spend(len(visited), span):
        return Unknown("evaluation takes too long", span)
    for key, value in visited:
        names = {node.first: value} if node.second is None else {node.first: key, node.second: value}
        inner = scope.within(**names)
        if node.condition is not None:
            keep = operators.truth(evaluate(node.condition, inner), scope.span(node.condition))
            if not isinstance(keep, Known):
                return _undecided("the condition of a for is unknown", keep, visited, span)
            sensitive |= keep.sensitive
            if keep.it is False:
                continue
        result = evaluate(node.value, inner)
        if node.key is None:
            items.append(result)
            continue
        name = evaluate(node.key, inner)
        if not isinstance(name, Known):
            return _undecided("a key of a for is unknown", name, visited, span)
        sensitive |= name.sensitive
        text = _key(name, scope.span(node.key))
        if node.grouped:
            grouped.setdefault(text, []).append(result)
        elif text in keyed:
            raise EvaluationError(f"the key {_shown(text, sensitive=sensitive)} is there twice", span)
        else:
            keyed[text] = result
    made: Any = keyed
    if node.key is None:
        made = tuple(items)
    elif node.grouped:
        made = {key: Known(tuple(found), span) for key, found in grouped.items()}
    return Known(made, span, sensitive=sensitive)


def _shown(text: str, *, sensitive: bool) -> str:
    return "(sensitive)" if sensitive else f'"{text}"'


def _undecided(why: str, cause: Setting, visited: list[tuple[Setting, Setting]], span: Span) -> Setting:
    references: dict[Reference, None] = dict.fromkeys(cause.references)
    for _, item in visited:
        references |= dict.fromkeys(item.references)
    return Unknown(why, span, tuple(references), sensitive=isinstance(cause, Unknown) and cause.sensitive)


__all__ = ["MAX_ELEMENTS", "inherited", "pairs"]
