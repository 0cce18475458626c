"""Relational databases: instances, Multi-AZ and Aurora clusters, and global clusters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Self, cast

from partywall.aws.resource import CONTAINER, Resource, flag, number, one_of, text
from partywall.graph import View
from partywall.limit import Range
from partywall.truth import NO, State, Truth, any_of, unknown, yes
from partywall.value import Known, Unknown, fits, variables

_SNAPSHOTS = {"aws_db_snapshot": "db_instance_identifier", "aws_db_cluster_snapshot": "db_cluster_identifier"}
_GIVEN_ELSEWHERE = "the engine is given elsewhere"

LOGS = {
    "aurora-mysql": ("audit",),
    "aurora-postgresql": ("postgresql",),
    "aurora": ("audit",),
    "db2": ("diag.log",),
    "mariadb": ("audit",),
    "mysql": ("error",),
    "oracle": ("alert", "audit"),
    "postgres": ("postgresql",),
    "sqlserver": ("error",),
}
"""By how an engine's name begins, the exports one of which tells who did what or what went wrong (CreateDBInstance)."""


_TELLING = ("audit", "alert", "postgresql", "diag.log")
"""Exports that tell enough whatever engine has them."""


class Database(
    Resource,
    service="rds",
    model=CONTAINER,
    cloudformation=("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"),
    terraform=("aws_db_instance", "aws_rds_cluster"),
):
    """An instance or a cluster; each kind answers in its own way."""

    engine = text(cfn="Engine", tf="engine", default=Unknown(_GIVEN_ELSEWHERE))
    version = text(cfn="EngineVersion", tf="engine_version", default=Unknown("the engine version is AWS's choice"))
    storage_encrypted = flag(cfn="StorageEncrypted", tf="storage_encrypted", default=False)
    deletion_protection = flag(cfn="DeletionProtection", tf="deletion_protection", default=False)
    iam_authentication = flag(
        cfn="EnableIAMDatabaseAuthentication", tf="iam_database_authentication_enabled", default=False
    )
    backup_days = number(cfn="BackupRetentionPeriod", tf="backup_retention_period", default=1)

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every database of these types, as what its type makes it."""
        for declared in view.of(cls.cloudformation + cls.terraform):
            yield cast("Self", _KINDS[declared.type](view, declared))

    minor_upgrades = flag(cfn="AutoMinorVersionUpgrade", tf="auto_minor_version_upgrade", default=True)

    @property
    def is_custom(self) -> Truth:
        """Whether it is RDS Custom, where the customer does the upgrades and the flag has to be off."""
        if not isinstance(self.read("Engine", "engine"), Known):
            return NO
        return type(self).engine.fits(self, lambda it: it.lower().startswith("custom-"))

    @property
    def is_aurora(self) -> Truth:
        """Whether the engine is Aurora, whose storage belongs to the cluster."""
        return type(self).engine.fits(self, lambda it: it.lower().startswith("aurora"))

    @property
    def is_member(self) -> Truth:
        """Whether it is a member of a cluster, which takes most settings from there."""
        return NO

    @property
    def is_replica(self) -> Truth:
        """Whether it is kept a copy of another database."""
        return NO

    @property
    def restored(self) -> Truth:
        """Whether it starts from a snapshot or from the past of another database."""
        return NO

    @property
    def public(self) -> Truth:
        """Whether it gets a public address; a cluster has none but those of its members."""
        return NO

    @property
    def encrypted_by_default(self) -> Truth:
        """Whether AWS encrypts it when nothing is said."""
        return NO

    @property
    def is_serverless(self) -> Truth:
        """Whether it is Aurora Serverless v1, which is encrypted whatever is said."""
        return NO

    @property
    def encrypted_at_rest(self) -> Truth:
        """Whether its storage is encrypted; members, copies and restores that say nothing take after their source."""
        said = self.is_set("StorageEncrypted", "storage_encrypted")
        inherited = self.restored & ~said & self._source_encrypted
        by_aws = self.is_serverless | (self.encrypted_by_default & ~said & ~self.restored)
        return self.storage_encrypted | by_aws | inherited | self.is_member | self.is_replica

    @property
    def _source_encrypted(self) -> Truth:
        value = self.read(("DBSnapshotIdentifier", "SnapshotIdentifier"), "snapshot_identifier")
        snapshot = self.view.target(value, tuple(_SNAPSHOTS))
        if snapshot is not None:
            origin = self.view.look(Known(snapshot.attributes), (_SNAPSHOTS[snapshot.type],))
            source = self.view.target(origin, Database.terraform)
            if source is not None and source is not self.declared:
                return _KINDS[source.type](self.view, source).encrypted_at_rest
        return unknown("what it is restored from is not declared here", value.span, self.declared.address)

    def keeps_backups_under(self, days: int) -> Truth:
        """Whether automatic backups are kept for less than some days; members and copies leave it to their source."""
        said = self.is_set("BackupRetentionPeriod", "backup_retention_period")
        short = type(self).backup_days.fits(self, Range(most=days - 1))
        by_source = unknown("a restore keeps backups as its source does", self.span, self.declared.address)
        return short & ~(self.restored & ~said & by_source) & ~self.is_member & ~self.is_replica

    @property
    def exports_logs(self) -> Truth:
        """Whether a log that tells who did what, or at least what went wrong, goes to CloudWatch."""
        names = ("EnableCloudwatchLogsExports", "enabled_cloudwatch_logs_exports")
        exported = self.elements(*names)
        if not exported:
            return self.is_set(*names)
        owner = self.declared.address
        if isinstance(self.engine, Known):
            telling = next((logs for family, logs in LOGS.items() if self.engine.it.lower().startswith(family)), None)
            return any_of(
                fits(it, "an exported log", lambda log: telling is None or log in telling, owner) for it in exported
            )
        sure = any_of(fits(it, "an exported log", lambda log: log in _TELLING, owner) for it in exported)
        why = "which logs matter depends on the engine, which is not known"
        return sure | unknown(why, self.span, owner, variables(self.engine))


class DbInstance(Database, cloudformation="AWS::RDS::DBInstance", terraform="aws_db_instance"):
    """A database instance of its own; members of clusters take most settings from the cluster.

    Terraform's provider sends 0 days of backups when nothing is said, where AWS would keep one day.
    """

    publicly_accessible = flag(
        cfn="PubliclyAccessible",
        tf="publicly_accessible",
        default=Unknown("AWS decides by the subnet group"),
        tf_default=False,
    )
    backup_days = number(cfn="BackupRetentionPeriod", tf="backup_retention_period", default=1, tf_default=0)
    multi_az = flag(cfn="MultiAZ", tf="multi_az", default=False)

    @property
    def is_member(self) -> Truth:
        """Whether it belongs to a cluster; a missing or unknown engine is no evidence."""
        belongs = self.is_set("DBClusterIdentifier", ())
        said = self.read("Engine", "engine")
        named = isinstance(said, Known) and said.it is not None and self.is_aurora.state is State.YES
        return belongs | self.is_aurora if named else belongs

    @property
    def is_replica(self) -> Truth:
        """Whether it is kept a copy of another database; CloudFormation names the source of a restore the same way."""
        back_in_time = self.is_set(("RestoreTime", "UseLatestRestorableTime"), ())
        copies = self.is_set(("SourceDBInstanceIdentifier", "SourceDBClusterIdentifier"), "replicate_source_db")
        return copies & ~back_in_time

    @property
    def restored(self) -> Truth:
        """Whether it starts from a snapshot or from the past of another database."""
        return self.is_set(
            ("DBSnapshotIdentifier", "DBClusterSnapshotIdentifier", "RestoreTime", "UseLatestRestorableTime"),
            ("snapshot_identifier", "restore_to_point_in_time", "s3_import"),
        )

    @property
    def own_subnet_group(self) -> Truth:
        """Whether it names a subnet group other than `default`."""
        named = text(cfn="DBSubnetGroupName", tf="db_subnet_group_name", default="")
        value = named.of(self)
        if value.references:
            return yes("it names a subnet group of its own", value.span, self.declared.address)
        return named.fits(self, lambda it: it not in ("", "default"))

    @property
    def public(self) -> Truth:
        """Whether it gets a public address: as said, else by AWS's rule about subnet groups.

        Source: RDS API reference, CreateDBInstance.PubliclyAccessible (2026): without a subnet group of its own an
        instance outside Aurora is public.
        """
        if self.in_terraform:
            return self.publicly_accessible
        said = self.is_set("PubliclyAccessible", ())
        by_default = ~self.own_subnet_group & ~self.is_member
        return (said & self.publicly_accessible) | (~said & by_default)


class ClusterInstance(Database, cloudformation=(), terraform="aws_rds_cluster_instance"):
    """A member of a cluster as Terraform has it."""

    publicly_accessible = flag(tf="publicly_accessible", default=False)

    @property
    def public(self) -> Truth:
        """Whether it gets a public address."""
        return self.publicly_accessible


class UpgradedDatabase(
    Database,
    cloudformation=("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"),
    terraform=("aws_db_instance", "aws_rds_cluster_instance"),
):
    """A database in whose maintenance window minor versions may be installed."""


class DbCluster(Database, cloudformation="AWS::RDS::DBCluster", terraform="aws_rds_cluster"):
    """A cluster: Aurora, or Multi-AZ with two readable standbys.

    Terraform's provider asks for the engine since version 4; before, a cluster that named none was Aurora.
    """

    engine = text(cfn="Engine", tf="engine", default=Unknown(_GIVEN_ELSEWHERE), tf_default="aurora")

    @property
    def is_serverless(self) -> Truth:
        """Whether it is Aurora Serverless v1, which is encrypted whatever is said."""
        return text(cfn="EngineMode", tf="engine_mode", default="provisioned").fits(self, one_of("serverless"))

    @property
    def is_replica(self) -> Truth:
        """Whether it is kept a copy of another cluster."""
        return self.is_set("ReplicationSourceIdentifier", "replication_source_identifier")

    @property
    def restored(self) -> Truth:
        """Whether it starts from a snapshot or from the past of another cluster."""
        return self.is_set(
            ("SnapshotIdentifier", "SourceDBClusterIdentifier"), ("snapshot_identifier", "restore_to_point_in_time")
        )

    @property
    def encrypted_by_default(self) -> Truth:
        """Whether AWS encrypts it when nothing is said.

        Source: Aurora user guide, Encrypting Amazon Aurora resources: every cluster since 18 February 2026.
        """
        return self.is_aurora


class GlobalCluster(DbCluster, cloudformation="AWS::RDS::GlobalCluster", terraform="aws_rds_global_cluster"):
    """Aurora clusters of several regions as one; what it is made from decides over its storage."""

    @property
    def is_aurora(self) -> Truth:
        """Only Aurora has them."""
        return yes("global clusters are Aurora's", self.span, self.declared.address)

    @property
    def is_replica(self) -> Truth:
        """Whether a cluster that is there already becomes its first member."""
        return self.is_set("SourceDBClusterIdentifier", "source_db_cluster_identifier")

    @property
    def restored(self) -> Truth:
        """It never is."""
        return NO


class DatabaseStore(
    Database,
    cloudformation=Database.cloudformation + GlobalCluster.cloudformation,
    terraform=Database.terraform + GlobalCluster.terraform,
):
    """An instance, a cluster or a global cluster: whatever keeps tables."""


_KINDS: Mapping[str, type[Database]] = {
    name: kind
    for kind in (DbInstance, ClusterInstance, DbCluster, GlobalCluster)
    for name in kind.cloudformation + kind.terraform
}
