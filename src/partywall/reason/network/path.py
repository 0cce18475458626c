"""A path as a row of steps, and the answer to a question about it.

Each step admits (address, port) pairs in a strict and a lenient reading. The answer is yes when the strict readings
together admit what is asked, no when the lenient ones do not, and else undetermined, for the reasons of those steps
whose doubts decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from partywall.address import INTERNET, V4, V6, WORLD, Ranges
from partywall.immutable import immutable
from partywall.reason.network.flows import NOTHING, Flows, box, covers
from partywall.source import NOWHERE, Span
from partywall.truth import Because, State, Truth

FAMILIES = (V4, V6)


def protocol_over(protocol: str, bits: int) -> str:
    """The protocol as a family has it: ICMP has another number over IPv6."""
    return {"icmp": "icmpv6"}.get(protocol, protocol) if bits == V6 else {"icmpv6": "icmp"}.get(protocol, protocol)


@immutable()
class Query:
    """What is asked of a path: a protocol, a place on its port axis, a family, and who is on the other side."""

    protocol: str
    port: int
    bits: int
    remote: Ranges
    world: bool = False

    def met_by(self, addresses: Ranges) -> bool:
        """Whether some of the addresses on the other side are all of them; of the internet as good as all is enough."""
        if self.world:
            return addresses.size > WORLD[self.bits]
        return bool(self.remote) and covers(addresses, self.remote)


def internet(protocol: str, port: int, bits: int) -> Query:
    """A question about the whole internet."""
    return Query(protocol, port, bits, INTERNET[bits], world=True)


@immutable()
class Hop:
    """One step of an answer, in words and with its place."""

    at: str
    check: str
    span: Span = NOWHERE
    because: str = ""
    stops: bool = False
    change: str = ""
    unknown: tuple[Truth, ...] = ()
    source: Span = NOWHERE

    def reasons(self) -> tuple[Because, ...]:
        """The hop as evidence of a finding."""
        own = Because(f"{self.at}: {self.check}" if self.at else self.check, self.span, self.at)
        return (own, Because("", self.source, self.because)) if self.because else (own,)


Tell = Callable[[Query, Ranges], Sequence[Hop]]
Weigh = Callable[[Query, Ranges], Sequence[Truth]]


Lost = Callable[[Ranges], float]
"""The share of replies to some addresses that does not get through."""


def no_doubt(query: Query, left: Ranges) -> Sequence[Truth]:  # noqa: ARG001 - the shape of a weighing
    """Nothing is unknown about a step."""
    return ()


@immutable()
class Step:
    """One check on the way. None for a reading means that everything passes.

    `tell` puts the step into words for what passes it, or for what it is asked about when it stops; `weigh` names the
    unknown values that decide about it; `change` says what would have to change. A step `about` addresses of its own
    is about a neighbour whose address may be any of them: all must pass for a yes, and none for a no.
    """

    strict: Flows | None
    lenient: Flows | None
    tell: Tell
    weigh: Weigh = no_doubt
    change: str = ""
    lost: Lost | None = None
    about: Ranges | None = None

    def passing(self, left: Ranges, port: int, *, lenient: bool) -> Ranges:
        """What of some addresses passes with a port."""
        flows = self.lenient if lenient else self.strict
        if flows is None:
            return left
        if self.about is None:
            return flows.among(left, port)
        passing = flows.addresses(port)
        passes = passing.meets(self.about) if lenient else bool(self.about) and covers(passing, self.about)
        return left if passes else NOTHING


PASSED = Step(None, None, lambda query, left: ())  # noqa: ARG005 - nothing is declared, nothing to tell


@immutable()
class Answer:
    """Yes, no or undetermined, with the hops to what decided."""

    state: State
    hops: tuple[Hop, ...]
    sources: Ranges = NOTHING
    losses: tuple[tuple[Lost, Ranges], ...] = ()
    unknown: tuple[Truth, ...] = ()
    bits: int | None = None

    @property
    def partial(self) -> float:
        """The greatest share of connections that gets no reply."""
        return max((lost(addresses) for lost, addresses in self.losses), default=0.0)

    @property
    def truth(self) -> Truth:
        """The answer as a truth."""
        met: frozenset[str] = frozenset().union(*(it.variables for it in self.unknown))
        if self.state is State.UNKNOWN:
            return Truth(self.state, self.unknown, met)
        hops = self.hops if self.state is State.YES else tuple(it for it in self.hops if it.stops) or self.hops[-1:]
        return Truth(self.state, tuple(it for hop in hops for it in hop.reasons()), met)


def walk(steps: Iterable[Step], query: Query) -> Answer:
    """Follow the steps for one question, up to the first that stops what is asked."""
    strict = lenient = query.remote
    hops: list[Hop] = []
    passed: list[tuple[Step, Ranges]] = []
    losses: list[tuple[Lost, Ranges]] = []
    for step in steps:
        before = lenient
        same = strict is lenient and step.strict is step.lenient and step.about is None
        lenient = step.passing(lenient, query.port, lenient=True)
        strict = lenient if same else step.passing(strict, query.port, lenient=False)
        if not query.met_by(lenient):
            told = list(step.tell(query, before)) or [Hop("", "it is stopped")]
            stop = replace(told[-1], stops=True, change=step.change)
            return Answer(State.NO, (*hops, *told[:-1], stop), lenient, bits=query.bits)
        hops += step.tell(query, lenient)
        if step.lost is not None:
            losses.append((step.lost, strict if step.about is None else step.about))
        passed.append((step, before))
    if query.met_by(strict):
        return Answer(State.YES, tuple(hops), strict, tuple(losses), bits=query.bits)
    return _undetermined(passed, query, lenient)


def _undetermined(passed: Sequence[tuple[Step, Ranges]], query: Query, lenient: Ranges) -> Answer:
    """The doubts that decide: those of each step whose strict reading alone would stop what is asked, else all."""
    hops: list[Hop] = []
    found: list[Truth] = []
    weights = [
        tuple(step.weigh(query, before)) if not query.met_by(step.passing(lenient, query.port, lenient=False)) else ()
        for step, before in passed
    ]
    if not any(weights):
        weights = [tuple(step.weigh(query, before)) for step, before in passed]
    for (step, before), doubts in zip(passed, weights, strict=True):
        told = list(step.tell(query, step.passing(before, query.port, lenient=True)))
        if doubts and told:
            told[-1] = replace(told[-1], unknown=doubts)
        hops += told
        found += doubts
    return Answer(State.UNKNOWN, tuple(hops), lenient, (), tuple(dict.fromkeys(found)), query.bits)


def best(answers: Sequence[Answer]) -> Answer:
    """Of several ways the best: one that works, else one that may, else the one that gets furthest."""
    for state in (State.YES, State.UNKNOWN):
        found = [it for it in answers if it.state is state]
        if found:
            return min(found, key=lambda it: it.partial)
    return max(answers, key=lambda it: len(it.hops))


def sweep(steps: Iterable[Step], remote: Ranges | tuple[Flows, Flows]) -> tuple[Flows, Flows]:
    """What all steps together admit of some addresses or flows, on every port: strictly and leniently."""
    if isinstance(remote, tuple):
        strict, lenient = remote
    else:
        strict = lenient = box(remote)
    for step in steps:
        same = strict is lenient and step.strict is step.lenient
        if step.lenient is not None:
            lenient = lenient & step.lenient
        if same:
            strict = lenient
        elif step.strict is not None:
            strict = strict & step.strict
        if not lenient:
            break
    return strict, lenient
