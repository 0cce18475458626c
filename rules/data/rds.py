"""RDS: backups and protection against deletion."""

from __future__ import annotations

from partywall.aws.rds import Database, DatabaseStore
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


def _some_are_kept(database: Database) -> Truth:
    return ~database.keeps_backups_under(1)


@rule(
    "DAT201",
    HIGH,
    fixable="unsafe",
    lowered=(MEDIUM, _some_are_kept),
    same_as=[
        "checkov:CKV_AWS_133", "trivy:AVD-AWS-0077", "kics:RDS Backup Retention Period Insufficient",
        "kics:AWS RDS Configuration Automatic Backup Disabled", "kics:RDS With Backup Disabled", "cfn_nag:W75",
        "guard:DB_INSTANCE_BACKUP_ENABLED", "cloudrail:non_car_rds_instance_and_cluster_backup_retention_policy",
        "regula:FG_R00107", "terrascan:AC_AWS_0052", "terrascan:AC_AWS_0495", "semgrep:aws-rds-backup-no-retention",
        "cdk_nag:RDSInstanceBackupEnabled", "fsbp:RDS.11",
    ],
)  # fmt: skip
def rds_backups_off(database: Database) -> Truth:
    """Databases keep automatic backups.

    Without them there is no way back to yesterday, and after a single day none to before the weekend. AWS keeps one
    day when nothing is said, but Terraform sends 0 for an instance that says nothing, which switches backups off.
    As long as some are kept the gap is medium. Members of a cluster and read replicas leave it to their source; a
    restore that says nothing keeps what its source kept.

    Instead: set `backup_retention_period` (`BackupRetentionPeriod`) to 7 days or more.

    Sources: AWS Security Hub RDS.11; RDS API reference, CreateDBInstance.BackupRetentionPeriod.
    """
    return database.keeps_backups_under(7)


@rule(
    "DAT202",
    MEDIUM,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_139", "checkov:CKV_AWS_293", "trivy:AVD-AWS-0177", "trivy:AVD-AWS-0343",
        "kics:RDS DBInstance With Deletion Protection Disabled", "cfn_nag:F80",
        "guard:RDS_INSTANCE_DELETION_PROTECTION_ENABLED", "regula:FG_R00280",
        "cdk_nag:RDSInstanceDeletionProtectionEnabled", "fsbp:RDS.7", "fsbp:RDS.8",
    ],
)  # fmt: skip
def rds_deletion_unprotected(database: DatabaseStore) -> Truth:
    """Databases refuse to be deleted by accident.

    Deletion protection makes AWS refuse the call until someone switches it off on purpose. It is off unless asked
    for. Members of an Aurora cluster follow the cluster.

    Instead: set `deletion_protection = true` (`DeletionProtection: true`).

    Sources: AWS Security Hub RDS.7 and RDS.8; RDS API reference, CreateDBInstance.DeletionProtection.
    """
    return ~database.deletion_protection & ~database.is_member
