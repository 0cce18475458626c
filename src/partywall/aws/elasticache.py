"""Caches."""

from __future__ import annotations

from partywall.aws.resource import CONTAINER, Resource, flag, one_of, text
from partywall.truth import NO, Truth, unknown


class Cache(
    Resource,
    service="elasticache",
    model=CONTAINER,
    cloudformation=("AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::CacheCluster"),
    terraform=("aws_elasticache_replication_group", "aws_elasticache_cluster"),
):
    """Nodes of Redis OSS, Valkey or Memcached, with replicas or without: plain connections unless TLS is asked for."""

    in_transit = flag(cfn="TransitEncryptionEnabled", tf="transit_encryption_enabled", default=False)
    transit_mode = text(cfn="TransitEncryptionMode", tf="transit_encryption_mode", default="required")

    @property
    def is_member(self) -> Truth:
        """Whether it is part of a group that is declared apart, which decides."""
        if self.declared.type != "aws_elasticache_cluster":
            return NO
        return self.is_set((), "replication_group_id")

    @property
    def insists_on_tls(self) -> Truth:
        """Whether clients cannot connect without TLS; mode `preferred` serves both."""
        strict = type(self).transit_mode.fits(self, one_of("required"))
        return self.in_transit & strict


class ReplicationGroup(
    Resource,
    service="elasticache",
    model=CONTAINER,
    cloudformation="AWS::ElastiCache::ReplicationGroup",
    terraform="aws_elasticache_replication_group",
):
    """A Redis OSS or Valkey group; Valkey encrypts at rest when nothing is said, Redis OSS does not."""

    engine = text(cfn="Engine", tf="engine", default="redis")
    at_rest = flag(cfn="AtRestEncryptionEnabled", tf="at_rest_encryption_enabled", default=False)
    data_tiering = flag(cfn="DataTieringEnabled", tf="data_tiering_enabled", default=False)

    @property
    def encrypted_at_rest(self) -> Truth:
        """Whether it is encrypted: nodes with data tiering always are, and a global group decides for its members."""
        said = self.is_set("AtRestEncryptionEnabled", "at_rest_encryption_enabled")
        by_engine = ~said & type(self).engine.fits(self, one_of("valkey"))
        in_global = self.is_set("GlobalReplicationGroupId", "global_replication_group_id")
        decided = unknown("its global replication group decides", self.span, self.declared.address)
        return self.at_rest | by_engine | self.data_tiering | (in_global & ~said & decided)
