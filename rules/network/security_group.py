"""Security groups: who may start a connection."""

from __future__ import annotations

from partywall.aws.group_description import Described
from partywall.aws.ports import ADMIN, DATA, PLAIN_HTTP, SHARING
from partywall.aws.security_group import AnyGroupRule, Egress, Ingress, SecurityGroup
from partywall.aws.workload import Bearer
from partywall.reason import network
from partywall.rule import CRITICAL, HIGH, LOW, MEDIUM, rule
from partywall.truth import Truth


def _reaches_nobody(ingress: Ingress) -> Truth:
    """The rule is open, but no path from the internet leads to anyone through it today."""
    return network.exposure.latent(ingress)


@rule(
    "NET101",
    CRITICAL,
    fixable="unsafe",
    covered_by=["NET163", "NET138", "NET233", "NET103"],
    lowered=(LOW, _reaches_nobody),
    same_as=[
        "checkov:CKV_AWS_24", "checkov:CKV_AWS_25", "trivy:AVD-AWS-0107",
        "kics:Security Group Unrestricted Access To SSH", "kics:Security Group Unrestricted Access To RDP",
        "kics:Security Groups With Exhibited Admin Ports", "kics:Unrestricted Security Group Ingress", "cfn_nag:W2",
        "guard:INCOMING_SSH_DISABLED", "guard:RESTRICTED_INCOMING_TRAFFIC",
        "cloudrail:public_access_security_groups_ssh_port_rule",
        "cloudrail:public_access_security_groups_rdp_port_rule", "regula:FG_R00085", "regula:FG_R00087",
        "regula:FG_R00037", "regula:FG_R00038", "regula:FG_R00039", "regula:FG_R00040", "regula:FG_R00262",
        "regula:FG_R00263", "terrascan:AC_AWS_0227", "terrascan:AC_AWS_0230", "terrascan:AC_AWS_0233",
        "terrascan:AC_AWS_0236", "terrascan:AC_AWS_0269", "terrascan:AC_AWS_0271", "terrascan:AC_AWS_0277",
        "terrascan:AC_AWS_0278", "terrascan:AC_AWS_0311", "terrascan:AC_AWS_0313", "terrascan:AC_AWS_0319",
        "semgrep:aws-ec2-security-group-allows-public-ingress", "cdk_nag:EC2RestrictedSSH",
        "cdk_nag:EC2RestrictedCommonPorts", "fsbp:EC2.13", "fsbp:EC2.14", "fsbp:EC2.19", "fsbp:EC2.53", "fsbp:EC2.54",
        "cis:5.2", "cis:5.3",
    ],
)  # fmt: skip
def security_group_admin_port_open_to_world(ingress: Ingress) -> Truth:
    """Nobody on the internet can reach a remote-administration port.

    SSH, RDP, WinRM, telnet, VNC, Docker, Salt, X11 and the kubelet give whoever gets in full control, and robots
    try every address of the internet within minutes. The internet is any spelling of it: `0.0.0.0/0`, `::/0`, or
    ranges that together amount to more than a /8. A rule for every protocol covers these ports too.

    Instead: remove the rule and use Systems Manager Session Manager, or name the few addresses that need it.

    Sources: AWS Security Hub EC2.13, EC2.14, EC2.53; CIS AWS Foundations 3.0 5.2, 5.3.
    """
    return ingress.world & ingress.admits(ADMIN)


@rule(
    "NET102",
    CRITICAL,
    fixable="unsafe",
    covered_by=["NET163", "NET138", "NET233", "NET103"],
    lowered=(LOW, _reaches_nobody),
    same_as=[
        "kics:EC2 Sensitive Port Is Publicly Exposed", "kics:Sensitive Port Is Exposed To Entire Network", "cfn_nag:W2",
        "guard:RESTRICTED_INCOMING_TRAFFIC", "cloudrail:public_access_security_groups_mysql_port_rule",
        "cloudrail:public_access_security_groups_postgres_port_rule",
        "cloudrail:public_access_security_groups_mongodb_port_rule",
        "cloudrail:public_access_security_groups_mongodb_shard_cluster_port_rule",
        "cloudrail:public_access_security_groups_redis_port_rule",
        "cloudrail:public_access_security_groups_memcached_port_rule",
        "cloudrail:public_access_security_groups_oracle_db_port_rule",
        "cloudrail:public_access_security_groups_oracle_db_default_port_rule",
        "cloudrail:public_access_security_groups_oracle_db_ssl_port_rule",
        "cloudrail:public_access_security_groups_cassandra_port_rule",
        "cloudrail:public_access_security_groups_cassandra_mng_port_rule",
        "cloudrail:public_access_security_groups_cassandra_thrift_port_rule",
        "cloudrail:public_access_security_groups_elasticsearch_port_rule",
        "cloudrail:public_access_security_groups_elasticsearch_nodes_port_rule",
        "cloudrail:public_access_security_groups_kibana_port_rule", "regula:FG_R00212", "regula:FG_R00213",
        "regula:FG_R00214", "regula:FG_R00215", "regula:FG_R00216", "regula:FG_R00217", "regula:FG_R00234",
        "regula:FG_R00242", "regula:FG_R00243", "regula:FG_R00248", "regula:FG_R00249", "regula:FG_R00256",
        "regula:FG_R00257", "regula:FG_R00258", "regula:FG_R00261", "regula:FG_R00264", "regula:FG_R00265",
        "regula:FG_R00266", "regula:FG_R00267", "terrascan:AC_AWS_0234", "terrascan:AC_AWS_0235",
        "terrascan:AC_AWS_0238", "terrascan:AC_AWS_0239", "terrascan:AC_AWS_0243", "terrascan:AC_AWS_0244",
        "terrascan:AC_AWS_0245", "terrascan:AC_AWS_0247", "terrascan:AC_AWS_0248", "terrascan:AC_AWS_0249",
        "terrascan:AC_AWS_0250", "terrascan:AC_AWS_0251", "terrascan:AC_AWS_0252", "terrascan:AC_AWS_0253",
        "terrascan:AC_AWS_0260", "terrascan:AC_AWS_0261", "terrascan:AC_AWS_0262", "terrascan:AC_AWS_0263",
        "terrascan:AC_AWS_0267", "terrascan:AC_AWS_0268", "terrascan:AC_AWS_0270", "terrascan:AC_AWS_0274",
        "terrascan:AC_AWS_0280", "terrascan:AC_AWS_0281", "terrascan:AC_AWS_0285", "terrascan:AC_AWS_0286",
        "terrascan:AC_AWS_0287", "terrascan:AC_AWS_0289", "terrascan:AC_AWS_0290", "terrascan:AC_AWS_0291",
        "terrascan:AC_AWS_0292", "terrascan:AC_AWS_0293", "terrascan:AC_AWS_0294", "terrascan:AC_AWS_0295",
        "terrascan:AC_AWS_0302", "terrascan:AC_AWS_0303", "terrascan:AC_AWS_0304", "terrascan:AC_AWS_0305",
        "terrascan:AC_AWS_0309", "terrascan:AC_AWS_0310", "terrascan:AC_AWS_0312", "terrascan:AC_AWS_0316",
        "terrascan:AC_AWS_0317", "terrascan:AC_AWS_0318", "cdk_nag:EC2RestrictedCommonPorts", "fsbp:EC2.19",
    ],
)  # fmt: skip
def security_group_database_port_open_to_world(ingress: Ingress) -> Truth:
    """Nobody on the internet can reach the port of a data store.

    Databases, caches, search engines, directories and brokers are made for a private network; many answer without a
    password, and all of them keep what you answer for. The rule counts even while nothing is attached to the group.

    Instead: name the security group of the application as source.

    Sources: AWS Security Hub EC2.19; EC2 user guide, Security group rules for different use cases.
    """
    return ingress.world & ingress.admits(DATA)


@rule(
    "NET103",
    CRITICAL,
    fixable="unsafe",
    covered_by=["NET163", "NET138", "NET233", "NET164"],
    lowered=(LOW, _reaches_nobody),
    same_as=[
        "checkov:CKV_AWS_277", "kics:Security Groups With Meta Ip", "kics:Unrestricted Security Group Ingress",
        "cfn_nag:W2", "guard:EC2_SECURITY_GROUP_INGRESS_OPEN_TO_WORLD_RULE",
        "cloudrail:public_access_security_groups_all_ports_rule", "regula:FG_R00044", "regula:FG_R00045",
        "regula:FG_R00103", "regula:FG_R00350", "terrascan:AC_AWS_0231", "terrascan:AC_AWS_0478",
        "terrascan:AC_AWS_0489", "terrascan:AC_AWS_0275", "cdk_nag:EC2RestrictedInbound", "fsbp:EC2.18", "fsbp:EC2.19",
    ],
)  # fmt: skip
def security_group_all_ports_open_to_world(ingress: Ingress) -> Truth:
    """No security group opens every port to the internet.

    Protocol -1 means every protocol and every port, whatever ports stand beside it, and so does a range from 0 to
    65535. Then there is no firewall.

    Instead: allow the one port that the service needs.

    Sources: AWS Security Hub EC2.18; EC2 API reference, IpPermission.
    """
    return ingress.world & ingress.all_ports


@rule(
    "NET104",
    HIGH,
    fixable="unsafe",
    covered_by=["NET163", "NET138", "NET164", "NET103"],
    lowered=(LOW, _reaches_nobody),
    same_as=[
        "kics:Security Groups With Exhibited Admin Ports", "cfn_nag:W2", "guard:RESTRICTED_INCOMING_TRAFFIC",
        "regula:FG_R00244", "regula:FG_R00245", "regula:FG_R00246", "regula:FG_R00247", "regula:FG_R00260",
        "terrascan:AC_AWS_0237", "terrascan:AC_AWS_0246", "terrascan:AC_AWS_0254", "terrascan:AC_AWS_0255",
        "terrascan:AC_AWS_0256", "terrascan:AC_AWS_0257", "terrascan:AC_AWS_0258", "terrascan:AC_AWS_0259",
        "terrascan:AC_AWS_0265", "terrascan:AC_AWS_0266", "terrascan:AC_AWS_0272", "terrascan:AC_AWS_0273",
        "terrascan:AC_AWS_0279", "terrascan:AC_AWS_0288", "terrascan:AC_AWS_0296", "terrascan:AC_AWS_0297",
        "terrascan:AC_AWS_0298", "terrascan:AC_AWS_0299", "terrascan:AC_AWS_0300", "terrascan:AC_AWS_0301",
        "terrascan:AC_AWS_0307", "terrascan:AC_AWS_0308", "terrascan:AC_AWS_0314", "terrascan:AC_AWS_0315",
        "cdk_nag:EC2RestrictedCommonPorts", "fsbp:EC2.19",
    ],
)  # fmt: skip
def security_group_file_sharing_port_open_to_world(ingress: Ingress) -> Truth:
    """Nobody on the internet can reach file-sharing and infrastructure ports.

    SMB, NFS, FTP, rsync, SNMP, SMTP, DNS and their kin leak data or lend themselves to attacks on others when
    everyone may talk to them.

    Instead: name the networks that need the service as source.

    Sources: AWS Security Hub EC2.19.
    """
    return ingress.world & ingress.admits(SHARING)


@rule(
    "NET105",
    MEDIUM,
    fixable="unsafe",
    covered_by=["NET163", "NET164", "NET103"],
    lowered=(LOW, _reaches_nobody),
    same_as=[
        "kics:Security Group Ingress CIDR Open To World", "kics:HTTP Port Open To Internet",
        "kics:Unknown Port Exposed To Internet", "cfn_nag:W2", "guard:EC2_SECURITY_GROUP_INGRESS_OPEN_TO_WORLD_RULE",
        "regula:FG_R00259", "regula:FG_R00268", "regula:FG_R00377", "terrascan:AC_AWS_0229", "terrascan:AC_AWS_0240",
        "terrascan:AC_AWS_0241", "terrascan:AC_AWS_0242", "terrascan:AC_AWS_0264", "terrascan:AC_AWS_0276",
        "terrascan:AC_AWS_0282", "terrascan:AC_AWS_0283", "terrascan:AC_AWS_0284", "terrascan:AC_AWS_0306",
        "semgrep:aws-ec2-security-group-allows-public-ingress", "cdk_nag:EC2RestrictedInbound", "fsbp:EC2.18",
    ],
)  # fmt: skip
def security_group_unlisted_port_open_to_world(ingress: Ingress) -> Truth:
    """Only web ports are open to the internet.

    What everyone is meant to reach answers on 80 or 443. Any other port that is open to everyone is worth a
    question. Ports that other rules name are left to them, unless every port is open; control messages (ICMP) are let
    pass.

    Instead: name the clients of the service as source, or put a load balancer with 443 in front.

    Sources: AWS Security Hub EC2.18.
    """
    return ingress.world & ~ingress.public_port_only & ~ingress.listed_port & ~ingress.is_icmp & ingress.applies


@rule(
    "NET106",
    LOW,
    fixable="unsafe",
    covered_by=["NET163", "NET103", "NET101", "NET102", "NET104", "NET105"],
    same_as=[
        "checkov:CKV_AWS_260", "kics:HTTP Port Open To Internet", "regula:FG_R00041", "terrascan:AC_AWS_0228",
    ],
)  # fmt: skip
def security_group_plain_http_open_to_world(ingress: Ingress) -> Truth:
    """Plain HTTP is not open to the internet.

    What travels over port 80 can be read and changed on the way. A load balancer that only redirects to HTTPS is
    fine, which a group cannot tell; so this is a remark.

    Instead: open 443, and 80 only on a load balancer that redirects.

    Sources: CIS AWS Foundations 3.0; RFC 9110, section 17.
    """
    return ingress.world & ingress.admits((PLAIN_HTTP,))


@rule(
    "NET107",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "kics:Security Group Ingress Has CIDR Not Recommended", "kics:Unrestricted Security Group Ingress",
        "cfn_nag:W9", "guard:SECURITY_GROUP_INGRESS_CIDR_NON_32_RULE", "regula:FG_R00044", "terrascan:AC_AWS_0320",
        "terrascan:AC_AWS_0321", "terrascan:AC_AWS_0322", "terrascan:AC_AWS_0323", "terrascan:AC_AWS_0324",
        "terrascan:AC_AWS_0325", "terrascan:AC_AWS_0326", "terrascan:AC_AWS_0327", "terrascan:AC_AWS_0328",
        "terrascan:AC_AWS_0329", "terrascan:AC_AWS_0330", "terrascan:AC_AWS_0331", "terrascan:AC_AWS_0332",
        "terrascan:AC_AWS_0333", "terrascan:AC_AWS_0334", "terrascan:AC_AWS_0335", "terrascan:AC_AWS_0336",
        "terrascan:AC_AWS_0337", "terrascan:AC_AWS_0338", "terrascan:AC_AWS_0339", "terrascan:AC_AWS_0340",
        "terrascan:AC_AWS_0341", "terrascan:AC_AWS_0342", "terrascan:AC_AWS_0343", "terrascan:AC_AWS_0344",
        "terrascan:AC_AWS_0345", "terrascan:AC_AWS_0346", "terrascan:AC_AWS_0347", "terrascan:AC_AWS_0348",
        "terrascan:AC_AWS_0349", "terrascan:AC_AWS_0350", "terrascan:AC_AWS_0351", "terrascan:AC_AWS_0352",
        "terrascan:AC_AWS_0353", "terrascan:AC_AWS_0354", "terrascan:AC_AWS_0355", "terrascan:AC_AWS_0356",
        "terrascan:AC_AWS_0357", "terrascan:AC_AWS_0358", "terrascan:AC_AWS_0359", "terrascan:AC_AWS_0360",
        "terrascan:AC_AWS_0361", "terrascan:AC_AWS_0362", "terrascan:AC_AWS_0363",
    ],
)  # fmt: skip
def security_group_ingress_wide_public_range(ingress: Ingress) -> Truth:
    """Public sources are narrow.

    A block of public addresses wider than /24 (IPv6: /48) is seldom one office: it lets in everyone who rents an
    address there. Private ranges are not judged here, nor are ranges that the configuration calls your own.

    Instead: name the addresses that need access, or their prefix list.

    Sources: EC2 user guide, Security group rules.
    """
    return ingress.wide_public_source & ingress.applies


@rule("NET108", CRITICAL, fixable="unsafe")
def security_group_world_open_by_split_ranges(group: SecurityGroup) -> Truth:
    """No set of ranges adds up to the internet.

    Two halves, `0.0.0.0/1` and `128.0.0.0/1`, are as open as `0.0.0.0/0`, whether they stand in one rule or in
    several. All ranges of a group for the same protocol and ports are taken together.

    Instead: name the addresses that need access.

    Sources: EC2 user guide, Security group rules; RFC 4632.
    """
    return group.split_world


@rule("NET109", HIGH, fixable="unsafe", lowered=(LOW, _reaches_nobody))
def security_group_world_open_through_prefix_list(ingress: Ingress) -> Truth:
    """Prefix lists in inbound rules do not hold the internet.

    A prefix list hides its entries from whoever reads the rule. Lists that are declared here are read like inline
    blocks; a list from elsewhere leaves the answer open.

    Instead: narrow the entries of the list.

    Sources: VPC user guide, Managed prefix lists.
    """
    return ingress.world_by_prefix_list & ~ingress.public_port_only & ingress.applies


@rule("NET110", HIGH, fixable="unsafe", same_as=["fsbp:EC2.54", "cis:5.3"])
def security_group_ipv6_wider_than_ipv4(group: SecurityGroup) -> Truth:
    """IPv6 is as limited as IPv4.

    A group that names addresses for IPv4 and `::/0` for IPv6 on the same port was meant to be closed; over IPv6 it
    is open to everyone.

    Instead: name the IPv6 addresses too, or remove the IPv6 rule.

    Sources: CIS AWS Foundations 3.0 5.3; AWS Security Hub EC2.54.
    """
    return group.wider_over_ipv6


@rule(
    "NET111",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "kics:Security Group Ingress With All Protocols", "cfn_nag:W42",
        "guard:SECURITY_GROUP_INGRESS_ALL_PROTOCOLS_RULE",
    ],
    lowered=(LOW, lambda ingress: ingress.only_itself),
)  # fmt: skip
def security_group_ingress_all_protocols(ingress: Ingress) -> Truth:
    """Inbound rules name a protocol.

    A rule for every protocol lets a neighbour that was taken over try every service behind the group. Among the members
    of the group itself that is a small gap. Rules for the internet are left to NET103.

    Instead: name the protocol and the port the service needs.

    Sources: EC2 API reference, IpPermission.
    """
    return ingress.all_protocols & ~ingress.world


@rule(
    "NET112",
    LOW,
    fixable="unsafe",
    same_as=[
        "kics:Security Group Ingress With Port Range", "cfn_nag:W27", "guard:SECURITY_GROUP_INGRESS_PORT_RANGE_RULE",
    ],
)  # fmt: skip
def security_group_ingress_wide_port_range(ingress: Ingress) -> Truth:
    """Inbound rules open few ports.

    More than a hundred ports at once are seldom one service; what happens to listen there later is open too.

    Instead: name the ports of the service.

    Sources: EC2 user guide, Security group rules.
    """
    return ingress.width


@rule(
    "NET113",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_382", "trivy:AVD-AWS-0104", "kics:Security Group Egress CIDR Open To World",
        "kics:Security Groups Allows Unrestricted Outbound Traffic", "cfn_nag:W5",
        "guard:EC2_SECURITY_GROUP_EGRESS_OPEN_TO_WORLD_RULE",
    ],
)  # fmt: skip
def security_group_egress_open_to_world(egress: Egress) -> Truth:
    """Outbound traffic is limited to what is needed.

    Whoever takes over a machine has to get data out and tools in; a rule that lets everything out to everywhere
    helps. Single ports to the internet, such as 443, are fine.

    Instead: allow 443, or the ports and networks the service needs.

    Sources: EC2 user guide, Security group rules.
    """
    return egress.world & egress.all_ports


@rule(
    "NET114",
    LOW,
    fixable="unsafe",
    same_as=[
        "kics:ELB With Security Group Without Outbound Rules", "cfn_nag:F1000",
        "guard:SECURITY_GROUP_MISSING_EGRESS_RULE",
    ],
)  # fmt: skip
def security_group_egress_not_declared(group: SecurityGroup) -> Truth:
    """Security groups say what may go out.

    CloudFormation leaves AWS's own rule in place when no outbound rule is written: everything may go everywhere.
    Terraform removes that rule, so a group without outbound rules lets nothing out there.

    Instead: write `SecurityGroupEgress` with what the service needs.

    Sources: AWS CloudFormation reference, AWS::EC2::SecurityGroup; EC2 API reference, CreateSecurityGroup.
    """
    return group.egress_left_to_aws


@rule(
    "NET116",
    LOW,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_23", "trivy:AVD-AWS-0049", "trivy:AVD-AWS-0083", "trivy:AVD-AWS-0099", "trivy:AVD-AWS-0124",
        "kics:Security Group Rule Without Description", "kics:Security Group Rules Without Description", "cfn_nag:W36",
        "guard:SECURITY_GROUP_DESCRIPTION_RULE", "cloudrail:non_car_aws_ec2_security_group_rule_no_desc",
        "semgrep:aws-ec2-security-group-rule-missing-description", "cdk_nag:EC2SecurityGroupDescription",
    ],
)  # fmt: skip
def security_group_rule_without_description(described: Described) -> Truth:
    """Security groups and their rules say what they are for.

    Rules outlive the people who wrote them. A description is what tells the next one whether a rule may go. Where a
    group has none, Terraform writes "Managed by Terraform", which tells nothing. A rule is described in place; another
    description of a group makes a new group.

    Instead: add a `description` (CloudFormation: `Description` of a rule, `GroupDescription` of a group).

    Sources: EC2 API reference, IpRange.Description, CreateSecurityGroup; Terraform AWS provider, aws_security_group.
    """
    return ~described.is_described


@rule("NET118", MEDIUM, fixable="unsafe")
def resource_falls_back_to_default_security_group(bearer: Bearer) -> Truth:
    """Machines, load balancers and endpoints name their security groups.

    What names no group gets the default one of its VPC, and with it every neighbour that forgot too: the group lets
    its own members reach each other on every port. A network load balancer without groups has none at all and is
    another matter.

    Instead: give it a group made for its purpose, or take all rules out of the default group.

    Sources: EC2 API reference, RunInstances, CreateVpcEndpoint; VPC user guide, Default security groups.
    """
    return network.addressing.falls_back(bearer)


@rule("NET120", HIGH)
def security_group_chain_opens_private_tier(group: SecurityGroup) -> Truth:
    """No chain of groups leads from the internet to a private administration or data port.

    Rules that name other groups can be followed like steps. When a group that lets the internet in is named by the
    group of a private machine or database on such a port, one taken-over host is enough. A load balancer in front of
    the tier is the chain that is meant.

    Instead: cut the rule that skips a tier, or limit it to the port of the service.

    Sources: VPC user guide, Security group referencing.
    """
    return network.pivot.chain_opens_private_tier(group)


@rule("NET167", LOW)
def security_group_reference_never_matches(rule: AnyGroupRule) -> Truth:
    """Groups that rules refer to can match.

    A rule that names a group means the private addresses of those who carry it. A group in a VPC that is not peered,
    or one that nothing carries, lets nobody in: the rule is dead, or a service is waiting for a client.

    Instead: name a group of the same VPC or of a peered one, or remove the rule.

    Sources: VPC user guide, Security group rules; VPC peering guide, Reference peer security groups.
    """
    return network.pivot.refers_in_vain(rule)
