"""Transit gateways: who is plugged in, and which table leads where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from partywall.aws.gateway import TRANSIT_GATEWAYS
from partywall.aws.prefix_list import PREFIX_LISTS, PrefixList
from partywall.aws.resource import INFRASTRUCTURE, Resource, flag, one_of, text
from partywall.declared import Declared
from partywall.graph import View
from partywall.immutable import immutable
from partywall.truth import Truth
from partywall.value import Known, Setting

TRANSIT_ATTACHMENTS = (
    "AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment",
    "aws_ec2_transit_gateway_vpc_attachment",
)  # fmt: skip
TRANSIT_TABLES = ("AWS::EC2::TransitGatewayRouteTable", "aws_ec2_transit_gateway_route_table")
_TABLE = ("TransitGatewayRouteTableId", "transit_gateway_route_table_id")
_ATTACHMENT = ("TransitGatewayAttachmentId", "transit_gateway_attachment_id")


class TransitAttachment(
    Resource,
    service="vpc",
    model=INFRASTRUCTURE,
    cloudformation=("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment"),
    terraform="aws_ec2_transit_gateway_vpc_attachment",
):
    """A VPC's plug in a transit gateway."""

    associates = flag(tf="transit_gateway_default_route_table_association", default=True)
    propagates = flag(tf="transit_gateway_default_route_table_propagation", default=True)
    group_support = text(
        cfn="Options.SecurityGroupReferencingSupport", tf="security_group_referencing_support", default="enable"
    )

    @property
    def gateway(self) -> Setting:
        """The transit gateway."""
        return self.read("TransitGatewayId", "transit_gateway_id")

    @property
    def vpc(self) -> Setting:
        """The VPC."""
        return self.read("VpcId", "vpc_id")

    @property
    def lets_groups_be_named(self) -> Truth:
        """Whether rules of groups may name groups of other VPCs here."""
        return type(self).group_support.fits(self, one_of("enable"))

    def tables(self, kind: str) -> Iterator[tuple[Setting, Truth]]:
        """The route tables it is associated with, or propagates to (`kind` is Association or Propagation)."""
        keys = {
            f"AWS::EC2::TransitGatewayRouteTable{kind}": _ATTACHMENT[0],
            f"aws_ec2_transit_gateway_route_table_{kind.lower()}": _ATTACHMENT[1],
        }
        for link in self.companions(keys, ("id",)):
            yield Resource(self.view, link.declared).read(*_TABLE), link.holds


class TransitGateway(
    Resource,
    service="vpc",
    model=INFRASTRUCTURE,
    cloudformation="AWS::EC2::TransitGateway",
    terraform="aws_ec2_transit_gateway",
):
    """A router that VPCs are plugged into."""

    association = text(cfn="DefaultRouteTableAssociation", tf="default_route_table_association", default="enable")
    propagation = text(cfn="DefaultRouteTablePropagation", tf="default_route_table_propagation", default="enable")
    group_support = text(
        cfn="SecurityGroupReferencingSupport", tf="security_group_referencing_support", default="disable"
    )

    @property
    def associates(self) -> Truth:
        """Whether it associates new attachments with its own table."""
        return type(self).association.fits(self, one_of("enable"))

    @property
    def propagates(self) -> Truth:
        """Whether it propagates new attachments to its own table."""
        return type(self).propagation.fits(self, one_of("enable"))

    @property
    def lets_groups_be_named(self) -> Truth:
        """Whether inbound rules of groups may name groups of other VPCs; nobody may until it is told so.

        Source: Transit gateways guide, Security group referencing.
        """
        return type(self).group_support.fits(self, one_of("enable"))

    @property
    def attachments(self) -> tuple[TransitAttachment, ...]:
        """The VPCs that are plugged in."""
        keys = {kind: "TransitGatewayId" if "::" in kind else "transit_gateway_id" for kind in TRANSIT_ATTACHMENTS}
        return tuple(TransitAttachment(self.view, it.declared) for it in self.companions(keys, ("id",)))


@immutable()
class TransitRoute:
    """A route of a transit gateway for one block: where it leads, whether it is a dead end, whether it belongs here."""

    destination: Setting
    attachment: Setting
    blackhole: Truth
    resource: Resource
    holds: Truth
    by_list: bool


_ROUTES: Mapping[str, str] = {
    "AWS::EC2::TransitGatewayRoute": _TABLE[0], "aws_ec2_transit_gateway_route": _TABLE[1],
    "aws_ec2_transit_gateway_prefix_list_reference": _TABLE[1],
}  # fmt: skip


def transit_routes(view: View, table: Declared) -> Iterator[TransitRoute]:
    """The static routes of a table; those of a transit gateway's own table are named through the gateway."""
    for link in Resource(view, table).companions(_ROUTES, ("id",)):
        route = Resource(view, link.declared)
        blackhole = flag(cfn="Blackhole", tf="blackhole", default=False).truth(route)
        listed = route.read((), "prefix_list_id")
        by_list = not (isinstance(listed, Known) and listed.it is None)
        blocks = (route.read("DestinationCidrBlock", "destination_cidr_block"),)
        if by_list:
            found = view.target(listed, PREFIX_LISTS)
            blocks = (listed,) if found is None else PrefixList(view, found).entries  # type: ignore[assignment]
        for block in blocks:
            yield TransitRoute(block, route.read(*_ATTACHMENT), blackhole, route, link.holds, by_list)


def is_own_table(view: View, value: Setting, transit: Declared) -> bool:
    """Whether a value names the table that a transit gateway makes for itself."""
    return view.target(value, TRANSIT_GATEWAYS) is transit
