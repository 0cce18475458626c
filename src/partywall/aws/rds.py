"""Relational databases: instances, Multi-AZ and Aurora clusters, parameter groups."""

from __future__ import annotations

from collections.abc import Iterator

from partywall.aws.resource import CONTAINER, Resource, entries, flag, is_in, number, text
from partywall.declared import Declared
from partywall.graph import View
from partywall.truth import NO, Truth, any_of, known, no, unknown, yes
from partywall.value import Known, Setting, Unknown, Value, fits

_CLUSTERS = ("AWS::RDS::DBCluster", "aws_rds_cluster")


class Database(Resource, service="rds", model=CONTAINER):
    """What instances and clusters have in common."""

    engine = text(cfn="Engine", tf="engine", default=Unknown("the engine is given elsewhere"))
    version = text(cfn="EngineVersion", tf="engine_version", default=Unknown("the engine version is AWS's choice"))
    storage_encrypted = flag(cfn="StorageEncrypted", tf="storage_encrypted", default=False)
    deletion_protection = flag(cfn="DeletionProtection", tf="deletion_protection", default=False)
    iam_authentication = flag(
        cfn="EnableIAMDatabaseAuthentication", tf="iam_database_authentication_enabled", default=False
    )

    @property
    def is_aurora(self) -> Truth:
        """Whether the engine is Aurora, whose storage belongs to the cluster."""
        return fits(self.engine, "`engine`", lambda it: it.lower().startswith("aurora"), self.declared.address)

    @property
    def log_exports(self) -> Truth:
        """Whether any log is exported to CloudWatch."""
        return self.is_set("EnableCloudwatchLogsExports", "enabled_cloudwatch_logs_exports")


class DbInstance(Database, cloudformation="AWS::RDS::DBInstance", terraform="aws_db_instance"):
    """A database instance of its own; members of clusters take most settings from the cluster."""

    publicly_accessible = flag(
        cfn="PubliclyAccessible",
        tf="publicly_accessible",
        default=Unknown("AWS decides by the subnet group"),
        tf_default=False,
    )
    backup_days = number(cfn="BackupRetentionPeriod", tf="backup_retention_period", default=1, tf_default=0)
    minor_upgrades = flag(cfn="AutoMinorVersionUpgrade", tf="auto_minor_version_upgrade", default=True)
    multi_az = flag(cfn="MultiAZ", tf="multi_az", default=False)

    @property
    def is_member(self) -> Truth:
        """Whether it belongs to a cluster."""
        return self.is_set("DBClusterIdentifier", ()) | self.is_aurora_engine

    @property
    def is_aurora_engine(self) -> Truth:
        """Whether its engine is known to be Aurora's; a missing engine is no evidence."""
        if isinstance(self.read("Engine", "engine"), Known):
            return self.is_aurora
        return NO

    @property
    def is_replica(self) -> Truth:
        """Whether it copies another database, whose storage decides."""
        return self.is_set(
            ("SourceDBInstanceIdentifier", "SourceDBClusterIdentifier"),
            ("replicate_source_db", "restore_to_point_in_time"),
        )

    @property
    def from_snapshot(self) -> Truth:
        """Whether it is restored from a snapshot."""
        return self.is_set("DBSnapshotIdentifier", "snapshot_identifier")

    @property
    def own_subnet_group(self) -> Truth:
        """Whether it names a subnet group other than `default`."""
        value = self.read("DBSubnetGroupName", "db_subnet_group_name")
        if value.references:
            return yes("it names a subnet group of its own", value.span, self.declared.address)
        return fits(value, "`DBSubnetGroupName`", lambda it: it not in (None, "", "default"), self.declared.address)

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


class ClusterInstance(Database, terraform="aws_rds_cluster_instance"):
    """A member of a cluster as Terraform has it."""

    publicly_accessible = flag(tf="publicly_accessible", default=False)
    minor_upgrades = flag(tf="auto_minor_version_upgrade", default=True)


class DbCluster(Database, cloudformation="AWS::RDS::DBCluster", terraform="aws_rds_cluster"):
    """A cluster: Aurora, or Multi-AZ with two readable standbys."""

    backup_days = number(cfn="BackupRetentionPeriod", tf="backup_retention_period", default=1)

    @property
    def is_serverless(self) -> Truth:
        """Whether it is serverless v1, which is always encrypted."""
        return is_in(
            text(cfn="EngineMode", tf="engine_mode", default="provisioned").of(self), "engine_mode", ("serverless",)
        )

    @property
    def says_encryption(self) -> Truth:
        """Whether the author said anything about encryption."""
        return self.is_set("StorageEncrypted", "storage_encrypted")


class ParameterGroup(
    Resource,
    service="rds",
    model=CONTAINER,
    cloudformation=("AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup"),
    terraform=("aws_db_parameter_group", "aws_rds_cluster_parameter_group"),
):
    """Engine settings by name."""

    def parameter(self, name: str) -> Setting | None:
        """The value of a parameter, if it is set here."""
        if not self.in_terraform:
            return entries(self.read("Parameters", ())).get(name)
        for item in self.elements((), "parameter"):
            found = entries(item)
            label = found.get("name")
            if isinstance(label, Known) and label.it == name:
                return found.get("value")
        return None

    @property
    def complete(self) -> bool:
        """Whether every parameter's name is known."""
        if not self.in_terraform:
            return isinstance(self.read("Parameters", ()), Known)
        return all(isinstance(entries(item).get("name"), Known) for item in self.elements((), "parameter"))


def databases(view: View) -> Iterator[Database]:
    """Every instance and cluster."""
    yield from DbInstance.subjects(view)
    yield from DbCluster.subjects(view)


TLS_PARAMETERS = ("rds.force_ssl", "require_secure_transport")


def forces_tls(database: Database) -> Truth:
    """Whether connections without TLS are refused: by the parameter group, else by the engine's default.

    Source: RDS user guide, sections on SSL/TLS with PostgreSQL, MySQL, MariaDB, SQL Server and Aurora.
    """
    names = database.read(
        ("DBParameterGroupName", "DBClusterParameterGroupName"),
        ("parameter_group_name", "db_cluster_parameter_group_name"),
    )
    found = database.view.target(names, ParameterGroup.cloudformation + ParameterGroup.terraform)
    if found is not None:
        group = ParameterGroup(database.view, found)
        for name in TLS_PARAMETERS:
            value = group.parameter(name)
            if value is not None:
                return fits(value, f"`{name}`", lambda it: str(it).lower() in ("1", "on", "true"), found.address)
        if not group.complete:
            return unknown("a parameter of the group is unknown", group.span, found.address)
    elif not (isinstance(names, Known) and (names.it is None or str(names.it).startswith("default."))):
        return unknown("the parameter group is not declared here", names.span, database.declared.address)
    return _default_tls(database)


def _default_tls(database: Database) -> Truth:
    return any_of((_forced(database.engine, database.version, database),))


def _forced(engine: Value[str], version: Value[str], database: Database) -> Truth:
    place = database.span
    if not isinstance(engine, Known):
        return unknown("the engine is not known", place, database.declared.address)
    name = engine.it.lower()
    major = _major(version)
    if name in ("mysql", "aurora-mysql", "aurora", "sqlserver-ex", "sqlserver-web", "sqlserver-se", "sqlserver-ee"):
        return no(f"{name} accepts plain connections by default", engine.span, database.declared.address)
    if name not in ("postgres", "mariadb", "aurora-postgresql"):
        return unknown(f"how {name} forces TLS is not judged", engine.span, database.declared.address)
    if major is None:
        return unknown("the engine version is not known", version.span, database.declared.address)
    text_ = f"{name} {'.'.join(map(str, major))}"
    if name == "aurora-postgresql":
        if major[0] <= 16:
            return no(f"{text_} accepts plain connections by default", version.span, database.declared.address)
        return unknown(f"the default of {text_} is not known", version.span, database.declared.address)
    forced = major[0] >= 15 if name == "postgres" else ((*major, 0))[:2] >= (11, 8)
    word = "refuses" if forced else "accepts"
    return known(forced, f"{text_} {word} plain connections by default", version.span, database.declared.address)


def _major(version: Value[str]) -> tuple[int, ...] | None:
    if not isinstance(version, Known):
        return None
    parts = version.it.split(".")[:2]
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else None


def is_cluster(declared: Declared) -> bool:
    """Whether a declaration is a cluster."""
    return declared.type in _CLUSTERS
