"""DocumentDB and Neptune: storage at rest."""

from __future__ import annotations

from partywall.aws.document_store import Cluster, DocumentCluster, GraphCluster
from partywall.rule import HIGH, LOW, rule
from partywall.truth import Truth


def _is_encrypted(cluster: Cluster) -> Truth:
    return cluster.encrypted


@rule(
    "ENC207",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_74", "checkov:CKV_AWS_182", "checkov:CKV_AWS_292", "trivy:AVD-AWS-0021",
        "trivy:AVD-AWS-0022", "kics:DOCDB Cluster Not Encrypted", "kics:DOCDB Cluster Encrypted With AWS Managed Key",
        "cloudrail:not_car_docdb_cluster_encrypted_at_rest",
        "cloudrail:not_car_docdb_cluster_encrypted_at_rest_using_customer_managed_cmk", "terrascan:AC_AWS_0455",
        "semgrep:aws-documentdb-storage-unencrypted", "semgrep:aws-docdb-encrypted-with-cmk",
        "cdk_nag:DocumentDBClusterEncryptionAtRest", "fsbp:DocumentDB.1",
    ],
    lowered=(LOW, _is_encrypted),
)  # fmt: skip
def documentdb_unencrypted(cluster: DocumentCluster) -> Truth:
    """DocumentDB clusters encrypt what they store, with a key of the customer.

    Documents, indexes and snapshots are plain unless encryption is asked for when the cluster is made; only the console
    ticks it by itself. Without a key of your own AWS keeps the key, which is a small gap. Changing it replaces the
    cluster.

    Instead: set `storage_encrypted = true` (`StorageEncrypted: true`) and name a key in `kms_key_id` (`KmsKeyId`).

    Sources: DocumentDB API reference, CreateDBCluster; AWS Security Hub DocumentDB.1.
    """
    return ~cluster.encrypted | ~cluster.own_key


@rule(
    "ENC208",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_44", "checkov:CKV_AWS_279", "checkov:CKV_AWS_280", "checkov:CKV_AWS_347",
        "trivy:AVD-AWS-0076", "trivy:AVD-AWS-0128", "kics:Neptune Database Cluster Encryption Disabled",
        "cfn_nag:F30", "cloudrail:non_car_neptune_cluster_encrypt_at_rest_creating",
        "cloudrail:non_car_neptune_cluster_encrypt_at_rest_with_customer_managed_cmk", "terrascan:AC_AWS_0493",
        "cdk_nag:NeptuneClusterEncryptionAtRest", "fsbp:Neptune.1", "fsbp:Neptune.6",
    ],
    lowered=(LOW, _is_encrypted),
)  # fmt: skip
def neptune_unencrypted(cluster: GraphCluster) -> Truth:
    """Neptune clusters encrypt what they store, with a key of the customer.

    The graph and its snapshots are plain unless encryption is asked for when the cluster is made. Without a key of
    your own AWS keeps the key, which is a small gap. Changing it replaces the cluster.

    Instead: set `storage_encrypted = true` (`StorageEncrypted: true`) and name a key in `kms_key_arn` (`KmsKeyId`).

    Sources: Neptune API reference, CreateDBCluster; AWS Security Hub Neptune.1.
    """
    return ~cluster.encrypted | ~cluster.own_key
