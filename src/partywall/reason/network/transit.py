"""Transit gateways: whether the table of one VPC's attachment leads to another's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partywall.address import Ranges, parsed_block
from partywall.aws.transit import (
    TRANSIT_TABLES,
    TransitAttachment,
    TransitGateway,
    TransitRoute,
    is_own_table,
    transit_routes,
)
from partywall.declared import Declared
from partywall.immutable import immutable
from partywall.reason.network.flows import covers
from partywall.reason.network.gates import Gate
from partywall.reason.network.middlebox import inspects
from partywall.reason.network.node import Vpc, resolve
from partywall.reason.network.topology import Topology
from partywall.truth import State, Truth, any_of, no, unknown, yes
from partywall.value import Known, Setting, doubt


@immutable()
class _Entry:
    """A route of a table: addresses None where they are not known, and whether it leads to the far VPC."""

    addresses: Ranges | None
    rank: int
    leads: Truth


def joins(topology: Topology, gate: Gate, vpc: Vpc, far: Vpc, there: Ranges, bits: int) -> Truth:
    """Whether a transit gateway takes addresses of a far VPC there from a near one.

    The longest prefix wins; of equal ones a static route, then one of a prefix list, then what is propagated. Source:
    Transit gateways guide, Route evaluation order.
    """
    if gate.declared is None:
        return gate.open
    transit = TransitGateway(topology.view, gate.declared)
    plugs = transit.attachments
    near = [it for it in plugs if topology.vpc(it.vpc).key == vpc.key]
    distant = [it for it in plugs if topology.vpc(it.vpc).key == far.key]
    if not near or not distant:
        return no(f"{gate.address} does not join {vpc.key} and {far.key}", gate.span, gate.address)
    return any_of(
        _Leg(topology, transit, other, far, there, bits).from_(one) for one in near for other in distant
    )  # fmt: skip


def groups_meet(topology: Topology, gate: Gate, vpc: Vpc, far: Vpc) -> Truth:
    """Whether inbound rules of one VPC may name groups of another over the transit gateway of a route."""
    if gate.declared is None:
        return gate.open
    return lets_groups_meet(topology, TransitGateway(topology.view, gate.declared), vpc, far)


def lets_groups_meet(topology: Topology, transit: TransitGateway, vpc: Vpc, far: Vpc) -> Truth:
    """Whether a transit gateway, and the plugs of two VPCs in it, let their groups be named."""
    sides = [
        any_of(it.lets_groups_be_named for it in transit.attachments if topology.vpc(it.vpc).key == one.key)
        for one in (vpc, far)
    ]
    return transit.lets_groups_be_named & sides[0] & sides[1]


class _Leg:
    """What the tables of a transit gateway say about some addresses of one attachment."""

    def __init__(
        self, topology: Topology, transit: TransitGateway, far: TransitAttachment, vpc: Vpc, there: Ranges, bits: int
    ) -> None:
        self.topology, self.view, self.transit, self.far, self.vpc = topology, topology.view, transit, far, vpc
        self.there, self.bits = there, bits

    def from_(self, near: TransitAttachment) -> Truth:
        """Whether what comes from an attachment gets there: by the tables it is associated with."""
        tables = list(near.tables("Association"))
        if not tables:
            return self.transit.associates & near.associates & self._by(self.transit.declared)
        found = []
        for value, holds in tables:
            table, why = self._table(value)
            if table is not None:
                found.append(self._by(table) & holds)
            elif why is not None:
                found.append(why)
        return any_of(found)

    def _table(self, value: Setting) -> tuple[Declared | None, Truth | None]:
        """The table that a value names; a transit gateway stands for its own."""
        if is_own_table(self.view, value, self.transit.declared):
            return self.transit.declared, None
        return resolve(self.view, value, TRANSIT_TABLES, "the transit gateway's route table")

    def _by(self, table: Declared) -> Truth:
        """What a table says: each part of the addresses by the route that decides about it."""
        entries = (*self._static(table), *self._propagated(table))
        known = [it for it in entries if it.addresses is not None]
        left, found = self.there, []
        for entry in sorted(known, key=lambda it: (it.addresses.size if it.addresses else 0, it.rank)):
            assert entry.addresses is not None
            if left.meets(entry.addresses):
                found.append(entry.leads)
                left = left - entry.addresses
        if left:
            found.append(no(f"{table.address} has no route to {self.far.declared.address}", table.span, table.address))
        return self._weighed(found, [it.leads for it in entries if it.addresses is None])

    def _weighed(self, found: Sequence[Truth], open_: Sequence[Truth]) -> Truth:
        """One answer of several: where they differ, the address of the other side decides."""
        states = {it.state for it in found}
        if len(states) > 1:
            return unknown("the address of the other side is not fixed, and routes take a part of it elsewhere")
        doubtful = [it for it in open_ if it.state is State.UNKNOWN]
        return any_of(doubtful) if doubtful else found[0]

    def _static(self, table: Declared) -> Iterator[_Entry]:
        for route in transit_routes(self.view, table):
            if route.holds.state is State.NO:
                continue
            block = parsed_block(route.destination.it) if isinstance(route.destination, Known) else None
            if block is None:
                why = doubt(route.destination, "the destination", route.resource.declared.address)
                yield _Entry(None, 0, why)
            elif block[1] == self.bits:
                yield _Entry(block[0], 1 if route.by_list else 0, self._leads(table, route))

    def _leads(self, table: Declared, route: TransitRoute) -> Truth:
        """Whether a static route leads to the far VPC; a VPC with a middlebox may pass on what it is sent."""
        place, owner = route.resource.span, table.address
        if route.blackhole.state is State.YES:
            return no(f"a route of {owner} drops it", place, owner)
        named = self.view.target(route.attachment, TransitAttachment.cloudformation + TransitAttachment.terraform)
        if named is self.far.declared:
            return yes(f"a route of {owner} leads to {named.address}", place, owner) & route.holds & ~route.blackhole
        if named is None:
            return doubt(route.attachment, "where a route of the transit gateway leads", owner)
        other = self.topology.vpc(TransitAttachment(self.view, named).vpc)
        if inspects(self.topology, other):
            return unknown(f"traffic is inspected in {other.key}", place, owner)
        return no(f"the longest route of {owner} leads to {named.address}", place, owner)

    def _propagated(self, table: Declared) -> Iterator[_Entry]:
        """What the far VPC's attachment teaches the table: its blocks, as wide as they are."""
        taught = self._taught(table)
        if taught.state is State.NO:
            return
        blocks = self.vpc.blocks.get(self.bits)
        if blocks is None or not covers(blocks, self.there):
            yield _Entry(self.there, 2, taught)
        else:
            yield from (_Entry(Ranges((part,)), 2, taught) for part in blocks.parts)

    def _taught(self, table: Declared) -> Truth:
        found = []
        for value, holds in self.far.tables("Propagation"):
            named, why = self._table(value)
            if named is table:
                found.append(holds)
            elif named is None and why is not None:
                found.append(why)
        if table is self.transit.declared:
            text = f"{table.address} propagates to its own table"
            own = self.transit.propagates & self.far.propagates
            found.append(own & yes(text, table.span, table.address))
        return any_of(found)
