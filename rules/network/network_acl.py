"""Network ACLs: the second wall, which remembers nothing."""

from __future__ import annotations

from partywall.aws.network_acl import NetworkAcl
from partywall.aws.ports import FTP, RDP, SSH, TELNET
from partywall.aws.vpc import NetworkAclPlace, Subnet
from partywall.reason import network
from partywall.rule import HIGH, LOW, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "NET123",
    HIGH,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_229", "checkov:CKV_AWS_230", "checkov:CKV_AWS_231", "checkov:CKV_AWS_232",
        "trivy:AVD-AWS-0105", "kics:Network ACL With Unrestricted Access To SSH",
        "kics:Network ACL With Unrestricted Access To RDP", "regula:FG_R00357", "regula:FG_R00359",
        "semgrep:aws-network-acl-allows-public-ingress", "fsbp:EC2.21", "cis:5.1",
    ],
)  # fmt: skip
def network_acl_admin_port_open_to_world(acl: NetworkAcl) -> Truth:
    """Network ACLs keep the internet away from administration ports.

    Entries are read by number and the first that matches decides, so a deny with a lower number counts and the
    order in the file does not. SSH, RDP, telnet and FTP are looked at, for IPv4 and IPv6.

    Instead: deny these ports for the internet with a low number, or allow only the networks that need them.

    Sources: AWS Security Hub EC2.21; CIS AWS Foundations 3.0 5.1; VPC user guide, Network ACL rules.
    """
    return network.network_acl.internet_reaches(acl, (FTP, SSH, TELNET, RDP))


@rule(
    "NET124",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_352", "trivy:AVD-AWS-0102", "kics:TCP/UDP Protocol Network ACL Entry Allows All Ports",
        "kics:EC2 Permissive Network ACL Protocols", "cfn_nag:W66", "cfn_nag:W67",
        "guard:EC2_NETWORK_ACL_PORT_RANGE_RULE", "guard:EC2_NETWORK_ACL_PROTOCOL_RULE",
        "semgrep:aws-network-acl-allows-all-ports",
    ],
)  # fmt: skip
def network_acl_allows_all_ports(acl: NetworkAcl) -> Truth:
    """Network ACLs name the ports they allow.

    An entry for every protocol or for all ports makes the list a wall with no stones. The range from 1024 up is the
    normal way for replies and is fine.

    Instead: allow the ports of your services, and 1024-65535 for replies.

    Sources: VPC user guide, Control subnet traffic with network access control lists.
    """
    return network.network_acl.opens_every_port(acl)


@rule("NET125", HIGH)
def network_acl_no_outbound_return_path(acl: NetworkAcl) -> Truth:
    """What a network ACL lets in can be answered.

    Network ACLs keep no state: the reply to a request is a packet of its own, to the port the client sent from,
    somewhere between 1024 and 65535. When no outbound entry lets it pass, the service never answers, whatever the
    security group says.

    Instead: allow outbound traffic to ports 1024-65535 for the clients of the service.

    Sources: VPC user guide, Ephemeral ports; RFC 6056.
    """
    return network.reply.reply_lost(acl, inbound=True)


@rule("NET126", HIGH)
def network_acl_no_inbound_return_path(acl: NetworkAcl) -> Truth:
    """What a network ACL lets out can be answered.

    A request that leaves the subnet comes back as a packet to the port it was sent from. When no inbound entry lets
    it in, updates, API calls and lookups hang.

    Instead: allow inbound traffic to ports 1024-65535 from where the answers come.

    Sources: VPC user guide, Ephemeral ports; RFC 6056.
    """
    return network.reply.reply_lost(acl, inbound=False)


@rule("NET127", MEDIUM)
def network_acl_ephemeral_range_partial(acl: NetworkAcl) -> Truth:
    """Replies pass on every port that clients use.

    Linux clients send from 32768-60999, Windows from 49152-65535. A list that lets replies pass on a part of them
    breaks a share of all connections, at random.

    Instead: allow 1024-65535, or at least 32768-65535, in the direction of the replies.

    Sources: VPC user guide, Ephemeral ports.
    """
    return network.reply.reply_partly_lost(acl)


@rule("NET128", HIGH, fixable="unsafe")
def network_acl_deny_shadowed_by_lower_allow(acl: NetworkAcl) -> Truth:
    """A deny has a lower number than the allows it limits.

    The first entry that matches decides. A deny whose packets have all been allowed by lower numbers looks like
    protection and is none.

    Instead: give the deny the lower number.

    Sources: VPC user guide, Network ACL rules.
    """
    return network.network_acl.deny_shadowed(acl)


@rule(
    "NET129",
    LOW,
    same_as=[
        "kics:EC2 network ACL overlapping ports", "kics:EC2 Network ACL Duplicate Rule", "cfn_nag:W72", "cfn_nag:F79",
    ],
)  # fmt: skip
def network_acl_entry_dead_or_duplicate(acl: NetworkAcl) -> Truth:
    """Every entry of a network ACL decides something.

    An entry that lower numbers cover completely never matches, and a number that is used twice in one direction is
    refused or overwritten. Both say something the list does not do.

    Instead: remove the entry, or give it a number of its own in the right place.

    Sources: EC2 API reference, CreateNetworkAclEntry; VPC user guide, Network ACL rules.
    """
    return network.network_acl.entry_dead(acl)


@rule("NET131", MEDIUM, fixable="unsafe")
def network_acl_deny_bypassed_over_ipv6(acl: NetworkAcl) -> Truth:
    """What is denied over IPv4 is denied over IPv6.

    Entries for IPv4 never match IPv6 packets. A port that is denied to `0.0.0.0/0` and allowed to `::/0` is open.

    Instead: write the deny for `::/0` too.

    Sources: VPC user guide, Network ACL rules.
    """
    return network.network_acl.bypassed_over_ipv6(acl)


@rule("NET132", LOW)
def subnet_left_on_default_network_acl(subnet: Subnet) -> Truth:
    """Subnets have a network ACL of their own.

    A subnet without one stands behind the VPC's default list, which allows everything in both directions.

    Instead: associate a network ACL with the subnet.

    Sources: VPC user guide, Default network ACL.
    """
    return ~subnet.has_own_acl


@rule("NET133", LOW, same_as=["checkov:CKV2_AWS_1", "fsbp:EC2.16"])
def network_acl_unattached(acl: NetworkAclPlace) -> Truth:
    """Network ACLs stand before a subnet.

    A list without subnets filters nothing; whoever wrote it believes otherwise.

    Instead: associate it with the subnets it was written for, or remove it.

    Sources: AWS Security Hub EC2.16.
    """
    return ~acl.attached


@rule(
    "NET130",
    LOW,
    same_as=[
        "kics:EC2 Network ACL Ineffective Denied Traffic", "cfn_nag:W71",
        "guard:EC2_NETWORK_ACL_ENTRY_INEFFECTIVE_DENY_RULE",
    ],
)  # fmt: skip
def network_acl_deny_too_narrow_to_matter(acl: NetworkAcl) -> Truth:
    """Administration and data ports are opened to few, not closed to some.

    A deny for one range in front of an allow for everyone is a block-list. Against one attacker on a public port it
    is right; on SSH or a database port it leaves the rest of the internet in.

    Instead: allow only the networks that need the port.

    Sources: VPC user guide, Network ACL rules.
    """
    return network.network_acl.block_list(acl)


@rule("NET134", MEDIUM)
def network_acl_blocks_port_its_security_groups_open(acl: NetworkAcl) -> Truth:
    """Network ACLs and the security groups behind them agree.

    A rule of a group whose traffic the subnet's list drops is dead, or a service does not work; the quick repair is
    usually to open the list for everything. Neighbours in one subnet never meet the list and are left out.

    Instead: add the missing entry to the list, or remove the useless rule.

    Sources: VPC user guide, Compare security groups and network ACLs.
    """
    return network.guarding.drops_what_groups_open(acl)


@rule("NET166", LOW)
def network_acl_ephemeral_range_too_open(acl: NetworkAcl) -> Truth:
    """Inbound ranges for replies are no wider than the clients need.

    Replies come back to high ports; Linux uses 32768-60999, Windows 49152-65535. A list that lets the internet in
    from 1024 on also opens databases, RDP and proxies, and only the security group is left.

    Instead: narrow the range, or deny the service ports with a lower number.

    Sources: VPC user guide, Ephemeral ports.
    """
    return network.guarding.reply_way_too_open(acl)
