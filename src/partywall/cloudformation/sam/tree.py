"""Nodes written in the author's place, and the author's nodes taken apart without evaluating them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Table
from typing import TypeAlias

from partywall.cloudformation.evaluation import NO_VALUE, operation, word
from partywall.source import Span
from partywall.text import node as text
from partywall.text.node import Entry, Mapping, Node, Scalar

Plain: TypeAlias = "str | int | Node | Sequence[Plain] | Table[str, Plain] | None"
"""What a node is made from: ordinary data with nodes of the author in it."""

ABSENT: dict[str, Plain] = {"Ref": NO_VALUE}
OPAQUE: dict[str, Plain] = {"Fn::Transform": {"Name": "AWS::Serverless-2016-10-31"}}
"""A value that only the real transform knows: it counts as unknown."""


def grow(value: Plain, span: Span) -> Node:
    """Data as nodes at a span; the author's own nodes keep theirs, and entries that are None are left out."""
    if isinstance(value, Scalar | text.Sequence | Mapping):
        return value
    if isinstance(value, Table):
        grown = {name: grow(one, span) for name, one in value.items() if one is not None}
        return Mapping(span, {name: Entry.at(one.span, one) for name, one in grown.items()})
    if value is None or isinstance(value, str | int):
        return Scalar(span, value)
    return text.Sequence(span, [grow(one, span) for one in value])


def ref(name: str) -> dict[str, Plain]:
    """`Ref` to a name."""
    return {"Ref": name}


def get_att(name: str, attribute: str) -> dict[str, Plain]:
    """`Fn::GetAtt` of a resource."""
    return {"Fn::GetAtt": [name, attribute]}


def sub(template: str, **names: Plain) -> dict[str, Plain]:
    """`Fn::Sub`, with values for names of its own."""
    return {"Fn::Sub": [template, names] if names else template}


def either(condition: Node, this: Plain, that: Plain) -> dict[str, Plain]:
    """`Fn::If` on a condition's name."""
    return {"Fn::If": [condition, this, that]}


def literal(node: Node | None) -> str | None:
    """The text of a scalar that is no function."""
    return None if node is None or node.tag.startswith("!") else word(node)


def is_function(node: Node) -> bool:
    """Whether a node's value is computed."""
    return operation(node)[0] != ""


def is_absent(node: Node | None) -> bool:
    """Whether nothing is there, or `AWS::NoValue`."""
    if node is None:
        return True
    name, argument = operation(node)
    return name == "Ref" and word(argument) == NO_VALUE


def entries(node: Node | None) -> dict[str, Entry]:
    """The entries of a map that is no function; none of anything else."""
    return node.entries if isinstance(node, Mapping) and not is_function(node) else {}


def branches(node: Node) -> tuple[Node, Node, Node] | None:
    """The condition's name and the two values of `Fn::If`."""
    name, argument = operation(node)
    if name != "Fn::If" or not isinstance(argument, text.Sequence) or len(argument.items) != 3:
        return None
    condition, this, that = argument.items
    return condition, this, that


def changed(node: Node, change: Callable[[Node], Plain]) -> Node:
    """A node changed under every branch of `Fn::If`."""
    parts = branches(node)
    if parts is None:
        return grow(change(node), node.span)
    condition, this, that = parts
    return grow(either(condition, changed(this, change), changed(that, change)), node.span)


def child(node: Node | None, name: str) -> Node | None:
    """The value under a key, looked for under every branch of `Fn::If`; any other function is itself what is there."""
    if node is None:
        return None
    if branches(node) is not None:
        if all(child(leaf, name) is None for leaf in leaves(node)):
            return None
        return changed(node, lambda leaf: ABSENT if is_absent(leaf) else child(leaf, name) or ABSENT)
    if is_function(node):
        return node
    entry = entries(node).get(name)
    return None if entry is None else entry.value


def leaves(node: Node) -> Iterator[Node]:
    """The values of a node under the branches of `Fn::If`."""
    parts = branches(node)
    if parts is None:
        yield node
    else:
        yield from leaves(parts[1])
        yield from leaves(parts[2])


def each(node: Node | None) -> Iterator[Node]:
    """The elements of a list, one node being a list of one; of a list under `Fn::If` each under its condition."""
    if node is None or is_absent(node):
        return
    parts = branches(node)
    if parts is not None and any(isinstance(leaf, text.Sequence) for leaf in leaves(node)):
        condition, this, that = parts
        for one in each(this):
            yield grow(either(condition, one, ABSENT), one.span)
        for one in each(that):
            yield grow(either(condition, ABSENT, one), one.span)
    elif isinstance(node, text.Sequence) and not is_function(node):
        for item in node.items:
            if not is_absent(item):
                yield item
    else:
        yield node
