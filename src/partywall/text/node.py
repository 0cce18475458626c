"""Positioned data: what JSON and YAML text says, and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from partywall.source import Span


class TextError(Exception):
    """Text that cannot be read; the message is one sentence for the user."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


@dataclass(slots=True, eq=False)
class Scalar:
    """Text, a whole number, a truth value or null; other numbers stay text."""

    span: Span
    value: str | int | bool | None
    tag: str = ""


@dataclass(slots=True, eq=False)
class Sequence:
    """A list."""

    span: Span
    items: list[Node] = field(default_factory=list)
    tag: str = ""


class Entry(NamedTuple):
    """Where a key stands, and its value."""

    key: Span
    value: Node


@dataclass(slots=True, eq=False)
class Mapping:
    """A map; of repeated keys the last one counts, the places of the others are in `repeated`."""

    span: Span
    entries: dict[str, Entry] = field(default_factory=dict)
    tag: str = ""
    repeated: list[tuple[str, Span]] = field(default_factory=list)

    def get(self, name: str) -> Node | None:
        """The value of a key."""
        entry = self.entries.get(name)
        return None if entry is None else entry.value


Node: TypeAlias = Scalar | Sequence | Mapping

MAX_DEPTH = 200
MAX_NODES = 250_000
MAX_MERGED = 10_000


def size(node: Node) -> int:
    """How many nodes there are when every alias is written out."""
    sizes: dict[int, int] = {}
    stack: list[tuple[Node, bool]] = [(node, False)]
    while stack:
        current, ready = stack.pop()
        if id(current) in sizes:
            continue
        inner = children(current)
        if ready or not inner:
            sizes[id(current)] = 1 + sum(sizes.get(id(one), 1) for one in inner)
        else:
            stack.append((current, True))
            stack.extend((one, False) for one in inner)
    return sizes[id(node)]


def children(node: Node) -> list[Node]:
    """The nodes directly inside a node."""
    if isinstance(node, Sequence):
        return node.items
    return [entry.value for entry in node.entries.values()] if isinstance(node, Mapping) else []
