"""The meaning of a node: maps, lists and scalars as values, and the intrinsic functions in them."""

from __future__ import annotations

import re
from dataclasses import replace

from partywall.cloudformation.evaluation import Evaluation, is_absent, operation
from partywall.source import Span
from partywall.text import node as text
from partywall.text.node import Node, Scalar
from partywall.value import Choice, Known, Open, Reference, Setting, Unknown, each, moved, references

MAX_FUNCTIONS = 100
_RESOLVE = re.compile(r"\{\{resolve:([a-z-]+):([^:}]*)[^{}]*\}\}")


def evaluate(node: Node, scope: Evaluation) -> Setting:
    """The value of a node; `AWS::NoValue` is Known(None) and left out of maps and lists.

    What an alias names stands where the alias is, with the anchor's place as its origin.
    """
    if isinstance(node, Scalar) and not node.tag:
        return _scalar(node)
    name, argument = operation(node)
    if name:
        return _applied(name, argument, node, scope)
    if isinstance(node, Scalar):
        return _scalar(node)
    value = _sequence(node, scope) if isinstance(node, text.Sequence) else _mapping(node, scope)
    return value if node.anchor is None else moved(value, node.span)


def _scalar(node: Scalar) -> Setting:
    it = node.value
    if isinstance(it, str) and "{{resolve:" in it:
        return resolved(it, node.span)
    if node.anchor is None:
        return Known(it, node.span)
    return moved(Known(it, node.anchor), node.span)


def _sequence(node: text.Sequence, scope: Evaluation) -> Setting:
    found = [evaluate(item, scope) for item in node.items]
    return Known(tuple([it for it in found if not is_absent(it)]), node.anchor or node.span)


def _mapping(node: text.Mapping, scope: Evaluation) -> Setting:
    """A map; what a macro or a snippet out of reach may add to it leaves it open."""
    found: dict[str, Setting] = {}
    more: Setting | None = None
    for name, entry in node.entries.items():
        inner = entry.value
        if name == "Fn::Transform":
            more = scope.functions[name](inner, scope)
            continue
        if isinstance(inner, Scalar) and not inner.tag:
            found[name] = _scalar(inner)  # A null that is written stays.
            continue
        value = evaluate(inner, scope)
        if not is_absent(value):
            found[name] = value
    if isinstance(more, Unknown):
        found = Open(found, more)
    return Known(found, node.anchor or node.span)


def _applied(name: str, argument: Node, node: Node, scope: Evaluation) -> Setting:
    function = scope.functions.get(name)
    if function is None:
        if name == "Condition" and isinstance(node, text.Mapping) and not node.tag:
            return _mapping(node, scope)  # The only key of a map, as in a policy.
        inner = evaluate(argument, scope)
        what = f"the tag {node.tag}" if node.tag.startswith("!") else name
        return Unknown(f"{what} is not known here", node.span, tuple(dict.fromkeys(references(inner))))
    if scope.depth >= MAX_FUNCTIONS:
        return scope.note(node.span, f"functions are nested deeper than {MAX_FUNCTIONS} levels")
    scope.depth += 1
    value = placed(function(argument, scope), node.anchor or node.span)
    scope.depth -= 1
    return value if node.anchor is None else moved(value, node.span)


def placed(value: Setting, span: Span) -> Setting:
    """A function's result stands where the function is written, unless it is written there itself."""
    own = value.span
    here = own.path == span.path and span.line <= own.line <= span.end_line
    if isinstance(value, Choice):
        arms = each(value, lambda arm: placed(arm, span))
        return replace(value, span=own if here else span, arms=arms)
    if here:
        return value
    return moved(value, span) if own.line else replace(value, span=span)


def resolved(written: str, span: Span) -> Setting:
    """Text with dynamic references, each a hole for what it stands for."""
    parts: list[str | None] = []
    found: list[Reference] = []
    at = 0
    for match in _RESOLVE.finditer(written):
        parts += [written[at : match.start()], None] if match.start() > at else [None]
        found.append(Reference(f"resolve:{match[1]}", match[2]))
        at = match.end()
    if not found:
        return Known(written, span)
    if at < len(written):
        parts.append(written[at:])
    service = found[0].address.removeprefix("resolve:")
    return Unknown(
        f"a dynamic reference to {service} is resolved at deployment", span, tuple(dict.fromkeys(found)), tuple(parts)
    )
