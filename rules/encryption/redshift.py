"""Redshift: storage at rest."""

from __future__ import annotations

from partywall.aws.redshift import Warehouse
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "ENC204",
    HIGH,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_64", "trivy:AVD-AWS-0084", "kics:Redshift Cluster Not Encrypted",
        "kics:Redshift Not Encrypted", "cfn_nag:F28", "guard:REDSHIFT_CLUSTER_CONFIGURATION_CHECK",
        "cloudrail:non_car_redshift_cluster_encrypt_at_rest_creating", "terrascan:AC_AWS_0198",
        "cdk_nag:RedshiftClusterEncryptionAtRest", "cdk_nag:RedshiftClusterConfiguration", "fsbp:Redshift.10",
    ],
)  # fmt: skip
def redshift_unencrypted(cluster: Warehouse) -> Truth:
    """Warehouses encrypt what they store.

    AWS encrypts new clusters since January 2025. Terraform's provider decrypts a cluster that says nothing on the
    second apply, before its version 6; where no constraint tells the version, the answer is open.

    Instead: set `encrypted = true` (`Encrypted: true`).

    Sources: AWS Security Hub Redshift.10; Redshift API reference, CreateCluster.Encrypted.
    """
    return ~cluster.encrypted_at_rest
