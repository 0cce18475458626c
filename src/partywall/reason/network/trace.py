"""One question about a network, answered under every condition that matters."""

from __future__ import annotations

import datetime

from partywall.address import Ranges, block, parse_address
from partywall.aws.face import FACES
from partywall.aws.workload_kind import BY_TYPE
from partywall.declared import Declared
from partywall.graph import Graph, View
from partywall.immutable import immutable
from partywall.reason.network.connect import connections
from partywall.reason.network.filters import protocol_name
from partywall.reason.network.inside import inside
from partywall.reason.network.path import Answer
from partywall.reason.network.through import through
from partywall.truth import State

INTERNET = "internet"
MAX_WORLDS = 16
_SHIFTED = {"icmp": 8, "icmpv6": 8}


@immutable()
class Question:
    """Who wants to reach whom: `internet`, a block of addresses, or the address of a declared workload.

    `port` is the destination port, for ICMP the type, and 0 for protocols that have none. `via` names a load balancer
    to go through, `listener_port` the port it is asked on.
    """

    source: str
    target: str
    protocol: str = "tcp"
    port: int = 0
    bits: int | None = None
    via: str | None = None
    listener_port: int | None = None


@immutable()
class Trace:
    """An answer, and under which options of the open variables it holds; none where it holds always."""

    question: Question
    when: tuple[tuple[str, str], ...]
    answer: Answer


class NotInNetworkError(ValueError):
    """A question about something that is no workload; the message is one sentence."""


def trace(graph: Graph, question: Question, today: datetime.date) -> tuple[Trace, ...]:
    """Answer a question; where conditions leave it undetermined, once for each world that decides.

    Raises NotInNetworkError for an address that is no declared workload and no block of addresses.
    """
    open_ = Trace(question, (), ask(View(graph, {}, today), question))
    if open_.answer.state is not State.UNKNOWN:
        return (open_,)
    found: list[Trace] = []
    pending: list[dict[str, str]] = [{}]
    while pending:
        world = pending.pop()
        answer = open_.answer if not world else ask(View(graph, world, today), question)
        met = frozenset().union(*(it.variables for it in answer.unknown)) - set(world)
        free = sorted(name for name in met if name in graph.options)
        if answer.state is State.UNKNOWN and free and len(pending) + len(found) < MAX_WORLDS:
            pending += [{**world, free[0]: option} for option in reversed(graph.options[free[0]])]
        else:
            found.append(Trace(question, tuple(sorted(world.items())), answer))
    if len({it.answer.state for it in found}) == 1:
        return (Trace(question, (), found[0].answer),)
    return tuple(found)


def ask(view: View, question: Question) -> Answer:
    """Answer a question in one view."""
    network = connections(view)
    protocol = protocol_name(question.protocol)
    port = question.port << _SHIFTED.get(protocol, 0)
    if question.target == INTERNET:
        if question.source == INTERNET:
            raise NotInNetworkError("one side must be a declared workload")
        return network.to_internet(_workload(view, question.source), protocol, port, question.bits)
    target = _workload(view, question.target)
    if question.via is not None:
        return through(view, _workload(view, question.via), target, protocol, port, question.listener_port)
    if question.source == INTERNET:
        return network.from_internet(target, protocol, port, question.bits)
    addresses = addresses_of(question.source)
    if addresses is not None:
        return network.from_addresses(target, protocol, port, *addresses)
    return inside(view).between(_workload(view, question.source), target, protocol, port, question.bits)


def addresses_of(text: str) -> tuple[Ranges, int] | None:
    """The addresses that a block or a single address names; None for anything else."""
    try:
        if "/" in text:
            return block(text)
        number, bits = parse_address(text)
    except ValueError:
        return None
    return Ranges(((number, number),)), bits


def workloads(graph: Graph) -> list[str]:
    """The addresses that a question may be about."""
    return sorted({it.address for it in graph.of((*BY_TYPE, *FACES))})


def _workload(view: View, address: str) -> Declared:
    found = view.graph.by_address.get(address)
    if found is None:
        raise NotInNetworkError(f"no resource {address} is declared")
    if found.type not in BY_TYPE and found.type not in FACES:
        raise NotInNetworkError(f"{address} ({found.type}) has no interface in a network")
    return found
