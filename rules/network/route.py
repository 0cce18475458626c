"""Routes and gateways: where traffic leaves a subnet."""

from __future__ import annotations

from partywall.aws.gateway import Joint, NatGateway
from partywall.aws.route import AnyRoute, MainTable
from partywall.reason import network
from partywall.rule import LOW, MEDIUM, rule
from partywall.truth import Truth


def _is_narrow(route: AnyRoute) -> Truth:
    """The route is for the peer's network, not for the internet."""
    return network.routing.not_the_world(route)


@rule("NET140", MEDIUM, fixable="unsafe")
def route_table_main_has_internet_route(table: MainTable) -> Truth:
    """The main route table of a VPC leads nowhere outside.

    Every subnet without an association of its own uses the main table. With a route to an internet gateway in it, a
    subnet that someone forgot is public.

    Instead: keep the main table local and give public subnets a table of their own.

    Sources: VPC user guide, Main route table.
    """
    return network.routing.opens_every_subnet(table)


@rule(
    "NET145",
    MEDIUM,
    fixable="unsafe",
    lowered=(LOW, _is_narrow),
    same_as=[
        "checkov:CKV2_AWS_44", "kics:VPC Peering Route Table with Unrestricted CIDR",
        "cloudrail:vpc_peering_least_access", "cis:5.5",
    ],
)  # fmt: skip
def peering_route_too_wide(route: AnyRoute) -> Truth:
    """Routes to a peered VPC name the subnets that are used.

    A peering serves the two VPCs and nobody behind them: a default route into it leads nowhere, and a route for the
    peer's whole network opens more than one service needs.

    Instead: route the peer's subnets that are used.

    Sources: CIS AWS Foundations 3.0 5.5; VPC peering guide, Route tables.
    """
    return network.routing.wider_than_peer(route)


@rule("NET168", MEDIUM)
def route_target_missing(route: AnyRoute) -> Truth:
    """Routes lead to targets that work.

    A gateway that is attached to no VPC or to another one, or a peering that nobody accepted, makes a route a black
    hole: traffic is dropped and does not fall back to a wider route.

    Instead: attach the target, accept the peering, or remove the route.

    Sources: VPC user guide, Route tables, Route priority and blackhole routes.
    """
    return network.routing.leads_nowhere(route)


@rule("NET169", MEDIUM)
def nat_gateway_without_internet_route(nat: NatGateway) -> Truth:
    """Public NAT gateways stand in public subnets.

    A NAT gateway sends what it translates along the routes of its own subnet. Without a route to an attached internet
    gateway there, nothing behind it gets out.

    Instead: put it in a subnet whose table leads to the internet gateway.

    Sources: VPC user guide, NAT gateways.
    """
    return network.routing.has_no_way_out(nat)


@rule("NET170", MEDIUM)
def peering_route_without_return(joint: Joint) -> Truth:
    """Both sides of a peering or transit gateway route to each other.

    A route on one side brings requests over, and without one on the other side no answer comes back.

    Instead: add the route on the other side.

    Sources: VPC peering guide, Update route tables; Transit gateways guide, Route tables.
    """
    return network.routing.lacks_return(joint)
