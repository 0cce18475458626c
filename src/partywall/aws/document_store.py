"""Document and graph databases: DocumentDB and Neptune, which share the shape of an RDS cluster."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import eq

from partywall.aws.kms import own_key_named
from partywall.aws.resource import CONTAINER, Resource, flag, number
from partywall.limit import Range
from partywall.truth import YES, Truth, any_of, no, unknown
from partywall.value import Known, fits

_SNAPSHOT = ("SnapshotIdentifier", "snapshot_identifier")
_SOURCE = (
    "SourceDBClusterIdentifier",
    (
        "source_db_cluster_identifier",
        "replication_source_identifier",
        "restore_to_point_in_time.source_cluster_identifier",
    ),
)


class Cluster(
    Resource,
    service="documentdb",
    model=CONTAINER,
    cloudformation=("AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"),
    terraform=("aws_docdb_cluster", "aws_neptune_cluster"),
):
    """A cluster; plain unless encryption is asked for.

    Sources: DocumentDB and Neptune API references, CreateDBCluster, StorageEncrypted.
    """

    asks_for_encryption = flag(cfn="StorageEncrypted", tf="storage_encrypted", default=False)

    backup_days = number(cfn="BackupRetentionPeriod", tf="backup_retention_period", default=1)
    deletion_protection = flag(cfn="DeletionProtection", tf="deletion_protection", default=False)

    @property
    def keeps_few_backups(self) -> Truth:
        """Whether backups are kept for less than a week; for a day when nothing is said."""
        return type(self).backup_days.fits(self, Range(most=6))

    @property
    def encrypted(self) -> Truth:
        """Whether what it stores is encrypted; what is made from something else is as that is."""
        return self.asks_for_encryption | self._as_its_source(lambda source: source.asks_for_encryption)

    @property
    def own_key(self) -> Truth:
        """Whether the key is the customer's; what is made from something else keeps the key of that."""
        return self._names_key | self._as_its_source(lambda source: source._names_key)  # noqa: SLF001 - of its own kind

    @property
    def _names_key(self) -> Truth:
        return own_key_named(self, "KmsKeyId", ("kms_key_id", "kms_key_arn"))

    @property
    def _is_copy(self) -> Truth:
        return self.is_set(*_SNAPSHOT) | self.is_set(*_SOURCE)

    def _as_its_source(self, holds: Callable[[Cluster], Truth]) -> Truth:
        """Whether it is made from a snapshot or another cluster for which a claim holds, as far as that is told here.

        Sources: RestoreDBClusterFromSnapshot and RestoreDBClusterToPointInTime of both services, KmsKeyId; AWS provider
        documentation, aws_docdb_global_cluster storage_encrypted.
        """
        doubt = unknown("how the source that it is made from is encrypted is not known", self.span)
        source = self.view.target(self.read(*_SOURCE), Cluster.cloudformation + Cluster.terraform)
        if source is None:
            return self._is_copy & doubt
        origin = Cluster(self.view, source)
        return holds(origin) | (origin._is_copy & doubt)


class AuditedStore(
    Cluster,
    service="documentdb",
    model=CONTAINER,
    cloudformation=(*Cluster.cloudformation, "AWS::DocDB::DBClusterParameterGroup"),
    terraform=(*Cluster.terraform, "aws_docdb_cluster_parameter_group"),
):
    """A cluster, which exports its audit log or not, or a parameter group of DocumentDB, which lets it be written."""

    @property
    def keeps_audit_log(self) -> Truth:
        """Whether the audit log is written, or goes to CloudWatch Logs; neither happens unless asked for.

        Source: DocumentDB developer guide, Auditing Amazon DocumentDB events: `audit_logs` is disabled by default.
        """
        owner = self.declared.address
        if self.declared.type in Cluster.cloudformation + Cluster.terraform:
            names = self.elements(
                "EnableCloudwatchLogsExports", ("enabled_cloudwatch_logs_exports", "enable_cloudwatch_logs_exports")
            )
            exported = any_of(fits(it, "the export", partial(eq, "audit"), owner) for it in names)
            return exported | no("no audit log is exported", self.span, owner)
        if not self.in_terraform:
            value = self.read("Parameters.audit_logs", ())
            absent = isinstance(value, Known) and value.it is None
            return (
                no("`audit_logs` is not set", self.span, owner)
                if absent
                else fits(value, "`audit_logs`", _is_on, owner)
            )
        pairs = [Resource(self.view, self.declared, it) for it in self.elements((), "parameter")]
        return any_of(
            fits(one.read((), "name"), "the parameter", partial(eq, "audit_logs"), owner)
            & fits(one.read((), "value"), "`audit_logs`", _is_on, owner)
            for one in pairs
        ) | no("`audit_logs` is not set", self.span, owner)


def _is_on(value: object) -> bool:
    return str(value).lower() not in ("disabled", "none")


class DocumentCluster(
    Cluster,
    service="documentdb",
    model=CONTAINER,
    cloudformation="AWS::DocDB::DBCluster",
    terraform=("aws_docdb_cluster", "aws_docdb_global_cluster"),
):
    """A DocumentDB cluster, or the frame around several, which names no key."""

    @property
    def own_key(self) -> Truth:
        """Whether the key is the customer's."""
        return YES if self.declared.type == "aws_docdb_global_cluster" else super().own_key


class GraphCluster(
    Cluster,
    service="neptune",
    model=CONTAINER,
    cloudformation="AWS::Neptune::DBCluster",
    terraform="aws_neptune_cluster",
):
    """A Neptune cluster."""
