"""Load balancers and their targets: ways around, ways that do not work, subnets that do not fit."""

from __future__ import annotations

from collections.abc import Iterator

from partywall.address import Ranges
from partywall.aws.load_balancer import FrontDoor, Leg
from partywall.aws.workload import Workload
from partywall.reason.network.addressing import leads_to_internet
from partywall.reason.network.exposure import reached
from partywall.reason.network.interface import interfaces
from partywall.reason.network.path import Answer
from partywall.reason.network.through import checks_reach, clients_reach
from partywall.truth import NO, State, Truth, all_of, any_of, no, unknown, yes


def reached_around(door: FrontDoor) -> Truth:
    """Whether a target of a public load balancer is reached from the internet directly, on its target port."""
    if door.is_public.state is State.NO:
        return no(f"{door.declared.address} is internal", door.span, door.declared.address)
    return any_of(_around(door, leg) for leg in door.legs) & door.is_public


def _around(door: FrontDoor, leg: Leg) -> Truth:
    target = Workload(door.view, leg.target)
    direct = reached(target, {leg.carrier: Ranges(((leg.port, leg.port),))})
    if direct.state is not State.YES:
        return direct
    behind = yes(f"{leg.target.address} stands behind {door.declared.address}", door.span, door.declared.address)
    return Truth(State.YES, (direct, behind), direct.variables)


def cannot_reach_target(door: FrontDoor) -> Truth:
    """Whether a target gets nothing from a load balancer: on its port, or on the port of its health check."""
    answers = []
    for leg in _distinct(door):
        if not interfaces(door.view).named(leg.target):
            said = f"{leg.target.address} has no interface of its own"
            answers.append(unknown(said, leg.target.span, leg.target.address))
            continue
        answers.append(_misses(door, leg, leg.port, clients_reach(door.view, door, leg)))
        if leg.health_port != leg.port or leg.keeps_client.state is not State.NO:
            answers.append(_misses(door, leg, leg.health_port, checks_reach(door.view, door, leg)))
    return any_of(answers)


def _misses(door: FrontDoor, leg: Leg, port: int, answer: Answer) -> Truth:
    """Whether nothing gets to a target's port; where some clients do, it is not out of reach."""
    if answer.state is not State.NO:
        return ~answer.truth
    if answer.sources:
        return no(f"some clients reach {leg.target.address}", leg.target.span, leg.target.address)
    text = f"{door.declared.address} does not reach {leg.target.address} on port {port}"
    stop = next((hop for hop in answer.hops if hop.stops), answer.hops[-1])
    span = stop.span if stop.span.line else door.span
    reasons = (yes(text, span, stop.at), answer.truth, yes("", leg.target.span, leg.target.address))
    return Truth(State.YES, reasons)


def _distinct(door: FrontDoor) -> Iterator[Leg]:
    """One leg of each target and ports: many listeners may lead the same way."""
    seen: set[tuple[str, int, int]] = set()
    for leg in door.legs:
        key = (leg.target.address, leg.port, leg.health_port)
        if key not in seen:
            seen.add(key)
            yield leg


def scheme_does_not_fit(door: FrontDoor) -> Truth:
    """Whether a public load balancer has no subnet with a way to the internet, or an internal one has nothing else."""
    gathered = interfaces(door.view)
    found = [leads_to_internet(gathered.topology, it.subnet) for it in gathered.of(door)]
    if not found:
        return NO
    return (door.is_public & ~any_of(found)) | (~door.is_public & all_of(found))
