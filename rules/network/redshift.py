"""Redshift: the way in from outside."""

from __future__ import annotations

from partywall.aws.redshift import Warehouse
from partywall.reason import network
from partywall.rule import HIGH, LOW, rule
from partywall.truth import Truth


def _leads_nowhere(cluster: Warehouse) -> Truth:
    """The switch is on, but no path from the internet leads to the cluster today."""
    return network.exposure.public_for_nothing(cluster)


@rule(
    "NET209",
    HIGH,
    fixable="unsafe",
    covered_by=["NET233"],
    lowered=(LOW, _leads_nowhere),
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
