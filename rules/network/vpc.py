"""VPCs and subnets."""

from __future__ import annotations

from partywall.aws.vpc import DefaultNetwork, DefaultSecurityGroup, RuleHolder, Subnet
from partywall.reason import network
from partywall.rule import HIGH, LOW, MEDIUM, rule
from partywall.truth import Truth


def _is_front(subnet: Subnet) -> Truth:
    """Only load balancers and NAT gateways stand there, whose addresses the subnet does not give."""
    return network.addressing.is_front(subnet)


@rule(
    "NET117",
    HIGH,
    fixable="unsafe",
    same_as=[
        "checkov:CKV2_AWS_12", "trivy:AVD-AWS-0173", "kics:Default Security Groups Allow Traffic",
        "kics:Default Security Groups With Unrestricted Traffic",
        "cloudrail:ensure_all_used_default_security_groups_restrict_all_traffic_rule", "regula:FG_R00089",
        "terrascan:AC_AWS_0232", "cdk_nag:VPCDefaultSecurityGroupClosed", "fsbp:EC2.2", "cis:5.4",
    ],
)  # fmt: skip
def default_security_group_allows_traffic(group: DefaultSecurityGroup) -> Truth:
    """The default security group of a VPC allows nothing.

    Whatever is started without a group gets this one, and AWS fills it with two rules: everything from its own
    members, everything out. Terraform can take the rules out. CloudFormation cannot: there a rule that is added to
    the group is a gap, and what else became of the group is not known.

    Instead: add `aws_default_security_group` for the VPC without any `ingress` or `egress`.

    Sources: AWS Security Hub EC2.2; CIS AWS Foundations 3.0 5.4.
    """
    return group.allows_traffic


@rule(
    "NET136",
    MEDIUM,
    fixable="unsafe",
    lowered=(LOW, _is_front),
    same_as=[
        "checkov:CKV_AWS_130", "trivy:AVD-AWS-0164", "kics:EC2 Subnet Mapping Public IP On Launch",
        "kics:VPC Subnet Assigns Public IP", "cfn_nag:W33", "guard:SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED",
        "semgrep:aws-subnet-has-public-ip-address", "cdk_nag:VPCSubnetAutoAssignPublicIpDisabled", "fsbp:EC2.15",
    ],
)  # fmt: skip
def subnet_assigns_public_address(subnet: Subnet) -> Truth:
    """Subnets give no public addresses by themselves.

    A subnet that gives every instance a public address makes each new machine reachable unless someone remembers to
    prevent it. Default subnets do so unless told otherwise. An IPv6 address counts where the subnet has a route to an
    internet gateway. Where only load balancers and NAT gateways stand, it matters little.

    Instead: leave `map_public_ip_on_launch` (`MapPublicIpOnLaunch`) false and ask for an address where one is
    needed.

    Sources: AWS Security Hub EC2.15; EC2 API reference, ModifySubnetAttribute.
    """
    return network.addressing.gives_usable_addresses(subnet)


@rule(
    "NET139",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_148", "trivy:AVD-AWS-0101", "kics:EC2 Instance Using Default VPC",
        "kics:EC2 Instance Under VPC", "kics:Security Groups Without VPC", "guard:EC2_INSTANCES_IN_VPC",
        "cloudrail:disallow_default_vpc", "cloudrail:disallow_ec2_classic_mode_rule", "terrascan:AC_AWS_0153",
        "terrascan:AC_AWS_0370", "cdk_nag:EC2InstancesInVPC",
    ],
)  # fmt: skip
def default_vpc_provisioned_or_used(network: DefaultNetwork) -> Truth:
    """The default VPC is not used.

    It was made for first steps: public subnets, public addresses for everyone, an internet gateway and lists that
    allow everything.

    Instead: declare a VPC with the subnets you need.

    Sources: EC2 API reference, CreateDefaultVpc; VPC user guide, Default VPCs.
    """
    return network.used


@rule("NET122", MEDIUM)
def firewall_rules_managed_in_two_places(holder: RuleHolder) -> Truth:
    """Rules and routes are written inline or apart, not both.

    Terraform's provider takes inline blocks for the whole truth: what separate resources add is removed on the next
    run and added again on the one after. The firewall in force is then what neither file says. CloudFormation adds
    both.

    Instead: move all rules inline, or all to separate resources.

    Sources: Terraform AWS provider, aws_security_group, aws_network_acl, aws_route_table.
    """
    return holder.managed_twice
