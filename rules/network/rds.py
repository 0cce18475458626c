"""RDS: the way in from outside."""

from __future__ import annotations

from partywall.aws.rds import Database
from partywall.rule import CRITICAL, rule
from partywall.truth import Truth


class Reachable(
    Database, cloudformation="AWS::RDS::DBInstance", terraform=("aws_db_instance", "aws_rds_cluster_instance")
):
    """An instance as something that may have a public address."""


@rule(
    "NET201",
    CRITICAL,
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
