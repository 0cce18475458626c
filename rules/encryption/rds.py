"""RDS: storage at rest."""

from __future__ import annotations

from partywall.aws.rds import DatabaseStore
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


def _is_aurora(database: DatabaseStore) -> Truth:
    return database.is_aurora


@rule(
    "ENC201",
    HIGH,
    lowered=(MEDIUM, _is_aurora),
    same_as=[
        "checkov:CKV_AWS_16", "checkov:CKV_AWS_96", "checkov:CKV_AWS_140", "trivy:AVD-AWS-0079", "trivy:AVD-AWS-0080",
        "kics:RDS DB Instance Not Encrypted", "kics:RDS DBCluster Storage Encryption Disabled",
        "kics:RDS Storage Not Encrypted", "kics:CMK Unencrypted Storage", "cfn_nag:F26", "cfn_nag:F27",
        "guard:RDS_STORAGE_ENCRYPTED", "cloudrail:not_car_rds_instances_encrypted_at_rest", "regula:FG_R00093",
        "terrascan:AC_AWS_0058", "terrascan:AC_AWS_0186", "cdk_nag:RDSStorageEncrypted", "fsbp:RDS.3", "fsbp:RDS.27",
        "cis:2.3.1",
    ],
)  # fmt: skip
def rds_storage_unencrypted(database: DatabaseStore) -> Truth:
    """Databases encrypt what they store.

    AWS runs the engine; tables, snapshots and logs are yours. RDS instances and Multi-AZ clusters are plain unless
    they say otherwise, and a KMS key alone does not switch encryption on. Aurora encrypts every cluster created
    since 18 February 2026 with a key of its own, so absence is fine there; an explicit false states the wrong intent
    and is medium. Members and replicas follow their source, and so does a restore that says nothing. Changing the
    setting replaces the database.

    Instead: set `storage_encrypted = true` (`StorageEncrypted: true`).

    Sources: AWS Security Hub RDS.3 and RDS.27; RDS API reference, CreateDBInstance; Aurora user guide, Encrypting
    Amazon Aurora resources.
    """
    return ~database.encrypted_at_rest
