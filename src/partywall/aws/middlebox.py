"""Middleboxes: firewalls and appliances that routes send traffic through before it reaches its destination."""

from __future__ import annotations

from collections.abc import Mapping

from partywall.aws.resource import Resource
from partywall.aws.workload import Workload
from partywall.declared import Declared
from partywall.graph import View
from partywall.value import Setting

_STANDING: Mapping[str, tuple[str, str]] = {
    "AWS::EC2::VPCEndpoint": ("SubnetIds", ""),
    "aws_vpc_endpoint": ("", "subnet_ids"),
    "AWS::NetworkFirewall::Firewall": ("SubnetMappings.SubnetId", ""),
    "aws_networkfirewall_firewall": ("", "subnet_mapping.subnet_id"),
}
_MACHINES = (
    "AWS::EC2::Instance", "AWS::EC2::NetworkInterface", "aws_instance", "aws_spot_instance_request",
    "aws_network_interface",
)  # fmt: skip
MIDDLEBOXES = (*_STANDING, *_MACHINES)


def subnets_of(view: View, declared: Declared) -> tuple[Setting, ...]:
    """The subnets in which a middlebox stands; none where it does not say."""
    if declared.type in _MACHINES:
        return Workload(view, declared).subnets
    return Resource(view, declared).elements(*_STANDING[declared.type])
