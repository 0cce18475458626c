"""Managed engines, whatever they store: which version the author chose, and how long it is supported."""

from __future__ import annotations

import re
from dataclasses import replace

from partywall.aws.lifecycle import Release, Support, Versioned, numbered
from partywall.aws.resource import CONTAINER, text
from partywall.truth import YES, Truth, unknown
from partywall.value import Choice, Known, Unknown, Value, each, told

_OF_TYPE = {
    "AWS::DocDB::DBCluster": "documentdb",
    "aws_docdb_cluster": "documentdb",
    "AWS::Neptune::DBCluster": "neptune",
    "aws_neptune_cluster": "neptune",
    "AWS::MSK::Cluster": "kafka",
    "aws_msk_cluster": "kafka",
    "AWS::MWAA::Environment": "airflow",
    "aws_mwaa_environment": "airflow",
    "AWS::OpenSearchService::Domain": "opensearch",
    "aws_opensearch_domain": "opensearch",
    "AWS::Elasticsearch::Domain": "elasticsearch",
    "aws_elasticsearch_domain": "elasticsearch",
}
"""The engine where the type of the resource says it."""

_BY_DEFAULT = {"AWS::ElastiCache::ReplicationGroup": "redis", "aws_elasticache_replication_group": "redis"}
"""The engine where nothing else is said."""

_SPELLED = {
    "mysql": "MySQL",
    "postgres": "PostgreSQL",
    "mariadb": "MariaDB",
    "aurora-postgresql": "Aurora PostgreSQL",
    "aurora-mysql": "Aurora MySQL",
    "redis": "Redis",
    "valkey": "Valkey",
    "opensearch": "OpenSearch",
    "elasticsearch": "Elasticsearch",
    "documentdb": "DocumentDB",
    "neptune": "Neptune",
    "activemq": "ActiveMQ",
    "rabbitmq": "RabbitMQ",
    "kafka": "Kafka",
}
"""The engines with dates, as their makers write them."""

_AURORA = {"5.6": "1", "5.7": "2", "8.0": "3"}
"""The version of Aurora that goes with a version of MySQL."""


class ManagedEngine(
    Versioned,
    service="rds",
    model=CONTAINER,
    cloudformation=(
        "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElastiCache::CacheCluster", "AWS::AmazonMQ::Broker", "AWS::OpenSearchService::Domain",
        "AWS::Elasticsearch::Domain", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster", "AWS::MSK::Cluster",
        "AWS::MWAA::Environment",
    ),
    terraform=(
        "aws_db_instance", "aws_rds_cluster", "aws_elasticache_replication_group", "aws_elasticache_cluster",
        "aws_mq_broker", "aws_opensearch_domain", "aws_elasticsearch_domain", "aws_docdb_cluster",
        "aws_neptune_cluster", "aws_msk_cluster", "aws_mwaa_environment",
    ),
):  # fmt: skip
    """A service that runs an engine of a version: AWS installs it, the customer chooses it."""

    claim = "the engine"
    engine = text(cfn=("Engine", "EngineType"), tf=("engine", "engine_type"), default=Unknown("no engine is given"))
    version = text(
        cfn=("EngineVersion", "ElasticsearchVersion", "KafkaVersion", "AirflowVersion"),
        tf=("engine_version", "elasticsearch_version", "kafka_version", "airflow_version"),
        default="1.5",
    )
    lifecycle = text(
        cfn="EngineLifecycleSupport",
        tf="engine_lifecycle_support",
        default="open-source-rds-extended-support",
    )

    @property
    def version_matters(self) -> Truth:
        """Whether the version is the author's choice; left to the service it is a supported one.

        Only Elasticsearch by its old API starts with version 1.5 where none is given (aws/aws-cli issue 2081; the
        provider sends it). A database made from another one has that one's version.
        """
        if _OF_TYPE.get(self.declared.type) == "elasticsearch":
            return YES
        copied = self.is_set(
            ("DBSnapshotIdentifier", "SnapshotIdentifier", "SourceDBInstanceIdentifier", "SourceDBClusterIdentifier"),
            ("snapshot_identifier", "replicate_source_db"),
        )
        origin = unknown("the version is that of the database it is made from", self.span, self.declared.address)
        return self.is_set(self._version_names, self._version_names) | (copied & origin)

    @property
    def _version_names(self) -> tuple[str, ...]:
        return self.spelled(type(self).version.cfn, type(self).version.tf)

    @property
    def support(self) -> Value[Support]:
        """The version on this day."""
        return self._running(self._product)

    @property
    def _product(self) -> Value[str]:
        of_type = _OF_TYPE.get(self.declared.type)
        if of_type is not None:
            return Known(of_type, self.span)
        named = self.engine
        if isinstance(named, Unknown) and named.why == "no engine is given" and self.declared.type in _BY_DEFAULT:
            return Known(_BY_DEFAULT[self.declared.type], self.span)
        return named

    def _running(self, product: Value[str]) -> Value[Support]:
        if isinstance(product, Choice):
            return Choice(product.variable, each(product, self._running), product.span, product.references)
        if isinstance(product, Unknown):
            return Unknown(product.why, product.span, product.references)
        engine = "aurora-mysql" if product.it.lower() == "aurora" else product.it.lower()
        if engine not in _SPELLED:
            return Unknown(f"no dates are kept for {told(product)}", product.span, product.references)
        return self.dated(self.version, lambda version: self._release(engine, version))

    def _release(self, engine: str, version: str) -> Release | None:
        if engine == "opensearch":
            word, _, version = version.partition("_")
            engine = word.lower()
        if engine == "aurora-mysql":
            version = _aurora(version)
        found = numbered(engine, version) if engine in _SPELLED else None
        if found is None:
            return None
        spelled = replace(found, name=f"{_SPELLED[engine]} {found.name}")
        return replace(spelled, extended=None) if self._without_extension else spelled

    @property
    def _without_extension(self) -> bool:
        lifecycle = self.lifecycle
        return isinstance(lifecycle, Known) and lifecycle.it.endswith("-disabled")


def _aurora(version: str) -> str:
    """The version of Aurora MySQL in an engine version: `5.7.mysql_aurora.2.11.3` is 2, and so is `5.7`."""
    written = re.search(r"mysql_aurora\.(\d+)", version)
    if written is not None:
        return written[1]
    return next((ours for theirs, ours in _AURORA.items() if version.startswith(theirs)), version)
