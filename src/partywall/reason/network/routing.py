"""What is wrong with routes: dead ends, gateways without a way out, one-way peerings, main tables left open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

from partywall.address import INTERNET as PUBLIC
from partywall.address import Ranges, is_world
from partywall.aws.gateway import TRANSIT_GATEWAYS, Joint, NatGateway, Peering
from partywall.aws.route import TABLES, AnyRoute, MainTable
from partywall.aws.transit import TransitGateway
from partywall.declared import Declared
from partywall.reason.network import middlebox, routes
from partywall.reason.network.addressing import leads_to_internet
from partywall.reason.network.flows import NOTHING, covers
from partywall.reason.network.gates import (
    ELSEWHERE,
    INSPECTED,
    INTERNET,
    PEER,
    TRANSIT,
    Gate,
    TableRoute,
    far_side,
    table_routes,
)
from partywall.reason.network.node import Vpc
from partywall.reason.network.path import FAMILIES
from partywall.reason.network.topology import Table, Topology, topology
from partywall.reason.network.transit import joins
from partywall.truth import NO, YES, State, Truth, any_of, known, no, unknown, yes


def _as_routed(route: AnyRoute) -> tuple[Vpc, list[TableRoute]]:
    """A declared route as its table has it."""
    found = topology(route.view)
    vpc = found.vpc_of_route(route)
    return vpc, list(table_routes(route.view, vpc, found.vpc, route, YES))


def leads_nowhere(route: AnyRoute) -> Truth:
    """Whether a route's target is detached, in another VPC, or a peering that nobody accepted."""
    _, made = _as_routed(route)
    table = next((it.address for it in route.table.references), "")
    return any_of(
        _dead(it, table) for it in made if it.gate.kind not in (ELSEWHERE, INSPECTED) and it.gate.declared is not None
    )


def _dead(route: TableRoute, table: str) -> Truth:
    works = route.gate.open
    if works.state is not State.NO:
        return ~works
    nowhere = yes(f"{route.said} leads nowhere", route.span, route.resource)
    return Truth(State.YES, (nowhere, works, yes("", resource=table)), works.variables)


def has_no_way_out(nat: NatGateway) -> Truth:
    """Whether a public NAT gateway stands in a subnet without a route to an internet gateway."""
    found = topology(nat.view)
    subnet = found.subnet(nat.subnet)
    out = leads_to_internet(found, subnet)
    if out.state is State.NO:
        said = no(f"{nat.declared.address} stands in {subnet.key}", nat.subnet.span, nat.declared.address)
        out = Truth(State.NO, (said, out))
    return ~out & nat.is_public


def opens_every_subnet(table: MainTable) -> Truth:
    """Whether a VPC's main table leads to the internet."""
    found = topology(table.view)
    node = found.table(table.declared)
    if not table.is_main_of_some_vpc:
        return no(f"{table.declared.address} is not the main table of a VPC", table.span, table.declared.address)
    return _opens(found, node)


def _opens(found: Topology, table: Table) -> Truth:
    claims = {bits: partial(_leads_out, found, bits) for bits in FAMILIES}
    for bits, wanted in claims.items():
        if is_world(routes.leading(table, bits, wanted, lenient=False), bits):
            route = next(it for it in table.routes if it.bits == bits and it.gate.kind == INTERNET)
            return yes(f"the main route table leads to the internet: {route.said}", route.span, route.resource)
    for bits, wanted in claims.items():
        if is_world(routes.leading(table, bits, wanted, lenient=True), bits):
            return any_of(it for it in routes.doubts(table, bits, wanted) if it.state is State.UNKNOWN)
    return no(f"{table.address} has no route to an internet gateway", table.span, table.address)


def _leads_out(found: Topology, bits: int, gate: Gate) -> Truth:
    return middlebox.leads(found, gate, bits, INTERNET)


# Peerings and transit gateways


def joined(joint: Joint) -> list[Vpc]:
    """The VPCs on the sides of a peering, or plugged into a transit gateway."""
    found = topology(joint.view)
    if joint.declared.type in TRANSIT_GATEWAYS:
        return [found.vpc(it.vpc) for it in TransitGateway(joint.view, joint.declared).attachments]
    return [found.vpc(side) for side in Peering(joint.view, joint.declared).sides]


def is_routed(joint: Joint) -> bool:
    """Whether some route leads over a joint."""
    found = topology(joint.view)
    tables = (found.table(it) for it in joint.view.of(TABLES))
    return any(_is_about(route.gate, joint.declared) for table in tables for route in table.routes)


def lacks_return(joint: Joint) -> Truth:
    """Whether one side of a peering, or of a transit gateway, routes to the other, which does not route back."""
    found = topology(joint.view)
    sides = joined(joint)
    pairs = [(one, other) for one in sides for other in sides if one.key != other.key]
    return any_of(_one_way(found, joint.declared, one, other) for one, other in pairs)


def _one_way(found: Topology, joint: Declared, one: Vpc, other: Vpc) -> Truth:
    """Whether routes of one VPC lead to the other through a joint, and none of the other's leads back.

    A default route is meant for the internet behind a joint, and what a transit gateway does not take there is no way.
    """
    there = [
        (table, it) for table in _tables(found, one) for it in _towards(table, joint, other)
        if not is_world(it.addresses or NOTHING, it.bits or 0) and _is_taken(found, it, one, other)
    ]  # fmt: skip
    if not there:
        return NO
    for vpc in (one, other):
        if vpc.doubt is not None:
            return unknown(f"the routes of {vpc.key} are not in these sources", joint.span, joint.address)
    back = [it for table in _tables(found, other) for it in _towards(table, joint, one)]
    if back:
        return NO
    open_ = [it for table in _tables(found, other) for it in table.routes if it.doubt is not None]
    if open_:
        return any_of(it.doubt for it in open_ if it.doubt is not None)
    table, route = there[0]
    text = f"{table.address} routes {route.said}, and no table of {other.key} routes back"
    return Truth(
        State.YES,
        (yes(text, route.span, route.resource), yes("", joint.span, joint.address)),
    )


def _is_taken(found: Topology, route: TableRoute, one: Vpc, other: Vpc) -> bool:
    """Whether the tables of a transit gateway may take what a route leads to it on to the other VPC."""
    blocks = other.blocks.get(route.bits or 0)
    if route.gate.kind != TRANSIT or route.bits is None or blocks is None:
        return True
    return joins(found, route.gate, one, other, blocks, route.bits).state is not State.NO


def _tables(found: Topology, vpc: Vpc) -> Sequence[Table]:
    """The tables of a VPC, its main one included."""
    held = found.view.memo.get(_tables)
    if not isinstance(held, dict):
        by_vpc: dict[str, list[Table]] = defaultdict(list)
        for declared in sorted(found.view.of(TABLES), key=lambda it: it.address):
            by_vpc[found.table(declared).vpc.key].append(found.table(declared))
        held = found.view.memo[_tables] = by_vpc
    return list(dict.fromkeys((*held.get(vpc.key, ()), found.main_table(vpc))))


def _towards(table: Table, joint: Declared, far: Vpc) -> Iterator[TableRoute]:
    """The routes of a table that lead through a joint to addresses of a VPC."""
    for route in table.routes:
        gate = route.gate
        if gate.declared is None or route.addresses is None or route.bits is None:
            continue
        same = _is_about(gate, joint)
        blocks = far.blocks.get(route.bits, NOTHING)
        if same and (route.addresses & blocks or not blocks):
            yield route


def _is_about(gate: Gate, joint: Declared) -> bool:
    """Whether a gate is a joint, or the acceptance of a peering."""
    if gate.declared is None or gate.declared is joint:
        return gate.declared is joint
    named = (it.address for value in gate.declared.attributes.values() for it in value.references)
    return gate.kind == PEER and joint.address in named


def wider_than_peer(route: AnyRoute) -> Truth:
    """Whether a route to a peering is for the whole world, the peer's whole network, or more than that."""
    found = topology(route.view)
    vpc, made = _as_routed(route)
    answers = []
    for it in made:
        if it.gate.kind != PEER:
            continue
        if it.addresses is None or it.bits is None:
            answers.append(it.doubt if it.doubt is not None else NO)
        elif is_world(it.addresses, it.bits):
            answers.append(yes(f"the whole internet is routed to a peering: {it.said}", it.span, it.resource))
        else:
            answers.append(_beyond(it.addresses, it, far_side(route.view, vpc, found.vpc, it.gate)))
    return any_of(answers)


def _beyond(addresses: Ranges, route: TableRoute, far: Vpc | None) -> Truth:
    if far is None or far.doubt is not None:
        return unknown("the peer's addresses are not in these sources", route.span, route.resource)
    blocks = far.blocks.get(route.bits or 0, NOTHING)
    if far.open_blocks:
        return unknown("the peer's addresses are not known", route.span, route.resource)
    if not covers(blocks, addresses):
        return yes(f"{route.said} is for addresses outside {far.key}", route.span, route.resource)
    whole = covers(addresses, blocks)
    return known(whole, f"{route.said} is {'all' if whole else 'a part'} of {far.key}", route.span, route.resource)


def not_the_world(route: AnyRoute) -> Truth:
    """Whether a route is for less than the internet."""
    _, made = _as_routed(route)
    held = [it for it in made if it.addresses is not None and it.bits is not None]
    return known(
        not any(is_world((it.addresses or NOTHING) & PUBLIC[it.bits or 0], it.bits or 0) for it in held), "", route.span
    )
