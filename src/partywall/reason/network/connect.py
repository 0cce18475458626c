"""Whether a connection works: from the internet or some addresses in, out to the internet, from one to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from partywall.address import INTERNET as PUBLIC
from partywall.address import V4, V6, Ranges, everything
from partywall.aws.face import FACES, Face
from partywall.aws.gateway import (
    NatGateway,
)
from partywall.aws.load_balancer import FrontDoor, Leg
from partywall.declared import Declared
from partywall.graph import View
from partywall.reason.network import middlebox, routes
from partywall.reason.network.endpoint import served
from partywall.reason.network.flows import NOTHING, Flows, covers
from partywall.reason.network.gates import (
    EGRESS,
    ELSEWHERE,
    INSPECTED,
    INTERNET,
    NAT,
    PEER,
    TRANSIT,
    VPN,
    Gate,
    far_side,
)
from partywall.reason.network.interface import Interface
from partywall.reason.network.node import Vpc
from partywall.reason.network.path import PASSED, Answer, Hop, Query, Step, best, internet, sweep, walk
from partywall.reason.network.steps import ANY_CLIENT, INTERNET_CLIENT, Steps, from_truth, steps
from partywall.reason.network.topology import Subnet, gates_of
from partywall.reason.network.transit import groups_meet, joins
from partywall.truth import NO, State, Truth, unknown
from partywall.value import Known

FAMILIES = (V4, V6)
_FAMILY_WORDS = {V4: "public address", V6: "IPv6 address"}


def protocol_over(protocol: str, bits: int) -> str:
    """The protocol as a family has it: ICMP has another number over IPv6."""
    return {"icmp": "icmpv6"}.get(protocol, protocol) if bits == V6 else {"icmpv6": "icmp"}.get(protocol, protocol)


class Connections:
    """Answers about one view; what a class of interfaces admits is computed once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.steps: Steps = steps(view)
        self.interfaces = self.steps.interfaces
        self.topology = self.steps.topology
        self._unblocked: dict[tuple[Subnet, bool], Step] = {}
        self._outside_of: dict[object, tuple[Flows, Flows]] = {}
        self._open: dict[object, tuple[Ranges, Ranges]] = {}

    # From outside

    def inbound(self, it: Interface, protocol: str, bits: int, *, world: bool = True) -> Iterator[Step]:
        """The steps of a connection that comes through an internet gateway."""
        yield self._not_blocked(it.subnet, inbound=True)
        yield self._addressed(it, bits)
        yield self.steps.comes_in(it.subnet, bits, INTERNET)
        yield self.steps.through_acl(it.subnet, protocol, bits, inbound=True)
        yield self.steps.group(it, protocol, bits, inbound=True, world=world)
        yield self.steps.reply_through_acl(it.subnet, protocol, bits, INTERNET_CLIENT, inbound=False)
        yield self.steps.route(it.subnet, bits, (INTERNET,), "reply: ")

    def _not_blocked(self, subnet: Subnet, *, inbound: bool) -> Step:
        found = self._unblocked.get((subnet, inbound))
        if found is None:
            found = self._unblocked[subnet, inbound] = self._unless_blocked(subnet, inbound=inbound)
        return found

    def _unless_blocked(self, subnet: Subnet, *, inbound: bool) -> Step:
        blocked = self.topology.blocked(subnet, inbound=inbound)
        if blocked.state is State.NO and not blocked.because:
            return PASSED
        at = next((it.resource for it in blocked.because if it.resource), "")
        text = "VPC block public access closes the internet gateway"
        change = "an exclusion of the VPC or subnet from the block"
        return from_truth(~blocked, at, "not blocked by VPC block public access", change, text)

    def _addressed(self, it: Interface, bits: int) -> Step:
        truth = it.reachable_over(bits)
        word = _FAMILY_WORDS[bits]
        owner = it.owner.address
        return from_truth(truth, owner, word, f"a {word} for {owner}", f"has no {word}")

    def open_ports(self, it: Interface, protocol: str, bits: int) -> tuple[Ranges, Ranges]:
        """The ports on which as good as all of the internet reaches an interface: surely and possibly."""
        if it.reachable_over(bits).state is State.NO:
            return NOTHING, NOTHING
        key = (it.subnet, it.reachable_over(bits).state, it.group_key, protocol, bits)
        found = self._open.get(key)
        if found is None:
            found = self._open[key] = self._open_ports(it, protocol, bits)
        return found

    def _open_ports(self, it: Interface, protocol: str, bits: int) -> tuple[Ranges, Ranges]:
        guard = self.steps.opened(it, protocol, bits, lenient=True)
        if not guard:
            return NOTHING, NOTHING
        strict, lenient = self._before_groups(it, protocol, bits)
        may = lenient.world_ports_behind(guard, bits)
        if strict is lenient and all(group.settled for group in it.groups):
            return may, may
        return strict.world_ports_behind(self.steps.opened(it, protocol, bits, lenient=False), bits), may

    def _before_groups(self, it: Interface, protocol: str, bits: int) -> tuple[Flows, Flows]:
        """What gets as far as the groups: the same for all in a subnet who have, or have not, a public address."""
        place = (it.subnet, it.reachable_over(bits).state, protocol, bits)
        found = self._outside_of.get(place)
        if found is None:
            found = self._outside_of[place] = sweep(self._outside(it, protocol, bits), PUBLIC[bits])
        return found

    def _outside(self, it: Interface, protocol: str, bits: int) -> Iterator[Step]:
        """What stands before the groups: the same for all in a subnet who have, or have not, a public address."""
        yield self._not_blocked(it.subnet, inbound=True)
        yield self._addressed(it, bits)
        yield self.steps.comes_in(it.subnet, bits, INTERNET)
        yield self.steps.route(it.subnet, bits, (INTERNET,), "reply: ")
        yield self.steps.through_acl(it.subnet, protocol, bits, inbound=True)
        yield self.steps.reply_through_acl(it.subnet, protocol, bits, INTERNET_CLIENT, inbound=False)

    def from_internet(self, declared: Declared, protocol: str, port: int, bits: int | None = None) -> Answer:
        """Whether the internet reaches a workload on a place of its protocol's axis, over one family or either."""
        if declared.type in FACES:
            return served(Face(self.view, declared), internet(protocol, port, V4))
        answers = [
            self._listened(
                it, port, walk(self.inbound(it, protocol_over(protocol, family), family),
                               internet(protocol_over(protocol, family), port, family)),
            )
            for family in (FAMILIES if bits is None else (bits,))
            for it in self.interfaces.named(declared)
        ]  # fmt: skip
        return best(answers) if answers else _no_interface(declared)

    def from_addresses(self, declared: Declared, protocol: str, port: int, addresses: Ranges, bits: int) -> Answer:
        """Whether some addresses reach a workload: through the internet gateway, or from inside and beyond a VPN."""
        carried = protocol_over(protocol, bits)
        query = Query(carried, port, bits, addresses)
        if declared.type in FACES and covers(PUBLIC[bits], addresses):
            return served(Face(self.view, declared), query)
        answers = []
        for it in self.interfaces.named(declared):
            if covers(PUBLIC[bits], addresses):
                found = walk(self.inbound(it, carried, bits, world=False), query)
            else:
                found = walk(self._from_private(it, carried, bits, addresses), query)
            answers.append(self._listened(it, port, found))
        return best(answers) if answers else _no_interface(declared)

    def _from_private(self, it: Interface, protocol: str, bits: int, addresses: Ranges) -> Iterator[Step]:
        inside = covers(it.subnet.vpc.blocks.get(bits, NOTHING), addresses)
        if not inside:
            yield self.steps.comes_in(it.subnet, bits, VPN)
        if not (inside and covers(it.subnet.blocks.get(bits, NOTHING), addresses)):
            yield self.steps.through_acl(it.subnet, protocol, bits, inbound=True)
        yield self.steps.group(it, protocol, bits, inbound=True)
        if not (inside and covers(it.subnet.blocks.get(bits, NOTHING), addresses)):
            yield self.steps.reply_through_acl(it.subnet, protocol, bits, INTERNET_CLIENT, inbound=False)
        if not inside:
            yield self.steps.route(it.subnet, bits, (VPN, PEER, TRANSIT), "reply: ")

    def _listened(self, it: Interface, port: int, answer: Answer) -> Answer:
        """The answer of a load balancer holds only where it has a listener."""
        workload = it.workload
        if not isinstance(workload, FrontDoor) or answer.state is State.NO:
            return answer
        owner = workload.declared
        unsettled = [listener for listener in workload.listening if not isinstance(listener.port, Known)]
        for listener in workload.listening:
            if isinstance(listener.port, Known) and listener.port.it == port:
                hop = Hop(owner.address, f"listens on {port}", listener.port.span, listener.declared.address)
                return replace(answer, hops=(*answer.hops, hop))
        if unsettled or owner.more is not None:
            why = unknown(f"a listener's port of {owner.address} is not known", owner.span, owner.address)
            return replace(answer, state=State.UNKNOWN, unknown=(*answer.unknown, why))
        stop = Hop(owner.address, f"no listener on {port}", owner.span, stops=True, change=f"a listener on {port}")
        return Answer(State.NO, (*answer.hops, stop))

    # Out to the internet

    def to_internet(self, declared: Declared, protocol: str, port: int, bits: int | None = None) -> Answer:
        """Whether a workload can open a connection to the internet and hear back."""
        answers = []
        for it in self.interfaces.named(declared):
            for family in FAMILIES if bits is None else (bits,):
                carried = protocol_over(protocol, family)
                query = internet(carried, port, family)
                answers += [walk(way, query) for way in self.outbound(it, carried, family)]
        return best(answers) if answers else _no_interface(declared)

    def outbound(self, it: Interface, protocol: str, bits: int) -> Iterator[Iterator[Step]]:
        """The ways out: through each kind of gate that the subnet's routes lead to."""
        table = it.subnet.table
        gates = {route.gate.kind for route in table.routes if route.bits in (None, bits)}
        yield self._through_gateway(it, protocol, bits)
        if bits == V6 and EGRESS in gates:
            yield self._out(it, protocol, bits, (EGRESS,), [self._not_blocked(it.subnet, inbound=False)])
        if INSPECTED in gates:
            yield self._through_middlebox(it, protocol, bits)
        if bits == V4:
            nats = {route.gate.address: route.gate for route in table.routes if route.gate.kind == NAT}
            for address in sorted(nats):
                yield self._through_nat(it, protocol, nats[address])

    def _through_gateway(self, it: Interface, protocol: str, bits: int) -> Iterator[Step]:
        # What comes in through the gateway is not asked for while ingress is blocked, and no more are replies.
        outside = [self._not_blocked(it.subnet, inbound=True), self._addressed(it, bits)]
        outside.append(self.steps.comes_in(it.subnet, bits, INTERNET))
        return self._out(it, protocol, bits, (INTERNET,), outside)

    def _through_middlebox(self, it: Interface, protocol: str, bits: int) -> Iterator[Step]:
        """A firewall may send on to any gate, and an appliance lend its own address."""

        def leads(gate: Gate) -> Truth:
            return NO if gate.kind != INSPECTED else middlebox.leads(self.topology, gate, bits, INTERNET, NAT, EGRESS)

        yield self.steps.group(it, protocol, bits, inbound=False, world=True)
        yield self.steps.through_acl(it.subnet, protocol, bits, inbound=False)
        yield self.steps.route_where(it.subnet, bits, leads, "")
        yield self.steps.reply_through_acl(it.subnet, protocol, bits, it.client, inbound=True)

    def _out(
        self, it: Interface, protocol: str, bits: int, kinds: tuple[str, ...], outside: list[Step]
    ) -> Iterator[Step]:
        yield self.steps.group(it, protocol, bits, inbound=False, world=True)
        yield self.steps.through_acl(it.subnet, protocol, bits, inbound=False)
        yield self.steps.route(it.subnet, bits, kinds, "")
        yield from outside
        yield self.steps.reply_through_acl(it.subnet, protocol, bits, it.client, inbound=True)

    def _through_nat(self, it: Interface, protocol: str, gate: Gate) -> Iterator[Step]:
        """Four passages more: the list of the NAT gateway's own subnet sees both sides of the translation."""
        if gate.declared is None:
            step = from_truth(
                unknown(f"the NAT gateway is not in these sources: {gate.name}", gate.span), gate.name, gate.name, ""
            )
            return self._out(it, protocol, V4, (NAT,), [step])
        nat = NatGateway(self.view, gate.declared)
        subnet = self.topology.subnet(nat.subnet)
        address = gate.declared.address
        own = it.subnet.blocks.get(V4, NOTHING) or everything(V4)
        there: list[Step] = [
            self._not_blocked(subnet, inbound=False),
            from_truth(nat.is_public, address, "a public NAT gateway", "a public NAT gateway"),
        ]
        if subnet.declared is not it.subnet.declared or subnet.declared is None:
            there.append(self.steps.through_acl(subnet, protocol, V4, inbound=True, about=own))
        there.append(self.steps.through_acl(subnet, protocol, V4, inbound=False))
        there.append(self.steps.route(subnet, V4, (INTERNET,), ""))
        there.append(self.steps.comes_in(subnet, V4, INTERNET))
        there.append(self.steps.reply_through_acl(subnet, protocol, V4, ANY_CLIENT, inbound=True))
        if subnet.declared is not it.subnet.declared or subnet.declared is None:
            there.append(self.steps.reply_through_acl(subnet, protocol, V4, it.client, inbound=False, about=own))
        return self._out(it, protocol, V4, (NAT,), there)

    # From one to another

    def between(self, source: Declared, target: Declared, protocol: str, port: int, bits: int | None = None) -> Answer:
        """Whether one workload reaches another over their private addresses."""
        answers = []
        for family in FAMILIES if bits is None else (bits,):
            carried = protocol_over(protocol, family)
            for one in self.interfaces.named(source):
                for other in self.interfaces.named(target):
                    about = other.addresses.get(family, NOTHING)
                    if family == V6 and not about:
                        continue
                    query = Query(carried, port, family, about or everything(family))
                    answers.append(self._listened(other, port, walk(self.inside(one, other, carried, family), query)))
        return best(answers) if answers else _no_interface(target)

    def inside(
        self, one: Interface, other: Interface, protocol: str, bits: int, *, keeps_client: bool = False
    ) -> Iterator[Step]:
        """The steps of a connection over private addresses."""
        here = one.addresses.get(bits, NOTHING) or everything(bits)
        there = other.addresses.get(bits, NOTHING) or everything(bits)
        named = other if self._groups_meet(one, other, inbound=False) else None
        yield self.steps.group(one, protocol, bits, inbound=False, other=named, about=there)
        crossing = one.subnet is not other.subnet or one.subnet.declared is None
        if crossing:
            yield self.steps.through_acl(one.subnet, protocol, bits, inbound=False, about=there)
            yield from self._joined(one, other, bits, here, there)
            yield self.steps.through_acl(other.subnet, protocol, bits, inbound=True, about=here)
        yield self.steps.group(
            other, protocol, bits, inbound=True, other=one if self._groups_meet(one, other, inbound=True) else None,
            about=PUBLIC[bits] if keeps_client else here,
        )  # fmt: skip
        if crossing:
            yield self.steps.reply_through_acl(other.subnet, protocol, bits, one.client, inbound=False, about=here)
            yield self.steps.reply_through_acl(one.subnet, protocol, bits, one.client, inbound=True, about=there)

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

    # Through a load balancer

    def leg(self, door: FrontDoor, leg: Leg, port: int | None = None) -> Answer:
        """Whether some node of a load balancer reaches a target."""
        wanted = leg.port if port is None else port
        answers = []
        for node in self.interfaces.of(door):
            for other in self.interfaces.named(leg.target):
                about = other.addresses.get(V4, NOTHING) or everything(V4)
                query = Query(leg.carrier, wanted, V4, about)
                ways = [walk(self.inside(node, other, leg.carrier, V4), query)]
                if leg.keeps_client.state is not State.NO:
                    ways.append(walk(self.inside(node, other, leg.carrier, V4, keeps_client=True), query))
                answers += ways
        return best(answers) if answers else _no_interface(leg.target)

    def through(
        self, balancer: Declared, target: Declared, protocol: str, port: int, listener_port: int | None = None
    ) -> Answer:
        """Whether the internet reaches a target through a load balancer: in at a listener, and on to the target."""
        door = FrontDoor(self.view, balancer)
        legs = [
            it for it in door.legs
            if it.target is target and it.port == port and listener_port in (None, it.listener_port)
        ]  # fmt: skip
        if not legs:
            hop = Hop(balancer.address, f"does not pass on to {target.address}:{port}", balancer.span, stops=True)
            return Answer(State.NO, (hop,))
        return best([self._both(door, it, protocol) for it in legs])

    def _both(self, door: FrontDoor, leg: Leg, protocol: str) -> Answer:
        outside = leg.listener_port if leg.listener_port is not None else leg.port
        first = self.from_internet(door.declared, protocol, outside)
        if first.state is State.NO:
            return first
        second = self.leg(door, leg)
        hops = (*first.hops, *second.hops)
        if second.state is State.NO:
            return replace(second, hops=hops)
        state = State.UNKNOWN if State.UNKNOWN in (first.state, second.state) else State.YES
        losses = (*first.losses, *second.losses)
        return Answer(state, hops, first.sources, losses, (*first.unknown, *second.unknown), first.bits)


def _no_interface(declared: Declared) -> Answer:
    hop = Hop(declared.address, "it has no interface in a VPC", declared.span, stops=True)
    return Answer(State.NO, (hop,))


def connections(view: View) -> Connections:
    """The answers of a view."""
    found = view.memo.get(Connections)
    if not isinstance(found, Connections):
        found = view.memo[Connections] = Connections(view)
    return found
