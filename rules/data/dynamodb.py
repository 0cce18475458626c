"""DynamoDB: recovery and protection against deletion."""

from __future__ import annotations

from partywall.aws.dynamodb import Table
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "DAT310",
    MEDIUM,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_28", "checkov:CKV_AWS_165", "trivy:AVD-AWS-0024",
        "kics:DynamoDB Table Point In Time Recovery Disabled", "cfn_nag:W78", "guard:DYNAMODB_PITR_ENABLED",
        "regula:FG_R00106", "terrascan:AC_AWS_0458", "semgrep:aws-dynamodb-point-in-time-recovery-disabled",
        "cdk_nag:DynamoDBPITREnabled", "fsbp:DynamoDB.2",
    ],
)  # fmt: skip
def dynamodb_recovery_off(table: Table) -> Truth:
    """Tables can be restored to any recent moment.

    AWS keeps the service up; a faulty write is replicated as faithfully as any other. Point-in-time recovery keeps
    35 days of history and is off unless asked for. Of a global table every replica counts.

    Instead: set `point_in_time_recovery { enabled = true }` (`PointInTimeRecoveryEnabled: true`).

    Sources: AWS Security Hub DynamoDB.2; DynamoDB developer guide, Point-in-time backups.
    """
    return ~table.recoverable


@rule("DAT311", MEDIUM, fixable="safe", same_as=["fsbp:DynamoDB.6"])
def dynamodb_deletion_unprotected(table: Table) -> Truth:
    """Tables refuse to be deleted by accident.

    Deletion protection makes the service refuse DeleteTable until someone switches it off on purpose. It is off
    unless asked for. Of a global table every replica counts.

    Instead: set `deletion_protection_enabled = true` (`DeletionProtectionEnabled: true`).

    Sources: AWS Security Hub DynamoDB.6; DynamoDB developer guide, Using deletion protection.
    """
    return ~table.undeletable
