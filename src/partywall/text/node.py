"""Positioned data: what JSON and YAML text says, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
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
    """Text, a whole number, a truth value or null; other numbers stay text.

    Where a YAML alias only names a node, that node's own place is in `anchor`.
    """

    span: Span
    value: str | int | bool | None
    tag: str = ""
    anchor: Span | None = None


@dataclass(slots=True, eq=False)
class Sequence:
    """A list."""

    span: Span
    items: list[Node] = field(default_factory=list)
    tag: str = ""
    anchor: Span | None = None


class Entry(NamedTuple):
    """A value, and where its key stands: as one tuple, since keys are the most of any text and seldom asked for."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    value: Node

    @classmethod
    def at(cls, key: Span, value: Node) -> Entry:
        """A value with the place of its key."""
        return cls(*key, value)

    @property
    def key(self) -> Span:
        """Where the key stands."""
        return Span(*self[:5])


entry_of: Callable[[tuple[str, int, int, int, int, Node]], Entry] = partial(tuple.__new__, Entry)
"""An entry of its fields, made like `source.span_of`."""


@dataclass(slots=True, eq=False)
class Mapping:
    """A map; of repeated keys the last one counts."""

    span: Span
    entries: dict[str, Entry] = field(default_factory=dict)
    tag: str = ""
    anchor: Span | None = None

    def get(self, name: str) -> Node | None:
        """The value of a key."""
        entry = self.entries.get(name)
        return None if entry is None else entry.value


Node: TypeAlias = Scalar | Sequence | Mapping


class Repeated(NamedTuple):
    """A key that a later one of the same map replaces."""

    name: str
    span: Span


class Document(NamedTuple):
    """The only value of a text, and the keys in it that do not count."""

    root: Node
    repeated: tuple[Repeated, ...] = ()


MAX_DEPTH = 200
MAX_NODES = 250_000
MAX_MERGED = 10_000


def aliased(node: Node, span: Span) -> Node:
    """A node as an alias elsewhere names it."""
    return replace(node, span=span, anchor=node.anchor or node.span)


def children(node: Node) -> list[Node]:
    """The nodes directly inside a node."""
    if isinstance(node, Sequence):
        return node.items
    return [entry.value for entry in node.entries.values()] if isinstance(node, Mapping) else []


def extent(node: Node) -> tuple[int, int]:
    """How many nodes there are, and how deep they are nested, when every alias is written out."""
    known: dict[int, tuple[int, int]] = {}
    stack: list[tuple[Node, bool]] = [(node, False)]
    while stack:
        current, ready = stack.pop()
        inner = children(current)
        if ready or not inner:
            within = [known.get(_identity(one), (1, 0)) for one in inner]
            known[_identity(current)] = (
                1 + sum(size for size, _ in within),
                1 + max((depth for _, depth in within), default=-1),
            )
        elif _identity(current) not in known:
            stack.append((current, True))
            stack.extend((one, False) for one in inner)
    return known[_identity(node)]


def _identity(node: Node) -> int:
    """Aliases of one node share what is inside it."""
    return id(node.items) if isinstance(node, Sequence) else id(node.entries) if isinstance(node, Mapping) else id(node)
