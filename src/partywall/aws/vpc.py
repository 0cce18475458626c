"""Networks: VPCs, subnets, and what watches and guards them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from partywall.aws.resource import INFRASTRUCTURE, Resource, flag, one_of, text
from partywall.declared import Declared
from partywall.graph import View
from partywall.truth import YES, State, Truth, all_of, any_of, no, unknown, yes
from partywall.value import Known, Setting

ASSOCIATIONS = {
    "AWS::EC2::SubnetNetworkAclAssociation": ("SubnetId", "NetworkAclId"),
    "aws_network_acl_association": ("subnet_id", "network_acl_id"),
}


VPCS = ("AWS::EC2::VPC", "aws_vpc", "aws_default_vpc")
SUBNETS = ("AWS::EC2::Subnet", "aws_subnet", "aws_default_subnet")


class Vpc(
    Resource,
    service="vpc",
    model=INFRASTRUCTURE,
    cloudformation="AWS::EC2::VPC",
    terraform=("aws_vpc", "aws_default_vpc"),
):
    """A virtual network."""

    @property
    def has_flow_log(self) -> Truth:
        """Whether flow logs record at least some traffic, of the network or of each of its subnets."""
        return self._recorded(lambda _: YES)

    @property
    def records_refusals(self) -> Truth:
        """Whether flow logs record what is refused, too."""
        return self._recorded(lambda log: log.records_refusals)

    def _recorded(self, holds: Callable[[FlowLog], Truth]) -> Truth:
        own = any_of(holds(log) & link for log, link in _flow_logs(self, "vpc_id", "VpcId"))
        subnets = self.companions({"AWS::EC2::Subnet": "VpcId", "aws_subnet": "vpc_id"}, ("id", "VpcId"))
        each = all_of(
            any_of(
                holds(log) & link for log, link in _flow_logs(Subnet(self.view, it.declared), "subnet_id", "SubnetId")
            )
            for it in subnets
        )
        none = no("no flow log is declared for it", self.span, self.declared.address)
        return own | each | none if subnets else own | none

    @property
    def default_group_closed(self) -> Truth:
        """Whether Terraform takes all rules out of its default security group."""
        return self.any_companion(
            {"aws_default_security_group": "vpc_id"},
            lambda it: ~(Resource(self.view, it).is_set((), "ingress") | Resource(self.view, it).is_set((), "egress")),
            ("id",),
        )


def _flow_logs(of: Resource, tf: str, cfn: str) -> Iterator[tuple[FlowLog, Truth]]:
    """The flow logs of a network or a subnet, and whether each is."""
    for link in of.companions({"AWS::EC2::FlowLog": "ResourceId", "aws_flow_log": tf}, ("id", cfn)):
        yield FlowLog(of.view, link.declared), link.holds


class FlowLog(
    Resource, service="vpc", model=INFRASTRUCTURE, cloudformation="AWS::EC2::FlowLog", terraform="aws_flow_log"
):
    """A record of connections."""

    traffic = text(cfn="TrafficType", tf="traffic_type", default="ALL")

    @property
    def records_refusals(self) -> Truth:
        """Whether refused connections are recorded."""
        return type(self).traffic.fits(self, one_of("ALL", "REJECT"))


class Subnet(
    Resource,
    service="vpc",
    model=INFRASTRUCTURE,
    cloudformation="AWS::EC2::Subnet",
    terraform=("aws_subnet", "aws_default_subnet"),
):
    """A part of a network in one zone."""

    public_on_launch = flag(cfn="MapPublicIpOnLaunch", tf="map_public_ip_on_launch", default=False)

    @property
    def gives_public_addresses(self) -> Truth:
        """Whether instances get a public address; default subnets give one unless told otherwise."""
        if self.declared.type == "aws_default_subnet":
            return self.public_on_launch | ~self.is_set((), "map_public_ip_on_launch")
        return self.public_on_launch

    gives_ipv6_addresses = flag(cfn="AssignIpv6AddressOnCreation", tf="assign_ipv6_address_on_creation", default=False)

    @property
    def has_own_acl(self) -> Truth:
        """Whether a network ACL other than the VPC's default is put before it."""
        named = self.view.naming(self.declared, ("id",), "subnets of network ACLs", self._of_lists)
        inline = any_of(self.view.names(item, self.declared, ("id",)) for _, item in named)
        keys = {kind: places[0] for kind, places in ASSOCIATIONS.items()}
        apart = any_of(link.holds for link in self.companions(keys, ("id", "SubnetId")))
        left = "no network ACL is associated with it, so it stands behind the VPC's default one"
        return inline | apart | no(left, self.span, self.declared.address)

    def _of_lists(self) -> Iterator[tuple[Declared, Setting]]:
        """The subnets that network ACLs name themselves."""
        for acl in self.view.of(("aws_network_acl", "aws_default_network_acl")):
            for item in Resource(self.view, acl).elements((), "subnet_ids"):
                yield acl, item


class NetworkAclPlace(
    Resource, service="vpc", model=INFRASTRUCTURE, cloudformation="AWS::EC2::NetworkAcl", terraform="aws_network_acl"
):
    """A network ACL as something that is put before subnets."""

    @property
    def attached(self) -> Truth:
        """Whether some subnet stands behind it."""
        keys = {kind: places[1] for kind, places in ASSOCIATIONS.items()}
        apart = any_of(link.holds for link in self.companions(keys, ("id", "NetworkAclId")))
        if self.in_terraform:
            return apart | self.is_set((), "subnet_ids")
        return apart | no("no association names it", self.span, self.declared.address)


class DefaultNetwork(
    Resource, service="vpc", model=INFRASTRUCTURE, terraform=("aws_default_vpc", "aws_default_subnet", "data.aws_vpc")
):
    """The network AWS made before anyone asked, or a network that is looked up."""

    is_default = flag(tf="default", default=False)

    @property
    def used(self) -> Truth:
        """Declaring it takes it into use, and so does looking it up."""
        if self.declared.type == "data.aws_vpc":
            return self.is_default
        return yes(f"{self.declared.type} takes the default network into use", self.span, self.declared.address)


def looks_up_default(view: View, value: Setting) -> bool:
    """Whether a value is what Terraform looks up as the default VPC."""
    found = view.target(value, ("data.aws_vpc",))
    return found is not None and DefaultNetwork(view, found).used.state is State.YES


_LOOKUPS = ("data.aws_subnets", "data.aws_subnet_ids", "data.aws_subnet")
_OF_ZONES = ("availability-zone", "availabilityZone", "availability-zone-id")


def looks_up_default_subnets(view: View, value: Setting, is_default: Callable[[Setting], bool]) -> bool:
    """Whether a value is what Terraform looks up among the subnets of the default VPC, by VPC and zone alone."""
    found = view.target(value, _LOOKUPS)
    if found is None:
        return False
    own = Resource(view, found)
    filters = [Resource(view, found, item) for item in own.elements((), "filter")]
    named = {it.it: one for one in filters if isinstance(it := one.read((), "name"), Known)}
    if len(named) < len(filters) or not {*named} <= {"vpc-id", "default-for-az", *_OF_ZONES}:
        return False
    if any(own.is_set((), name).state is not State.NO for name in ("tags", "id", "cidr_block", "ipv6_cidr_block")):
        return False
    if "default-for-az" in named or own.is_set((), "default_for_az").state is State.YES:
        return True
    vpcs = [*own.elements((), "vpc_id"), *(named["vpc-id"].elements((), "values") if "vpc-id" in named else ())]
    return bool(vpcs) and all(is_default(it) for it in vpcs)


class DefaultSecurityGroup(
    Resource,
    service="vpc",
    model=INFRASTRUCTURE,
    cloudformation="AWS::EC2::VPC",
    terraform=("aws_default_security_group", "aws_vpc"),
):
    """The group that every VPC has and that resources without a group get."""

    @property
    def allows_traffic(self) -> Truth:
        """Whether it has a rule: AWS's own unless Terraform takes them out, or one that is added."""
        owner = self.declared.address
        if self.declared.type == "aws_default_security_group":
            return self.is_set((), "ingress") | self.is_set((), "egress")
        if self.declared.type == "aws_vpc":
            rules = no("AWS's own rules stay: no aws_default_security_group takes them out", self.span, owner)
            return ~(Vpc(self.view, self.declared).default_group_closed | rules)
        added = self.any_companion(
            {"AWS::EC2::SecurityGroupIngress": "GroupId", "AWS::EC2::SecurityGroupEgress": "GroupId"},
            lambda it: yes(f"{it.address} adds a rule to it", it.span, it.address),
            ("DefaultSecurityGroup",),
        )
        left = "CloudFormation cannot empty a default security group; whether something else does is not said here"
        return added | unknown(left, self.span, owner)


_RULES_APART: dict[str, tuple[tuple[str, tuple[str, ...], str], ...]] = {
    "group": (
        ("ingress", ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule"), "security_group_id"),
        ("egress", ("aws_security_group_rule", "aws_vpc_security_group_egress_rule"), "security_group_id"),
    ),
    "acl": (
        ("ingress", ("aws_network_acl_rule",), "network_acl_id"),
        ("egress", ("aws_network_acl_rule",), "network_acl_id"),
    ),
    "table": (("route", ("aws_route",), "route_table_id"),),
}
"""For each inline list the types that add to it from apart, and how they name the owner."""


_HOLDERS = (
    "aws_security_group", "aws_network_acl", "aws_default_network_acl", "aws_route_table", "aws_default_route_table",
)  # fmt: skip


class RuleHolder(Resource, service="vpc", model=INFRASTRUCTURE, terraform=_HOLDERS):
    """What may hold rules or routes inline, and be given more by declarations apart."""

    kin = _HOLDERS

    @property
    def managed_twice(self) -> Truth:
        """Whether the same list is written inline and apart; each side then removes what the other wrote.

        Source: Terraform AWS provider, notes of aws_security_group, aws_network_acl and aws_route_table.
        """
        kind = self.declared.type
        sort = "acl" if "network_acl" in kind else "table" if "route_table" in kind else "group"
        return any_of(self._twice(*one) for one in _RULES_APART[sort])

    def _twice(self, name: str, kinds: tuple[str, ...], owner: str) -> Truth:
        keys = dict.fromkeys(kinds, owner)
        return self.is_set((), name) & self.any_companion(keys, lambda it: self._is_about(it, name), ("id",))

    def _is_about(self, declared: Declared, name: str) -> Truth:
        """Whether a declaration apart is about one direction."""
        one = Resource(self.view, declared)
        here = yes(f"{declared.address} adds to it", declared.span, declared.address)
        if declared.type == "aws_security_group_rule":
            return here & text(tf="type").fits(one, one_of(name))
        if declared.type == "aws_network_acl_rule":
            outbound = flag(tf="egress", default=False).truth(one)
            return here & (outbound if name == "egress" else ~outbound)
        return here
