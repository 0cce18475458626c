"""Three-valued logic (Kleene's) that remembers why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Never

from partywall.immutable import immutable
from partywall.source import NOWHERE, Span


class State(Enum):
    """What is known about a claim."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@immutable(eq=False, guarded=False)
class Because:
    """One reason, the place that gives it, and the declaration (an address) it belongs to.

    `said` is the text, or what makes it: most reasons are never shown, so most texts are never made.
    `trail` leads to where the value behind the reason came from, nearest first. `cause` is what would have to be
    known for the reason not to be an unknown one.
    """

    said: str | Callable[[], str]
    span: Span = NOWHERE
    resource: str = ""
    trail: tuple[Because, ...] = ()
    cause: str = ""

    @property
    def text(self) -> str:
        """The reason in words."""
        return self.said if isinstance(self.said, str) else self.said()

    @property
    def places(self) -> Iterator[Span]:
        """Where it stands and where its trail leads, nowhere left out."""
        return (it.span for it in (self, *self.trail) if it.span.line)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Because):
            return NotImplemented
        return (self.span, self.resource, self.text) == (other.span, other.resource, other.text)

    def __hash__(self) -> int:
        return hash((self.span, self.resource, self.text))


NONE: frozenset[str] = frozenset()


@immutable(eq=False, guarded=False)
class Truth:
    """Yes, no or unknown, with the reasons that decided it; combine with `&`, `|` and `~`.

    `variables` names the open choices that were met on the way, whether or not they decided:
    the engine assumes their options one by one when the answer is unknown.
    """

    state: State
    reasons: tuple[Because | Truth, ...] = ()
    variables: frozenset[str] = NONE

    def __and__(self, other: Truth) -> Truth:
        return all_of((self, other))

    def __or__(self, other: Truth) -> Truth:
        return any_of((self, other))

    def __invert__(self) -> Truth:
        return Truth(_OPPOSITE[self.state], (self,), self.variables)

    def __bool__(self) -> Never:
        raise TypeError("a Truth may be unknown: combine it with & | ~ instead of and, or, not, if")

    @property
    def because(self) -> tuple[Because, ...]:
        """The reasons, outermost first, each once."""
        return tuple(dict.fromkeys(self.leaves))

    @property
    def leaves(self) -> Iterator[Because]:
        """The reasons as they come, some perhaps twice; their texts are not made for it."""
        stack: list[Because | Truth] = [self]
        while stack:
            reason = stack.pop()
            if isinstance(reason, Because):
                yield reason
            else:
                stack.extend(reversed(reason.reasons))


_OPPOSITE = {State.YES: State.NO, State.NO: State.YES, State.UNKNOWN: State.UNKNOWN}

YES = Truth(State.YES)
NO = Truth(State.NO)


def yes(text: str, span: Span = NOWHERE, resource: str = "") -> Truth:
    """A truth that holds, for one reason."""
    return Truth(State.YES, (Because(text, span, resource),))


def no(text: str, span: Span = NOWHERE, resource: str = "") -> Truth:
    """A truth that does not hold, for one reason."""
    return Truth(State.NO, (Because(text, span, resource),))


def unknown(text: str, span: Span = NOWHERE, resource: str = "", variables: frozenset[str] = NONE) -> Truth:
    """A truth that only a deployment settles, and why."""
    return Truth(State.UNKNOWN, (Because(text, span, resource, cause=text),), variables)


def known(holds: bool, text: str, span: Span = NOWHERE, resource: str = "", *, otherwise: str | None = None) -> Truth:  # noqa: FBT001 - a truth is made from a bool
    """Yes or no, as the flag says, for one reason.

    A text that is true only of a yes needs another, `otherwise`, for a no; "" says nothing.
    """
    said = text if holds or otherwise is None else otherwise
    return Truth(State.YES if holds else State.NO, (Because(said, span, resource),))


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's "or" over any number of truths; no, without reasons, over none."""
    return _fold(truths, State.YES, State.NO)


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's "and" over any number of truths; yes, without reasons, over none."""
    return _fold(truths, State.NO, State.YES)


def _fold(truths: Iterable[Truth], winner: State, otherwise: State) -> Truth:
    """Keep the side that settles it; of the others all, because together they matter."""
    unknowns: list[Truth] = []
    rest: list[Truth] = []
    variables: frozenset[str] = NONE
    for truth in truths:
        if truth.variables:
            variables |= truth.variables
        if truth.state is winner:
            return Truth(winner, (truth,), variables)
        (unknowns if truth.state is State.UNKNOWN else rest).append(truth)
    if unknowns:
        return Truth(State.UNKNOWN, tuple(unknowns), variables)
    return Truth(otherwise, tuple(rest), variables)
