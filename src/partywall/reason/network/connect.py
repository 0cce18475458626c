"""Whether a connection from outside or to the outside works: in from the internet or some addresses, and out."""

from __future__ import annotations

from collections.abc import Iterator

from partywall.address import INTERNET as PUBLIC
from partywall.address import V4, V6, Ranges, everything
from partywall.aws.face import FACES, Face
from partywall.aws.gateway import (
    NatGateway,
)
from partywall.aws.workload_kind import BY_TYPE
from partywall.declared import Declared
from partywall.graph import View
from partywall.reason.network import middlebox
from partywall.reason.network.endpoint import served
from partywall.reason.network.flows import NOTHING, Flows, covers
from partywall.reason.network.gates import (
    EGRESS,
    INSPECTED,
    INTERNET,
    NAT,
    PEER,
    TRANSIT,
    VPN,
    Gate,
)
from partywall.reason.network.interface import Interface
from partywall.reason.network.listening import listened, no_interface
from partywall.reason.network.path import (
    FAMILIES,
    PASSED,
    Answer,
    Hop,
    Query,
    Step,
    best,
    internet,
    protocol_over,
    sweep,
    walk,
)
from partywall.reason.network.steps import ANY_CLIENT, INTERNET_CLIENT, Steps, from_truth, steps
from partywall.reason.network.topology import Subnet
from partywall.truth import NO, State, Truth, unknown

_FAMILY_WORDS = {V4: "public address", V6: "IPv6 address"}


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
            listened(
                it, port, walk(self.inbound(it, protocol_over(protocol, family), family),
                               internet(protocol_over(protocol, family), port, family)),
            )
            for family in (FAMILIES if bits is None else (bits,))
            for it in self.interfaces.named(declared)
        ]  # fmt: skip
        return best(answers) if answers else no_interface(declared)

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
            answers.append(listened(it, port, found))
        return best(answers) if answers else no_interface(declared)

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

    # Out to the internet

    def to_internet(self, declared: Declared, protocol: str, port: int, bits: int | None = None) -> Answer:
        """Whether a workload can open a connection to the internet and hear back."""
        found = self.interfaces.named(declared)
        kind = BY_TYPE.get(declared.type)
        if not found and kind is not None and kind.has_own_way_out:
            hop = Hop(declared.address, "it runs in AWS's own network, which leads to the internet", declared.span)
            return Answer(State.YES, (hop,))
        answers = []
        for it in found:
            for family in FAMILIES if bits is None else (bits,):
                carried = protocol_over(protocol, family)
                query = internet(carried, port, family)
                answers += [walk(way, query) for way in self.outbound(it, carried, family)]
        return best(answers) if answers else no_interface(declared)

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


def connections(view: View) -> Connections:
    """The answers of a view."""
    found = view.memo.get(Connections)
    if not isinstance(found, Connections):
        found = view.memo[Connections] = Connections(view)
    return found
