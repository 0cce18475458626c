"""Gateway endpoints: the way to S3 and DynamoDB that a route table has, without any gateway to the internet."""

from __future__ import annotations

from collections.abc import Iterator

from partywall.aws.resource import INFRASTRUCTURE, Resource, one_of, text
from partywall.truth import YES, Truth, known
from partywall.value import Known, Setting

ENDPOINTS = ("AWS::EC2::VPCEndpoint", "aws_vpc_endpoint")
LISTS = ("data.aws_ec2_managed_prefix_list", "data.aws_prefix_list")
"""How Terraform looks up the lists of addresses that AWS keeps."""


class GatewayEndpoint(
    Resource,
    service="vpc",
    model=INFRASTRUCTURE,
    cloudformation="AWS::EC2::VPCEndpoint",
    terraform="aws_vpc_endpoint",
):
    """An endpoint that is a route: tables it is associated with send the service's addresses through it."""

    sort = text(cfn="VpcEndpointType", tf="vpc_endpoint_type", default="Gateway")

    @property
    def is_gateway(self) -> Truth:
        """Whether it is a route and not an interface; that is what AWS makes when nobody says."""
        return type(self).sort.fits(self, one_of("Gateway"))

    @property
    def takes_groups(self) -> Truth:
        """Whether security groups guard it: those of a Gateway Load Balancer have none.

        Source: AWS PrivateLink guide, Gateway Load Balancer endpoints.
        """
        return ~type(self).sort.fits(self, one_of("GatewayLoadBalancer"))

    @property
    def tables(self) -> Iterator[tuple[Setting, Truth]]:
        """The route tables it is associated with."""
        for element in self.elements("RouteTableIds", "route_table_ids"):
            yield element, YES
        for link in self.companions({"aws_vpc_endpoint_route_table_association": "vpc_endpoint_id"}, ("id",)):
            yield Resource(self.view, link.declared).read((), "route_table_id"), link.holds

    @property
    def serves(self) -> str:
        """The service's short name, such as s3; "" where it is not known."""
        return _service(self.read("ServiceName", "service_name"))

    def is_list(self, value: Setting) -> Truth:
        """Whether a prefix list holds the addresses of its service: the endpoint's own, or AWS's by name."""
        own = self.view.target(value, ENDPOINTS) is self.declared
        found = self.view.target(value, LISTS)
        name = found.attributes.get("name", Known(None)) if found is not None else Known(None)
        same = own or (self.serves != "" and _service(name) == self.serves)
        said = f"the prefix list {'holds' if same else 'does not hold'} the service's addresses"
        return known(same, said, value.span, self.declared.address)


def _service(name: Setting) -> str:
    """The last part of a service's name, such as `com.amazonaws.eu-west-1.s3`, the region of which may be unknown."""
    if isinstance(name, Known):
        text_ = str(name.it or "")
    else:
        tail = (getattr(name, "parts", None) or (None,))[-1]
        text_ = tail or ""
    return text_.rpartition(".")[2]
