"""RDS: passwords, IAM authentication and shared snapshots."""

from __future__ import annotations

from partywall.aws.database_login import MasterPassword, Snapshot, knows_iam
from partywall.aws.rds import Database
from partywall.rule import CRITICAL, HIGH, LOW, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "IAM201",
    HIGH,
    same_as=[
        "kics:Passwords And Secrets", "cfn_nag:F23", "cfn_nag:F24", "cfn_nag:F34",
        "guard:RDS_MASTER_USER_PASSWORD_NO_PLAINTEXT_PASSWORD",
        "guard:RDS_CLUSTER_MASTER_USER_PASSWORD_NO_PLAINTEXT_PASSWORD",
        "guard:RDS_MASTER_USER_NAME_NO_PLAINTEXT_PASSWORD", "semgrep:rds-insecure-password-storage-in-source-code",
    ],
    lowered=(LOW, lambda password: password.is_generated),
    secret=True,
)  # fmt: skip
def rds_master_password_in_template(password: MasterPassword) -> Truth:
    """Master passwords of databases are kept in Secrets Manager.

    A password in a template, or in a default of a parameter or variable, is in the repository for ever. A generated one
    stands in Terraform's state, which weighs less.

    Instead: set `manage_master_user_password = true` (`ManageMasterUserPassword: true`), or use a dynamic reference.

    Sources: RDS user guide, Password management with Amazon RDS and AWS Secrets Manager.
    """
    return password.stands_in_clear


@rule(
    "IAM205",
    LOW,
    same_as=[
        "checkov:CKV_AWS_161", "checkov:CKV_AWS_162", "trivy:AVD-AWS-0176", "kics:IAM Database Auth Not Enabled",
        "cloudrail:non_car_rds_database_iam_authentication_enabled", "terrascan:AC_AWS_0053",
        "semgrep:aws-rds-iam-authentication-not-enabled", "semgrep:aws-rds-cluster-iam-authentication-not-enabled",
        "cdk_nag:AuroraMySQLPostgresIAMAuth", "fsbp:RDS.10", "fsbp:RDS.12",
    ],
    fixable="safe",
)  # fmt: skip
def rds_iam_authentication_off(database: Database) -> Truth:
    """Databases let users in by IAM.

    With IAM authentication nobody needs a database password that is never changed. MySQL, MariaDB, PostgreSQL and
    Aurora know it; instances of a cluster follow their cluster.

    Instead: set `iam_database_authentication_enabled = true` (`EnableIAMDatabaseAuthentication: true`) and make
    database users for it.

    Sources: AWS Security Hub RDS.10, RDS.12; RDS user guide, IAM database authentication.
    """
    return ~database.iam_authentication & knows_iam(database)


@rule(
    "IAM207",
    CRITICAL,
    same_as=["checkov:CKV_AWS_302", "fsbp:RDS.1", "fsbp:DocumentDB.3", "fsbp:Neptune.3"],
    lowered=(MEDIUM, lambda snapshot: ~snapshot.shared_with_all),
)
def rds_snapshot_public(snapshot: Snapshot) -> Truth:
    """Snapshots of databases stay in the account.

    A snapshot shared with `all` can be restored, and its data read, by every AWS account; one shared with a single
    account by that one, for as long as nobody takes it back.

    Instead: remove the share.

    Sources: AWS Security Hub RDS.1; RDS user guide, Sharing a DB snapshot.
    """
    return snapshot.shared
