"""DocumentDB and Neptune: audit logs."""

from __future__ import annotations

from partywall.aws.document_store import AuditedStore
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "LOG204",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_85", "checkov:CKV_AWS_101", "checkov:CKV_AWS_104", "trivy:AVD-AWS-0020",
        "trivy:AVD-AWS-0075", "kics:DocDB Logging Is Disabled", "kics:Neptune Logging Is Disabled",
        "cloudrail:non_car_docdb_logging_enabled", "cloudrail:non_car_neptune_cluster_logging_enabled",
        "terrascan:AC_AWS_0456", "terrascan:AC_AWS_0494", "semgrep:aws-documentdb-auditing-disabled",
        "cdk_nag:DocumentDBClusterLogExports", "fsbp:DocumentDB.4", "fsbp:Neptune.2",
    ],
)  # fmt: skip
def documentdb_neptune_logs_off(store: AuditedStore) -> Truth:
    """Document and graph clusters export their audit log.

    The audit log tells who logged in and what was asked. DocumentDB writes it only where the parameter group says so,
    and no cluster exports it to CloudWatch Logs unless asked to; for Neptune Terraform spells it
    `enable_cloudwatch_logs_exports`.

    Instead: name `audit` in `enabled_cloudwatch_logs_exports` (`EnableCloudwatchLogsExports`), and switch auditing on
    in the parameter group.

    Sources: AWS Security Hub DocumentDB.4 and Neptune.2; DocumentDB developer guide, Auditing events.
    """
    return ~store.keeps_audit_log
