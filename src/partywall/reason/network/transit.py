"""Transit gateways: whether the table of one VPC's attachment leads to another's."""

from __future__ import annotations

from partywall.address import Ranges, parsed_block
from partywall.aws.gateway import (
    TRANSIT_GATEWAYS,
    TRANSIT_TABLES,
    TransitAttachment,
    defaults,
    is_blackhole,
    transit_routes,
)
from partywall.aws.resource import Resource
from partywall.declared import Declared
from partywall.graph import View
from partywall.reason.network.flows import covers
from partywall.reason.network.gates import Gate
from partywall.reason.network.node import Vpc, resolve
from partywall.reason.network.topology import Topology
from partywall.truth import State, Truth, any_of, no, yes
from partywall.value import Known


def joins(topology: Topology, gate: Gate, vpc: Vpc, far: Vpc, there: Ranges, bits: int) -> Truth:
    """Whether a transit gateway takes addresses of a far VPC there from a near one: static before propagated."""
    view, transit = topology.view, gate.declared
    if transit is None:
        return gate.open
    plugs = [
        it for it in TransitAttachment.subjects(view)
        if resolve(view, it.gateway, TRANSIT_GATEWAYS, "the transit gateway")[0] is transit
    ]  # fmt: skip
    near = [it for it in plugs if topology.vpc(it.vpc).key == vpc.key]
    distant = [it for it in plugs if topology.vpc(it.vpc).key == far.key]
    if not near or not distant:
        return no(f"{gate.address} does not join {vpc.key} and {far.key}", gate.span, gate.address)
    return any_of(_leg(view, transit, one, other, there, bits) for one in near for other in distant)


def _leg(
    view: View, transit: Declared, near: TransitAttachment, far: TransitAttachment, there: Ranges, bits: int
) -> Truth:
    associates, propagates = defaults(view, transit)
    tables = list(near.tables("Association"))
    if not tables:
        own = associates & near.associates
        spread = propagates & far.propagates
        return own & spread & yes(f"{transit.address} propagates to its own table", transit.span, transit.address)
    found = []
    for value, holds in tables:
        table, why = resolve(view, value, TRANSIT_TABLES, "the transit gateway's route table")
        if table is not None:
            found.append(_of_table(view, table, far, there, bits) & holds)
        elif why is not None:
            found.append(why)
    return any_of(found)


def _of_table(view: View, table: Declared, far: TransitAttachment, there: Ranges, bits: int) -> Truth:
    """What a table says about some addresses: its longest static prefix, else what is propagated to it."""
    static: list[tuple[int, Resource]] = []
    for route, holds in transit_routes(view, table):
        value = route.read("DestinationCidrBlock", "destination_cidr_block")
        block = parsed_block(value.it) if isinstance(value, Known) else None
        if holds.state is not State.NO and block is not None and block[1] == bits and covers(block[0], there):
            static.append((block[0].size, route))
    if static:
        _, route = min(static, key=lambda it: it[0])
        target = route.read("TransitGatewayAttachmentId", "transit_gateway_attachment_id")
        named = any(it.address == far.declared.address for it in target.references)
        text = f"the longest route of {table.address} leads {'' if named else 'not '}to {far.declared.address}"
        return (yes if named else no)(text, route.span, table.address) & ~is_blackhole(route)
    for value, holds in far.tables("Propagation"):
        if resolve(view, value, TRANSIT_TABLES, "the transit gateway's route table")[0] is table:
            return holds
    return no(f"{table.address} has no route to {far.declared.address}", table.span, table.address)
