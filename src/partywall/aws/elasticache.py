"""Caches."""

from __future__ import annotations

from partywall.aws.resource import CONTAINER, Resource, flag, is_in, text
from partywall.truth import Truth


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
    in_transit = flag(cfn="TransitEncryptionEnabled", tf="transit_encryption_enabled", default=False)

    @property
    def encrypted_at_rest(self) -> Truth:
        """Whether what it stores is encrypted."""
        said = self.is_set("AtRestEncryptionEnabled", "at_rest_encryption_enabled")
        return self.at_rest | (~said & is_in(self.engine, "engine", ("valkey",), self.declared.address))
