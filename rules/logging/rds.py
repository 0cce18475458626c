"""RDS: engine logs."""

from __future__ import annotations

from partywall.aws.rds import Database
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "LOG201",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_129", "checkov:CKV_AWS_324", "checkov:CKV_AWS_325", "checkov:CKV2_AWS_27",
        "checkov:CKV2_AWS_30", "kics:RDS Without Logging", "guard:RDS_INSTANCE_LOGGING_ENABLED",
        "cloudrail:non_car_rds_instance_and_cluster_logging_enabled", "terrascan:AC_AWS_0454",
        "semgrep:aws-db-instance-no-logging", "cdk_nag:RDSLoggingEnabled", "cdk_nag:AuroraMySQLLogging", "fsbp:RDS.9",
        "fsbp:RDS.34", "fsbp:RDS.36", "fsbp:RDS.37", "fsbp:RDS.40", "fsbp:RDS.42", "fsbp:RDS.45",
    ],
)  # fmt: skip
def rds_log_export_off(database: Database) -> Truth:
    """Databases export their logs.

    What stays on the instance is gone with it and cannot be searched beside the other logs. Nothing is exported
    unless it is listed, and slow queries alone do not tell who did what: Aurora MySQL and MariaDB have the audit
    log for that, PostgreSQL `postgresql`, Oracle `alert`, MySQL and SQL Server at least `error`. Members of Aurora
    clusters leave it to the cluster.

    Instead: list the engine's error and audit logs in `enabled_cloudwatch_logs_exports`
    (`EnableCloudwatchLogsExports`).

    Sources: AWS Security Hub RDS.9; RDS API reference, EnableCloudwatchLogsExports.
    """
    return ~database.exports_logs & ~database.is_member
