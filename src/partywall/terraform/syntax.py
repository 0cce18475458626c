"""The syntax tree of HCL: what the two readers (native and JSON) produce and the evaluator consumes.

Every node begins with the offsets `start` and `end` (exclusive) of its text in its source.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from partywall.source import Source, Span


class Literal(NamedTuple):
    """A number, truth value, null, or text without interpolation."""

    start: int
    end: int
    value: str | int | float | Decimal | bool | None


class Name(NamedTuple):
    """A bare word: the first part of a reference."""

    start: int
    end: int
    name: str


class Get(NamedTuple):
    """`target.name`."""

    start: int
    end: int
    target: Any
    name: str


class Index(NamedTuple):
    """`target[key]`."""

    start: int
    end: int
    target: Any
    key: Any


class Splat(NamedTuple):
    """`target[*].a[0]`: each step is an attribute name, an index expression, or a splat without target."""

    start: int
    end: int
    target: Any
    steps: tuple[Any, ...]


class Call(NamedTuple):
    """`name(arguments)`; `spread` when the last argument is followed by `...`."""

    start: int
    end: int
    name: str
    arguments: tuple[Any, ...]
    spread: bool


class ListOf(NamedTuple):
    """`[a, b]`."""

    start: int
    end: int
    items: tuple[Any, ...]


class ObjectOf(NamedTuple):
    """`{a = 1}`; bare words as keys are already literals."""

    start: int
    end: int
    items: tuple[tuple[Any, Any], ...]


class For(NamedTuple):
    """`[for k, v in collection : value if condition]`; with `key` the object form."""

    start: int
    end: int
    first: str
    second: str | None
    collection: Any
    key: Any
    value: Any
    grouped: bool
    condition: Any


class Conditional(NamedTuple):
    """`condition ? yes : no`."""

    start: int
    end: int
    condition: Any
    yes: Any
    no: Any


class Binary(NamedTuple):
    """`left operator right`."""

    start: int
    end: int
    operator: str
    left: Any
    right: Any


class Unary(NamedTuple):
    """`-operand` or `!operand`."""

    start: int
    end: int
    operator: str
    operand: Any


class Group(NamedTuple):
    """`(inner)`."""

    start: int
    end: int
    inner: Any


class Template(NamedTuple):
    """Text with interpolations and directives; literals are `Literal` parts."""

    start: int
    end: int
    parts: tuple[Any, ...]


class TemplateIf(NamedTuple):
    """`%{if condition}yes%{else}no%{endif}`."""

    start: int
    end: int
    condition: Any
    yes: Template
    no: Template


class TemplateFor(NamedTuple):
    """`%{for k, v in collection}body%{endfor}`."""

    start: int
    end: int
    first: str
    second: str | None
    collection: Any
    body: Template


Node: TypeAlias = (
    Literal
    | Name
    | Get
    | Index
    | Splat
    | Call
    | ListOf
    | ObjectOf
    | For
    | Conditional
    | Binary
    | Unary
    | Group
    | Template
    | TemplateIf
    | TemplateFor
)


class Argument(NamedTuple):
    """`name = expression` in a body; `start` to `end` covers the name."""

    start: int
    end: int
    name: str
    expression: Any
    source: Source

    @property
    def span(self) -> Span:
        """Where the name stands."""
        return self.source.span(self.start, self.end)


class Block(NamedTuple):
    """`type "label" { … }`; `head` is the offset where the header ends, before the brace.

    A `bare` one is an object in JSON syntax, which may as well be an attribute.
    """

    start: int
    end: int
    type: str
    labels: tuple[str, ...]
    body: Body
    head: int
    source: Source
    bare: bool = False

    def says(self, name: str, *, answer: bool) -> bool:
        """Whether an argument is written as a certain truth value."""
        argument = self.body.argument(name)
        return argument is not None and getattr(argument.expression, "value", None) is answer

    @property
    def header(self) -> Span:
        """Where the type and labels stand."""
        return self.source.span(self.start, self.head)

    @property
    def extent(self) -> Span:
        """The whole block."""
        return self.source.span(self.start, self.end)


class Body(NamedTuple):
    """The contents of a file or block, in order."""

    arguments: tuple[Argument, ...]
    blocks: tuple[Block, ...]

    def argument(self, name: str) -> Argument | None:
        """The argument of a name, if it is written."""
        return next((one for one in self.arguments if one.name == name), None)

    def blocks_of(self, kind: str) -> list[Block]:
        """The nested blocks of a type."""
        return [block for block in self.blocks if block.type == kind]


class SyntaxProblem(NamedTuple):
    """What a reader could not read, and where."""

    offset: int
    message: str


class HclError(Exception):
    """Text that is not HCL; the readers catch it and recover."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
