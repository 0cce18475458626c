"""Machines and what the internet reaches of them."""

from __future__ import annotations

from partywall.aws.workload import Addressed, Host
from partywall.reason import network
from partywall.rule import CRITICAL, HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "NET137",
    HIGH,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_88", "checkov:CKV_AWS_389", "trivy:AVD-AWS-0009", "kics:EC2 Instance Has Public IP",
        "kics:EC2 Public Instance Exposed Through Subnet", "guard:EC2_INSTANCE_NO_PUBLIC_IP",
        "guard:AUTOSCALING_LAUNCH_CONFIG_PUBLIC_IP_DISABLED", "regula:FG_R00271", "semgrep:aws-ec2-has-public-ip",
        "cdk_nag:EC2InstanceNoPublicIp", "cdk_nag:AutoScalingLaunchConfigPublicIpDisabled", "fsbp:EC2.9",
        "fsbp:EC2.25", "fsbp:AutoScaling.5",
    ],
)  # fmt: skip
def instance_has_public_address(host: Addressed) -> Truth:
    """Machines have no public address.

    With a public address one open rule is enough to be found. An elastic IP gives one, so does the instance or its
    launch template when it asks, and so does the subnet when nobody says anything; the default VPC always does.

    Instead: use a private subnet behind a load balancer, and Session Manager for access.

    Sources: AWS Security Hub EC2.9, EC2.25, AutoScaling.5; EC2 user guide, Public IPv4 addresses.
    """
    return network.addressing.has_public_address(host)


@rule(
    "NET138",
    CRITICAL,
    covered_by=["NET163"],
    same_as=[
        "kics:EC2 Public Instance Exposed Through Subnet", "kics:EC2 Sensitive Port Is Publicly Exposed",
        "cloudrail:public_access_security_groups_ssh_port_rule",
        "cloudrail:public_access_security_groups_rdp_port_rule",
        "cloudrail:public_access_security_groups_all_ports_rule", "terrascan:AC_AWS_0478", "fsbp:EC2.19",
    ],
)  # fmt: skip
def instance_reachable_from_internet_on_sensitive_port(host: Host) -> Truth:
    """The internet reaches no administration or data port of a machine.

    The whole way is followed: a public address, the network ACL in and the reply out through it, the security
    groups, and the route to an attached internet gateway. Only when all of it is open is this a gap; the message
    leads along the hops.

    Instead: close the cheapest hop, usually the group's rule: name the networks that need the port.

    Sources: AWS Security Hub EC2.19; VPC user guide, Internetwork traffic privacy.
    """
    return network.exposure.sensitive_port(host)


@rule("NET163", CRITICAL)
def instance_reachable_from_internet_on_every_port(host: Host) -> Truth:
    """The internet does not reach a machine on nearly every port.

    More than a thousand open ports are no service but a missing firewall: whatever listens tomorrow is open too. This
    stands in for the findings about single ports.

    Instead: admit the port of the service, and its clients.

    Sources: AWS Security Hub EC2.18, EC2.19; VPC user guide, Security group rules.
    """
    return network.exposure.every_port(host)


@rule("NET164", MEDIUM, covered_by=["NET163"])
def instance_reachable_from_internet_on_unlisted_port(host: Host) -> Truth:
    """What the internet reaches of a machine directly is the web, if anything.

    Ports other than 80 and 443 that everyone can reach, around any load balancer, deserve a reason.

    Instead: put a load balancer in front, or admit known clients only.

    Sources: AWS Security Hub EC2.18.
    """
    return network.exposure.unlisted_port(host)
