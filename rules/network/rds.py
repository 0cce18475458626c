"""RDS: the way in from outside."""

from __future__ import annotations

from partywall.aws.rds import Database
from partywall.aws.workload import InnerStore, Store, SubnetGroup
from partywall.reason import network
from partywall.rule import CRITICAL, HIGH, LOW, MEDIUM, rule
from partywall.truth import Truth


class Reachable(
    Database, cloudformation="AWS::RDS::DBInstance", terraform=("aws_db_instance", "aws_rds_cluster_instance")
):
    """An instance as something that may have a public address."""


def _leads_nowhere(instance: Reachable) -> Truth:
    """The switch is on, but no path from the internet leads to the instance today."""
    return network.exposure.public_for_nothing(instance)


def _stays_private(database: InnerStore) -> Truth:
    """The group is open, but the database has no public address."""
    return network.addressing.stays_private(database)


@rule(
    "NET201",
    CRITICAL,
    fixable="unsafe",
    covered_by=["NET233"],
    lowered=(LOW, _leads_nowhere),
    same_as=[
        "checkov:CKV_AWS_17", "trivy:AVD-AWS-0180", "kics:RDS Public Interface",
        "kics:RDS DB Instance Publicly Accessible", "cfn_nag:F22", "guard:RDS_INSTANCE_PUBLIC_ACCESS_CHECK",
        "cloudrail:public_access_db_rds_rule", "regula:FG_R00278", "terrascan:AC_AWS_0054", "semgrep:rds-public-access",
        "cdk_nag:RDSInstancePublicAccess", "fsbp:RDS.2", "cis:2.3.3",
    ],
)  # fmt: skip
def rds_instance_publicly_accessible(instance: Reachable) -> Truth:
    """Database instances have no public address.

    A public database is one security-group edit away from the whole internet. Terraform sends false when nothing is
    said. CloudFormation leaves the choice to RDS, which makes an instance outside Aurora public when it names no
    subnet group of its own.

    Instead: set `publicly_accessible = false` (`PubliclyAccessible: false`) and name a subnet group of private
    subnets.

    Sources: AWS Security Hub RDS.2; RDS API reference, CreateDBInstance.PubliclyAccessible.
    """
    return instance.public


class GroupedDatabase(
    InnerStore,
    cloudformation=("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"),
    terraform=("aws_db_instance", "aws_rds_cluster"),
):
    """A database with its security groups."""


@rule(
    "NET202",
    CRITICAL,
    fixable="unsafe",
    covered_by=["NET233"],
    lowered=(HIGH, _stays_private),
    same_as=[
        "kics:RDS Public Interface Open To Public Scope", "kics:RDS Open to Large Scope",
        "kics:DB Security Group With Public Scope", "kics:DB Security Group Open To Large Scope",
        "cloudrail:public_access_db_rds_rule", "regula:FG_R00104", "terrascan:AC_AWS_0065", "terrascan:AC_AWS_0066",
        "terrascan:AC_AWS_0067", "cdk_nag:RDSRestrictedInbound",
    ],
)  # fmt: skip
def rds_security_group_open_to_world(database: GroupedDatabase) -> Truth:
    """Security groups of databases keep the internet out.

    A group that lets everyone in on the engine's port leaves one switch, the public address, between the data and
    the internet. It counts although the database is private today.

    Instead: name the application's group as source, on the engine's port.

    Sources: RDS user guide, Controlling access with security groups.
    """
    return network.exposure.groups_admit_world(database)


@rule("NET204", HIGH, same_as=["fsbp:RDS.46", "fsbp:EFS.6"])
def database_subnets_have_internet_route(group: SubnetGroup) -> Truth:
    """Data stores stand in subnets without a way to the internet.

    A subnet whose routes lead to an internet gateway is public: one changed flag makes the database in it public as
    well. The route table counts that the subnet is associated with, else the main one of its VPC.

    Instead: use subnets whose default route leads to a NAT gateway or nowhere.

    Sources: AWS Security Hub RDS.46, EFS.6; VPC user guide, Route tables.
    """
    return network.addressing.has_public_subnet(group)


@rule(
    "NET205",
    MEDIUM,
    same_as=[
        "cloudrail:indirect_public_access_db_rds", "cloudrail:indirect_public_access_db_redshift",
        "cloudrail:indirect_public_access_elastic_search_rule",
    ],
)  # fmt: skip
def database_indirectly_reachable_from_internet(store: InnerStore) -> Truth:
    """No machine that the internet can administer reaches a data store.

    A host with SSH or RDP open to everyone is a stepping stone: who takes it over is one hop from every database
    that lets the host in.

    Instead: take the admin port off the internet, or put a private tier between the host and the store.

    Sources: VPC user guide, Internetwork traffic privacy.
    """
    return network.pivot.stepping_stone(store)


@rule("NET233", CRITICAL)
def database_reachable_from_internet(store: Store) -> Truth:
    """The internet reaches no managed database.

    The public switch is on, a subnet of the subnet group leads to the internet, network ACL and security group let
    everyone in on the port and the replies out. What the switch alone promises is not enough for this finding; the
    whole way is.

    Instead: turn the switch off, and use private subnets.

    Sources: RDS user guide, Hiding a DB instance in a VPC from the internet; AWS Security Hub RDS.2.
    """
    return network.exposure.store_reached(store)
