"""DocumentDB and Neptune: backups, and what guards against deletion."""

from __future__ import annotations

from partywall.aws.document_store import Cluster
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "DAT210",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_360", "checkov:CKV_AWS_361", "checkov:CKV2_AWS_58",
        "cdk_nag:DocumentDBClusterBackupRetentionPeriod", "cdk_nag:NeptuneClusterBackupRetentionPeriod",
        "cdk_nag:NeptuneClusterMultiAZ", "fsbp:DocumentDB.2", "fsbp:DocumentDB.5", "fsbp:Neptune.4", "fsbp:Neptune.5",
    ],
)  # fmt: skip
def documentdb_neptune_weak_protection(cluster: Cluster) -> Truth:
    """Document and graph clusters keep backups for a week and refuse deletion.

    Backups are kept for one day and deletion is allowed unless more is asked for. A mistake that is noticed after the
    weekend is then final.

    Instead: set `backup_retention_period` (`BackupRetentionPeriod`) to at least 7 and `deletion_protection = true`
    (`DeletionProtection: true`).

    Sources: AWS Security Hub DocumentDB.2 and DocumentDB.5, Neptune.4 and Neptune.5; CreateDBCluster of both services.
    """
    return cluster.keeps_few_backups | ~cluster.deletion_protection
