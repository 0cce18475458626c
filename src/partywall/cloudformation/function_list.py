"""Functions on lists, and those that make lists of zones and address blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from partywall.address import V4, V6, parse_block, show_address
from partywall.choice import UndefinedError, derived
from partywall.cloudformation.evaluation import Evaluation, is_absent, operation, printed
from partywall.cloudformation.intrinsic import evaluate
from partywall.source import Span
from partywall.text import node as text
from partywall.text.node import Node
from partywall.value import Known, Setting, Unknown, references

ZONE = "AWS chooses the zone"

Over = Callable[[Sequence[Setting]], Setting]


def select(node: Node, scope: Evaluation) -> Setting:
    """`Fn::Select`: the element at an index from 0, given as number or digits."""
    if not isinstance(node, text.Sequence) or len(node.items) != 2:
        return scope.note(node.span, "Fn::Select needs an index and a list")
    index, value = evaluate(node.items[0], scope), evaluate(node.items[1], scope)
    if operation(node.items[1])[0] == "Fn::GetAZs":
        return Unknown(ZONE, node.span)  # How many there are, only the region knows.

    def over(values: Sequence[Setting]) -> Setting:
        at, found = values
        if not isinstance(at, Known):
            return Unknown("the index is unknown", node.span, tuple(dict.fromkeys(references(found))))
        digits = printed(at.it)
        if not (digits.isascii() and digits.isdecimal()):
            raise UndefinedError("the index of Fn::Select must be a whole number from 0", node.span)
        if not isinstance(found, Known):
            return Unknown(found.why if isinstance(found, Unknown) else "", node.span, found.references)
        if not isinstance(found.it, tuple):
            raise UndefinedError("Fn::Select needs an index and a list", node.span)
        elements: list[Setting] = [it for it in found.it if not is_absent(it)]
        if len(digits) > 9 or int(digits) >= len(elements):
            raise UndefinedError(f"the list has no element {digits}", node.span)
        return elements[int(digits)]

    return _noted(scope, (index, value), over, node.span)


def _noted(scope: Evaluation, values: Sequence[Setting], over: Over, span: Span) -> Setting:
    """What is undefined whatever is chosen is noted; under one option it is that option's matter."""
    try:
        return derived(values, over, span)
    except UndefinedError as error:
        return scope.note(error.span, error.message)


def length(node: Node, scope: Evaluation) -> Setting:
    """`Fn::Length` of a list."""
    value = evaluate(node, scope)

    def over(values: Sequence[Setting]) -> Setting:
        (found,) = values
        if isinstance(found, Known) and isinstance(found.it, tuple):
            return Known(len(found.it), node.span)
        return Unknown("the length of a list is unknown", node.span, found.references)

    return derived((value,), over, node.span)


def get_azs(node: Node, scope: Evaluation) -> Setting:
    """`Fn::GetAZs`: zones without a name; a region has two or more."""
    evaluate(node, scope)
    zone: Setting = Unknown(ZONE, node.span)
    return Known((zone, zone), node.span)


MAX_BLOCKS = 256


def cidr(node: Node, scope: Evaluation) -> Setting:
    """`Fn::Cidr`: so many blocks of a size; their size is known even where the block is not."""
    if not isinstance(node, text.Sequence) or len(node.items) not in (2, 3):
        return scope.note(node.span, "Fn::Cidr needs a block, a count and the host bits")
    values = [evaluate(item, scope) for item in node.items]
    if len(values) == 2:
        values.append(Known(8))
    return _noted(scope, values, lambda settled: _blocks(settled, node.span), node.span)


def _blocks(values: Sequence[Setting], span: Span) -> Setting:
    block, count, bits = values
    wanted, host = (_number(it) for it in (count, bits))
    mentioned = tuple(dict.fromkeys(it for value in values for it in references(value)))
    if wanted is None:
        return Unknown("the number of blocks is unknown", span, mentioned)
    if not 1 <= wanted <= MAX_BLOCKS:
        raise UndefinedError(f"Fn::Cidr makes 1 to {MAX_BLOCKS} blocks", span)
    if isinstance(block, Known) and host is not None:
        try:
            first, prefix, family = parse_block(printed(block.it))
        except ValueError as error:
            raise UndefinedError(str(error), span) from error
        if not prefix <= family - host <= family or wanted > 1 << (family - host - prefix):
            raise UndefinedError(f"{printed(block.it)} has no room for {wanted} blocks of {host} host bits", span)
        made = [f"{show_address(first + (at << host), family)}/{family - host}" for at in range(wanted)]
        return Known(tuple(Known(it, span, block.references, block.origin) for it in made), span)
    known = None if host is None or host > V6 else (None, f"/{(V4 if host <= V4 else V6) - host}")
    one: Setting = Unknown("it is a part of a block that is not known", span, mentioned, known)
    return Known((one,) * wanted, span)


def _number(value: Setting) -> int | None:
    digits = printed(value.it) if isinstance(value, Known) else ""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else None
