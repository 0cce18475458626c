"""Whether one workload reaches another over private addresses: inside a VPC, or from one VPC to another."""

from __future__ import annotations

from collections.abc import Iterator

from partywall.address import V4, Ranges, everything
from partywall.aws.load_balancer import FrontDoor
from partywall.aws.vpc_endpoint import ENDPOINTS, GatewayEndpoint
from partywall.declared import Declared
from partywall.graph import View
from partywall.reason.network import middlebox, routes
from partywall.reason.network.gates import ELSEWHERE, INSPECTED, PEER, TRANSIT, Gate, far_side
from partywall.reason.network.interface import Interface
from partywall.reason.network.listening import listened, no_interface
from partywall.reason.network.node import Vpc
from partywall.reason.network.path import FAMILIES, Answer, Query, Step, best, protocol_over, walk
from partywall.reason.network.service import to_service
from partywall.reason.network.steps import INTERNET_CLIENT, Steps, from_truth, steps
from partywall.reason.network.topology import gates_of
from partywall.reason.network.transit import groups_meet, joins
from partywall.truth import NO, YES, State, Truth, unknown


class Inside:
    """Answers about one view."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.steps: Steps = steps(view)
        self.interfaces = self.steps.interfaces
        self.topology = self.steps.topology

    def between(self, source: Declared, target: Declared, protocol: str, port: int, bits: int | None = None) -> Answer:
        """Whether one workload reaches another over their private addresses."""
        if target.type in ENDPOINTS and GatewayEndpoint(self.view, target).is_gateway.state is State.YES:
            return to_service(self.steps, source, GatewayEndpoint(self.view, target), protocol, port)
        answers = []
        for family in FAMILIES if bits is None else (bits,):
            carried = protocol_over(protocol, family)
            for one in self.interfaces.named(source):
                for other in self.interfaces.named(target):
                    spoken = _speaks(one, family) & _speaks(other, family)
                    if spoken.state is State.NO:
                        continue
                    query = Query(carried, port, family, other.addresses.get(family) or everything(family))
                    both = from_truth(spoken, other.owner.address, "an IPv6 address", "")
                    way = self.way(one, other, carried, family)
                    answers.append(listened(other, port, walk(way if family == V4 else (both, *way), query)))
        return best(answers) if answers else no_interface(target)

    def way(self, one: Interface, other: Interface, protocol: str, bits: int) -> Iterator[Step]:
        """The steps of a connection over private addresses."""
        here, there = (it.addresses.get(bits) or everything(bits) for it in (one, other))
        yield from self._leaving(one, other, protocol, bits)
        if crosses(one, other):
            yield self.steps.through_acl(other.subnet, protocol, bits, inbound=True, about=here)
        yield self.admitted(one, other, protocol, bits, about=here)
        if crosses(one, other):
            yield self.steps.reply_through_acl(other.subnet, protocol, bits, one.client, inbound=False, about=here)
            yield self.steps.reply_through_acl(one.subnet, protocol, bits, one.client, inbound=True, about=there)

    def handed_on(self, node: Interface, other: Interface, protocol: str) -> Iterator[Step]:
        """The steps from a load balancer that keeps the addresses of its clients: its target sees theirs."""
        there = other.addresses.get(V4) or everything(V4)
        yield from self._leaving(node, other, protocol, V4)
        if crosses(node, other):
            yield self.steps.through_acl(other.subnet, protocol, V4, inbound=True)
        yield self.admitted(node, other, protocol, V4, about=None)
        if crosses(node, other):
            yield self.steps.reply_through_acl(other.subnet, protocol, V4, INTERNET_CLIENT, inbound=False)
            yield self.steps.reply_through_acl(node.subnet, protocol, V4, INTERNET_CLIENT, inbound=True, about=there)

    def _leaving(self, one: Interface, other: Interface, protocol: str, bits: int) -> Iterator[Step]:
        here, there = (it.addresses.get(bits) or everything(bits) for it in (one, other))
        named = other if self._groups_meet(one, other, inbound=False) else None
        yield self.steps.group(one, protocol, bits, inbound=False, other=named, about=there)
        if crosses(one, other):
            yield self.steps.through_acl(one.subnet, protocol, bits, inbound=False, about=there)
            yield from self._joined(one, other, bits, here, there)

    def admitted(self, one: Interface, other: Interface, protocol: str, bits: int, *, about: Ranges | None) -> Step:
        """The groups of the other side; without addresses to be about, the clients of the question are meant."""
        named = one if self._groups_meet(one, other, inbound=True) else None
        world = about is None
        return self.steps.group(other, protocol, bits, inbound=True, other=named, about=about, world=world)

    def _groups_meet(self, one: Interface, other: Interface, *, inbound: bool) -> bool:
        """Whether rules may refer to groups of the other side: in one VPC, over a peering, or over a transit gateway.

        Over a transit gateway only inbound rules may, where it is told so. Sources: VPC peering guide, Update your
        security groups to reference peer security groups; Transit gateways guide, Security group referencing.
        """
        vpc, far = one.subnet.vpc, other.subnet.vpc
        if vpc.key == far.key or "elsewhere" in (vpc.key, far.key):
            return True
        return any(self._gate_lets_groups(it, vpc, far, inbound=inbound) for it in gates_of(one.subnet.table))

    def _gate_lets_groups(self, gate: Gate, vpc: Vpc, far: Vpc, *, inbound: bool) -> bool:
        if gate.kind == PEER:
            there = far_side(self.view, vpc, self.topology.vpc, gate)
            return there is None or there.key == far.key
        return inbound and gate.kind == TRANSIT and groups_meet(self.topology, gate, vpc, far).state is not State.NO

    def _joined(self, one: Interface, other: Interface, bits: int, here: Ranges, there: Ranges) -> Iterator[Step]:
        vpc, far = one.subnet.vpc, other.subnet.vpc
        if vpc.doubt is not None or far.doubt is not None:
            if vpc.key != far.key or vpc.key == "elsewhere":
                why = unknown("whether both stand in one network is unknown")
                yield from_truth(why, "", "both stand in one network", "")
            return
        if vpc.key == far.key:
            yield from self._uninspected(one, bits, there)
            yield from self._uninspected(other, bits, here)
            return
        yield self._across(one, other, bits, there, "")
        yield self._across(other, one, bits, here, "reply: ")

    def _uninspected(self, one: Interface, bits: int, there: Ranges) -> Iterator[Step]:
        """Inside a VPC only a more specific route to a middlebox takes traffic off its way."""
        for addresses, route in routes.regions(one.subnet.table, bits):
            if route.gate.kind == INSPECTED and addresses & there:
                yield from_truth(route.gate.open, one.subnet.table.address, route.said, "")

    def _across(self, one: Interface, other: Interface, bits: int, there: Ranges, what: str) -> Step:
        """A route to the other VPC, through a peering of the two or a transit gateway that joins them."""

        def leads(gate: Gate) -> Truth:
            if gate.kind == ELSEWHERE:
                return gate.open
            if gate.kind == INSPECTED:
                return middlebox.leads(self.topology, gate, bits, PEER, TRANSIT)
            if gate.kind == PEER:
                far = far_side(self.view, one.subnet.vpc, self.topology.vpc, gate)
                if far is None:
                    return gate.open
                return gate.open if far.key == other.subnet.vpc.key else NO
            if gate.kind == TRANSIT:
                return gate.open & joins(self.topology, gate, one.subnet.vpc, other.subnet.vpc, there, bits)
            return NO

        return self.steps.route_where(one.subnet, bits, leads, what, there)


def crosses(one: Interface, other: Interface) -> bool:
    """Whether traffic leaves a subnet; inside one it meets no network ACL and no route."""
    return one.subnet is not other.subnet or one.subnet.declared is None


def _speaks(it: Interface, bits: int) -> Truth:
    """Whether an interface has an address of a family."""
    if bits == V4:
        return YES
    return it.workload.speaks_ipv6 if isinstance(it.workload, FrontDoor) else it.ipv6


def inside(view: View) -> Inside:
    """The answers of a view."""
    found = view.memo.get(Inside)
    if not isinstance(found, Inside):
        found = view.memo[Inside] = Inside(view)
    return found
