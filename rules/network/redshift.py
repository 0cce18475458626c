"""Redshift: the way in from outside."""

from __future__ import annotations

from partywall.aws.redshift import Warehouse
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "NET209",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_87", "checkov:CKV_AWS_391", "kics:Redshift Publicly Accessible",
        "kics:Redshift Cluster Publicly Accessible", "guard:REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK",
        "cloudrail:public_access_db_redshift_rule", "regula:FG_R00270", "terrascan:AC_AWS_0199",
        "cdk_nag:RedshiftClusterPublicAccess", "fsbp:Redshift.1", "fsbp:RedshiftServerless.3",
    ],
)  # fmt: skip
def redshift_publicly_accessible(cluster: Warehouse) -> Truth:
    """Warehouses have no public address.

    AWS keeps new clusters private since January 2025. Terraform's provider sends true when nothing is said before
    its version 6, so an absent argument there leaves the answer open.

    Instead: set `publicly_accessible = false` (`PubliclyAccessible: false`).

    Sources: AWS Security Hub Redshift.1; Redshift API reference, CreateCluster.PubliclyAccessible.
    """
    return cluster.public
