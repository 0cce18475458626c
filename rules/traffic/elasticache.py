"""ElastiCache: connections."""

from __future__ import annotations

from partywall.aws.elasticache import Cache
from partywall.rule import HIGH, LOW, rule
from partywall.truth import Truth


def _prefers_tls(cache: Cache) -> Truth:
    return cache.in_transit


@rule(
    "TLS206",
    HIGH,
    fixable="unsafe",
    lowered=(LOW, _prefers_tls),
    same_as=[
        "checkov:CKV_AWS_30", "trivy:AVD-AWS-0051", "kics:ElastiCache with disabled Transit Encryption",
        "kics:ElastiCache Replication Group Not Encrypted At Transit", "cfn_nag:F33",
        "guard:ELASTICACHE_REPLICATION_GROUP_ENCRYPTION_IN_TRANSIT",
        "cloudrail:non_car_elasticache_replication_group_encrypt_in_transit_creating", "regula:FG_R00105",
        "terrascan:AC_AWS_0467", "cdk_nag:ElastiCacheRedisClusterEncryption", "fsbp:ElastiCache.5",
    ],
)  # fmt: skip
def elasticache_transit_unencrypted(cache: Cache) -> Truth:
    """Caches speak TLS with their clients and replicas.

    Sessions and tokens cross the network in the clear unless transit encryption is on, and it is off unless asked
    for. Without it there is no authentication either. Mode `preferred` still serves clients without TLS and is low.

    Instead: set `transit_encryption_enabled = true` (`TransitEncryptionEnabled: true`).

    Sources: AWS Security Hub ElastiCache.5; ElastiCache API reference, CreateReplicationGroup.
    """
    return ~cache.insists_on_tls & ~cache.is_member
