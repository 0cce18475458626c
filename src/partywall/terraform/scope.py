"""Where an expression is evaluated: its file, the names around it, and the module it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Protocol

from partywall.choice import UndefinedError
from partywall.immutable import immutable
from partywall.source import Source, Span
from partywall.terraform.function_table import Place
from partywall.terraform.static_type import Provided
from partywall.value import CREATED, Known, Reference, Setting, Unknown


class EvaluationError(UndefinedError):
    """An expression that Terraform itself would refuse; `try` and `can` catch it."""


class Created(Mapping[str, Setting]):
    """A resource, or a block in one: what is configured is known, everything else is set by the provider."""

    __slots__ = ("address", "attribute", "settings", "why")

    def __init__(self, address: str, settings: Mapping[str, Setting], why: str = CREATED, attribute: str = "") -> None:
        self.address = address
        self.attribute = attribute
        self.settings = settings
        self.why = why

    def __getitem__(self, name: str) -> Setting:
        return self.settings[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.settings)

    def __len__(self) -> int:
        return len(self.settings)

    def get_attribute(self, name: str, span: Span) -> Setting:
        """An attribute as another expression sees it: with a reference to where it came from."""
        value = self.settings.get(name)
        reference = Reference(self.address, self.attribute or name)
        if value is None or (isinstance(value, Known) and value.it is None):
            return Unknown(self.why, span, (reference,))
        references = (*value.references, reference)
        if isinstance(value, Known):
            return Provided(value.it, value.span, references, value.origin, value.sensitive)
        return replace(value, references=references)


class Names(Protocol):
    """What a module can answer: the members of `var`, `local`, `module`, `path`, resources and data sources."""

    place: Place
    path: str

    def member(self, root: str, name: str, span: Span) -> Setting:
        """`root.name`; raises EvaluationError for what is not declared."""
        ...

    def data(self, mode: str, kind: str, name: str, span: Span) -> Setting:
        """`data.kind.name` or `ephemeral.kind.name`; raises EvaluationError for what is not declared."""
        ...

    def note(self, error: EvaluationError, meaning: str = "unknown") -> None:
        """Report what Terraform would refuse and we read over, and what the value counts as."""
        ...


@immutable()
class Scope:
    """One place of evaluation; `names` holds `each`, `count` and the iterators around it.

    Where `asks`, an error is an answer: `try` and `can` wait for it, and in a branch that may not count it is only a
    reason. Everywhere else it is reported.
    """

    source: Source
    module: Names
    names: Mapping[str, Setting] = field(default_factory=dict)
    owner: str = ""
    template: int = 0
    asks: bool = False

    def within(self, **names: Setting) -> Scope:
        """The same place with more names."""
        return Scope(self.source, self.module, {**self.names, **names}, self.owner, self.template, self.asks)

    def at(self, source: Source) -> Scope:
        """The same names in another file."""
        return self if source is self.source else replace(self, source=source)

    @property
    def asking(self) -> Scope:
        """The same place for an expression whose error is an answer."""
        return self if self.asks else Scope(self.source, self.module, self.names, self.owner, self.template, asks=True)

    def span(self, node: object) -> Span:
        """Where a syntax node stands."""
        return self.source.span(node.start, node.end)  # type: ignore[attr-defined]
