"""The gates of a VPC: to the internet, to other VPCs, to other networks."""

from __future__ import annotations

from collections.abc import Iterator

from partywall.aws.resource import INFRASTRUCTURE, Resource, flag, one_of, text
from partywall.declared import Declared
from partywall.graph import View
from partywall.truth import YES, Truth, any_of
from partywall.value import Known, Setting

INTERNET_GATEWAYS = ("AWS::EC2::InternetGateway", "aws_internet_gateway")
EGRESS_ONLY = ("AWS::EC2::EgressOnlyInternetGateway", "aws_egress_only_internet_gateway")
VPN_GATEWAYS = ("AWS::EC2::VPNGateway", "aws_vpn_gateway")
NATS = ("AWS::EC2::NatGateway", "aws_nat_gateway")
PEERINGS = ("AWS::EC2::VPCPeeringConnection", "aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter")
TRANSIT_GATEWAYS = ("AWS::EC2::TransitGateway", "aws_ec2_transit_gateway")


def attachments(view: View, gateway: Declared) -> Iterator[tuple[Setting, Truth]]:
    """The VPCs that an internet or VPN gateway is attached to, by its own word or by an attachment declared apart."""
    own = Resource(view, gateway)
    value = own.read((), "vpc_id") if own.in_terraform else Known(None)
    if not (isinstance(value, Known) and value.it is None):
        yield value, YES
    keys = {
        "AWS::EC2::VPCGatewayAttachment": "VpnGatewayId" if gateway.type in VPN_GATEWAYS else "InternetGatewayId",
        "aws_internet_gateway_attachment": "internet_gateway_id",
        "aws_vpn_gateway_attachment": "vpn_gateway_id",
    }
    for link in own.companions(keys, ("id",)):
        yield Resource(view, link.declared).read("VpcId", "vpc_id"), link.holds


class NatGateway(
    Resource, service="vpc", model=INFRASTRUCTURE, cloudformation="AWS::EC2::NatGateway", terraform="aws_nat_gateway"
):
    """A gateway that lends its own address to those behind it."""

    connectivity = text(cfn="ConnectivityType", tf="connectivity_type", default="public")

    @property
    def subnet(self) -> Setting:
        """The subnet it stands in."""
        return self.read("SubnetId", "subnet_id")

    @property
    def is_public(self) -> Truth:
        """Whether it leads to the internet; a private one only translates addresses."""
        return type(self).connectivity.fits(self, one_of("public"))


class Peering(
    Resource,
    service="vpc",
    model=INFRASTRUCTURE,
    cloudformation="AWS::EC2::VPCPeeringConnection",
    terraform="aws_vpc_peering_connection",
):
    """A connection between two VPCs; it serves the two and nobody behind them."""

    auto_accept = flag(tf="auto_accept", default=False)

    @property
    def sides(self) -> tuple[Setting, Setting]:
        """The two VPCs."""
        return self.read("VpcId", "vpc_id"), self.read("PeerVpcId", "peer_vpc_id")

    @property
    def accepted(self) -> Truth:
        """Whether the other side agreed.

        CloudFormation waits for the acceptance; in Terraform the requester accepts in its own account and region, or
        an accepter resource does. Sources: AWS::EC2::VPCPeeringConnection; aws_vpc_peering_connection.
        """
        if not self.in_terraform:
            return YES
        accepter = self.any_companion(
            {"aws_vpc_peering_connection_accepter": "vpc_peering_connection_id"},
            lambda it: flag(tf="auto_accept", default=False).truth(Resource(self.view, it)),
            ("id",),
        )
        return self.auto_accept | accepter


class BlockPublicAccess(
    Resource,
    service="vpc",
    model=INFRASTRUCTURE,
    cloudformation="AWS::EC2::VPCBlockPublicAccessOptions",
    terraform="aws_vpc_block_public_access_options",
):
    """The switch of a region that closes internet gateways whatever routes and groups say."""

    mode = text(cfn="InternetGatewayBlockMode", tf="internet_gateway_block_mode")

    @property
    def closes_inbound(self) -> Truth:
        """Whether nothing from the internet may start a connection."""
        return type(self).mode.fits(self, one_of("block-ingress", "block-bidirectional"))

    @property
    def closes_outbound(self) -> Truth:
        """Whether nothing may leave through an internet gateway either."""
        return type(self).mode.fits(self, one_of("block-bidirectional"))


def excluded(view: View, subnet: Declared | None, vpc: Declared | None, *, inbound: bool) -> Truth:
    """Whether a subnet, or its VPC, is exempt from the block on public access."""
    types = ("AWS::EC2::VPCBlockPublicAccessExclusion", "aws_vpc_block_public_access_exclusion")
    modes = ("allow-bidirectional",) if inbound else ("allow-bidirectional", "allow-egress")
    found: list[Truth] = []
    for declared in view.of(types):
        one = Resource(view, declared)
        mode = text(cfn="InternetGatewayExclusionMode", tf="internet_gateway_exclusion_mode")
        meant = any_of(
            view.names(value, owner, ("id",))
            for owner, value in (
                (subnet, one.read("SubnetId", "subnet_id")),
                (vpc, one.read("VpcId", "vpc_id")),
            )
            if owner is not None
        )
        found.append(meant & mode.fits(one, one_of(*modes)))
    return any_of(found)


class Joint(
    Resource,
    service="vpc",
    model=INFRASTRUCTURE,
    cloudformation=("AWS::EC2::VPCPeeringConnection", "AWS::EC2::TransitGateway"),
    terraform=("aws_vpc_peering_connection", "aws_ec2_transit_gateway"),
):
    """What joins networks: a peering or a transit gateway."""
