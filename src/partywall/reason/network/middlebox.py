"""Middleboxes on the way: firewalls that routes lead through, and tables of gateways that send there what comes in.

Whether a middlebox passes traffic on is for its own rules, which are not read here: what it inspects may pass. What its
own subnets do not route on does not.
"""

from __future__ import annotations

from partywall.address import INTERNET as PUBLIC
from partywall.address import everything
from partywall.aws.gateway import INTERNET_GATEWAYS, VPN_GATEWAYS
from partywall.aws.middlebox import subnets_of
from partywall.aws.resource import Resource
from partywall.aws.route import GATEWAY_ASSOCIATIONS, TABLES
from partywall.graph import View
from partywall.reason.network import routes
from partywall.reason.network.gates import INSPECTED, INTERNET, VPN, Gate
from partywall.reason.network.node import Vpc, resolve
from partywall.reason.network.topology import Subnet, Table, Topology
from partywall.truth import YES, State, Truth, no
from partywall.value import Known


def leads(topology: Topology, gate: Gate, bits: int, *kinds: str) -> Truth:
    """Whether a gate leads to one of some kinds; a middlebox may, if the routes of a subnet it stands in do."""
    if gate.kind != INSPECTED or gate.declared is None:
        return gate.leads(*kinds)
    places = [topology.subnet(it) for it in subnets_of(topology.view, gate.declared)]
    wanted = PUBLIC[bits] if INTERNET in kinds else everything(bits)
    onward = (routes.leading(it.table, bits, lambda on: on.leads(*kinds), lenient=True) for it in places)
    if not places or any(wanted.meets(it) for it in onward):
        return gate.open
    return no(f"{gate.name} stands in {places[0].key}, which has no route on", gate.span, gate.address)


def inspects(topology: Topology, vpc: Vpc) -> bool:
    """Whether some table of a VPC leads to a middlebox."""
    tables = (topology.table(it) for it in topology.view.of(TABLES))
    return any(it.vpc.key == vpc.key and any(route.gate.kind == INSPECTED for route in it.routes) for it in tables)


def comes_in(topology: Topology, subnet: Subnet, bits: int, kind: str) -> Truth:
    """Whether what comes in through a gateway of some kind goes straight to a subnet, and to no middlebox first.

    Source: VPC user guide, Gateway route tables.
    """
    for table in _edges(topology).get((subnet.vpc.key, kind), ()):
        there = subnet.blocks.get(bits) or everything(bits)
        for addresses, route in routes.regions(table, bits):
            if route.gate.kind == INSPECTED and addresses.meets(there):
                return route.gate.open
        for route in table.routes:
            if route.gate.kind == INSPECTED and route.addresses is None:
                return route.gate.open
    return YES


def _edges(topology: Topology) -> dict[tuple[str, str], list[Table]]:
    """The tables of gateways, by VPC and kind of gateway; one that is not declared here may be of either kind."""
    view: View = topology.view
    found = view.memo.get(_edges)
    if isinstance(found, dict):
        return found
    edges: dict[tuple[str, str], list[Table]] = {}
    for kind, name in GATEWAY_ASSOCIATIONS.items():
        for declared in view.of((kind,)):
            own = Resource(view, declared)
            value = own.read(name, name)
            table, _ = resolve(view, own.read("RouteTableId", "route_table_id"), TABLES, "the route table")
            if table is None or (isinstance(value, Known) and value.it is None):
                continue
            if view.exists(declared).state is not State.NO:
                node = topology.table(table)
                for sort, types in ((INTERNET, INTERNET_GATEWAYS), (VPN, VPN_GATEWAYS)):
                    gateway = view.target(value, (*INTERNET_GATEWAYS, *VPN_GATEWAYS))
                    if gateway is None or gateway.type in types:
                        edges.setdefault((node.vpc.key, sort), []).append(node)
    view.memo[_edges] = edges
    return edges
