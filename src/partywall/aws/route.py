"""Routes: which way traffic leaves a subnet, inline, declared alone, or learnt from a VPN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from partywall.aws.resource import INFRASTRUCTURE, Resource
from partywall.declared import Declared
from partywall.graph import View
from partywall.truth import YES, Truth
from partywall.value import CREATED, Known, Reference, Setting, Unknown

TABLES = ("AWS::EC2::RouteTable", "aws_route_table", "aws_default_route_table")

TARGETS: dict[str, tuple[str, str]] = {
    "gateway": ("GatewayId", "gateway_id"),
    "nat": ("NatGatewayId", "nat_gateway_id"),
    "egress-only": ("EgressOnlyInternetGatewayId", "egress_only_gateway_id"),
    "transit": ("TransitGatewayId", "transit_gateway_id"),
    "peering": ("VpcPeeringConnectionId", "vpc_peering_connection_id"),
    "endpoint": ("VpcEndpointId", "vpc_endpoint_id"),
    "interface": ("NetworkInterfaceId", "network_interface_id"),
    "instance": ("InstanceId", "instance_id"),
    "carrier": ("CarrierGatewayId", "carrier_gateway_id"),
    "local-gateway": ("LocalGatewayId", "local_gateway_id"),
    "core": ("CoreNetworkArn", "core_network_arn"),
}
"""The kinds of target a route may have, with their spellings."""


class Route(Resource, service="vpc", model=INFRASTRUCTURE, cloudformation="AWS::EC2::Route", terraform="aws_route"):
    """One route: a destination and where it leads."""

    @property
    def destination(self) -> Setting:
        """The block of addresses, of either family."""
        return self.read(
            ("DestinationCidrBlock", "DestinationIpv6CidrBlock"),
            ("destination_cidr_block", "destination_ipv6_cidr_block", "cidr_block", "ipv6_cidr_block"),
        )

    @property
    def prefix_list(self) -> Setting:
        """The prefix list that stands for a destination."""
        return self.read("DestinationPrefixListId", "destination_prefix_list_id")

    @property
    def target(self) -> tuple[str, Setting]:
        """The kind of target and its name; kind "" where none is given."""
        for kind, (cfn, tf) in TARGETS.items():
            value = self.read(cfn, tf)
            if not (isinstance(value, Known) and value.it in (None, "")):
                return kind, value
        return "", Known(None, self.span)


class RouteTable(
    Resource,
    service="vpc",
    model=INFRASTRUCTURE,
    cloudformation="AWS::EC2::RouteTable",
    terraform=("aws_route_table", "aws_default_route_table"),
):
    """A route table with the routes that are declared inside it and apart."""

    kin = TABLES

    @property
    def vpc(self) -> Setting:
        """The VPC it belongs to; the adopted main table names it through the VPC's attribute."""
        return self.read(
            "VpcId", "default_route_table_id" if self.declared.type == "aws_default_route_table" else "vpc_id"
        )

    @property
    def is_main(self) -> bool:
        """Whether it is the table that Terraform takes over from AWS."""
        return self.declared.type == "aws_default_route_table"

    @property
    def routes(self) -> Iterator[tuple[Route, Truth]]:
        """Its routes, each with whether it belongs here."""
        for element in self.elements((), "route"):
            yield Route(self.view, self.declared, element), YES
        for link in self.companions({"AWS::EC2::Route": "RouteTableId", "aws_route": "route_table_id"}, ("id",)):
            yield Route(self.view, link.declared), link.holds

    @property
    def propagating(self) -> Iterator[tuple[Setting, Truth]]:
        """The VPN gateways whose routes it learns."""
        for element in self.elements((), "propagating_vgws"):
            yield element, YES
        keys = {
            "aws_vpn_gateway_route_propagation": "route_table_id",
            "AWS::EC2::VPNGatewayRoutePropagation": "RouteTableIds",
        }
        for link in self.companions(keys, ("id",)):
            yield Resource(self.view, link.declared).read("VpnGatewayId", "vpn_gateway_id"), link.holds


class AnyRoute(
    Route,
    cloudformation="AWS::EC2::Route",
    terraform=("aws_route", "aws_route_table", "aws_default_route_table"),
):
    """A route as something to judge, wherever it is declared."""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Routes written in tables, then those declared alone."""
        for declared in view.of(TABLES):
            yield from cls.parts(view, declared, Resource(view, declared).numbered((), "route"))
        for declared in view.of(Route.cloudformation + Route.terraform):
            yield cls(view, declared)

    @property
    def table(self) -> Setting:
        """The table it belongs to."""
        if self.declared.type in TABLES:
            return Unknown(CREATED, self.declared.span, (Reference(self.declared.address),))
        return self.read("RouteTableId", "route_table_id")


class MainTable(
    RouteTable,
    cloudformation="AWS::EC2::RouteTable",
    terraform=("aws_default_route_table", "aws_route_table"),
):
    """A route table that may be a VPC's main one: every subnet that names no other uses it."""

    @property
    def is_main_of_some_vpc(self) -> bool:
        """Whether it is adopted as the main table, or made it by an association."""
        if self.is_main:
            return True
        return any(
            it.address == self.declared.address
            for declared in self.view.of(("aws_main_route_table_association",))
            for it in Resource(self.view, declared).read((), "route_table_id").references
        )


def main_routes(view: View, vpc: Declared) -> Iterator[Route]:
    """The routes that Terraform adds to a VPC's main table through the VPC's own attribute."""
    for declared in view.of(("aws_route",)):
        route = Route(view, declared)
        for reference in route.read((), "route_table_id").references:
            if reference.address == vpc.address and reference.attribute in (
                "main_route_table_id", "default_route_table_id",
            ):  # fmt: skip
                yield route


TABLE_ASSOCIATIONS = {"AWS::EC2::SubnetRouteTableAssociation": "SubnetId", "aws_route_table_association": "subnet_id"}
"""What gives a subnet its table, and how it names the subnet."""

GATEWAY_ASSOCIATIONS = {
    "AWS::EC2::GatewayRouteTableAssociation": "GatewayId",
    "aws_route_table_association": "gateway_id",
}
"""What gives a gateway a table for what comes in, and how it names the gateway."""


def explicit_table(view: View, subnet: Declared) -> Iterator[tuple[Setting, Truth, Declared]]:
    """The tables that associations give a subnet: the name of each, whether it holds, and where it says so."""
    owner = Resource(view, subnet)
    for link in owner.companions(TABLE_ASSOCIATIONS, ("id",)):
        yield Resource(view, link.declared).read("RouteTableId", "route_table_id"), link.holds, link.declared


def main_table(view: View, vpc: Declared) -> Iterator[tuple[Setting, Truth, Declared]]:
    """The tables that Terraform makes a VPC's main one."""
    for link in Resource(view, vpc).companions({"aws_main_route_table_association": "vpc_id"}, ("id",)):
        yield Resource(view, link.declared).read((), "route_table_id"), link.holds, link.declared
