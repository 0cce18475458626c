"""Ways through a load balancer: in at a listener, and on to a target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from partywall.address import V4, everything
from partywall.aws.load_balancer import FrontDoor, Leg
from partywall.declared import Declared
from partywall.graph import View
from partywall.reason.network.connect import connections
from partywall.reason.network.inside import inside
from partywall.reason.network.listening import no_interface
from partywall.reason.network.path import Answer, Hop, Query, best, internet, walk
from partywall.truth import State


def clients_reach(view: View, door: FrontDoor, leg: Leg) -> Answer:
    """Whether what clients send reaches a target from some node of a load balancer.

    A target that sees the addresses of the clients has to let those in, and who stands before it too. Source: Elastic
    Load Balancing, Target security groups and client IP preservation.
    """
    keeps = leg.keeps_client & door.is_public
    answers: list[Answer] = []
    if keeps.state is not State.NO:
        answers += _handed_on(view, door, leg)
    if keeps.state is not State.YES:
        answers += _passed_on(view, door, leg, leg.port)
    return best(answers) if answers else no_interface(leg.target)


def checks_reach(view: View, door: FrontDoor, leg: Leg) -> Answer:
    """Whether health checks reach a target: nodes send them from their own addresses."""
    answers = list(_passed_on(view, door, leg, leg.health_port))
    return best(answers) if answers else no_interface(leg.target)


def _passed_on(view: View, door: FrontDoor, leg: Leg, port: int) -> Iterator[Answer]:
    network = inside(view)
    for node in network.interfaces.of(door):
        for other in network.interfaces.named(leg.target):
            query = Query(leg.carrier, port, V4, other.addresses.get(V4) or everything(V4))
            yield walk(network.way(node, other, leg.carrier, V4), query)


def _handed_on(view: View, door: FrontDoor, leg: Leg) -> Iterator[Answer]:
    network = inside(view)
    for node in network.interfaces.of(door):
        for other in network.interfaces.named(leg.target):
            yield walk(network.handed_on(node, other, leg.carrier), internet(leg.carrier, leg.port, V4))


def through(
    view: View, balancer: Declared, target: Declared, protocol: str, port: int, listener_port: int | None = None
) -> Answer:
    """Whether the internet reaches a target through a load balancer."""
    door = FrontDoor(view, balancer)
    legs = [
        it for it in door.legs if it.target is target and it.port == port and listener_port in (None, it.listener_port)
    ]
    if not legs:
        hop = Hop(balancer.address, f"does not pass on to {target.address}:{port}", balancer.span, stops=True)
        return Answer(State.NO, (hop,))
    return best([_both(view, door, it, protocol) for it in legs])


def _both(view: View, door: FrontDoor, one: Leg, protocol: str) -> Answer:
    outside = one.listener_port if one.listener_port is not None else one.port
    first = connections(view).from_internet(door.declared, protocol, outside)
    if first.state is State.NO:
        return first
    second = clients_reach(view, door, one)
    hops = (*first.hops, *second.hops)
    if second.state is State.NO:
        return replace(second, hops=hops)
    state = State.UNKNOWN if State.UNKNOWN in (first.state, second.state) else State.YES
    losses = (*first.losses, *second.losses)
    return Answer(state, hops, first.sources, losses, (*first.unknown, *second.unknown), first.bits)
