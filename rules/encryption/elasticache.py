"""ElastiCache: data at rest."""

from __future__ import annotations

from partywall.aws.elasticache import ReplicationGroup
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "ENC206",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_29", "checkov:CKV_AWS_191", "trivy:AVD-AWS-0045",
        "kics:ElastiCache with disabled at Rest Encryption", "kics:ElastiCache Replication Group Not Encrypted At Rest",
        "cfn_nag:F25", "guard:ELASTICACHE_REPLICATION_GROUP_ENCRYPTION_AT_REST",
        "cloudrail:non_car_elasticache_replication_group_encrypt_at_rest_creating", "terrascan:AC_AWS_0466",
        "cdk_nag:ElastiCacheRedisClusterEncryption", "fsbp:ElastiCache.4",
    ],
)  # fmt: skip
def elasticache_unencrypted(group: ReplicationGroup) -> Truth:
    """Caches encrypt what they write to disk.

    Swap, sync and backups of a cache hold what the cache holds. Valkey encrypts them when nothing is said, Redis
    OSS does not; data tiering always does. The setting cannot be changed later.

    Instead: set `at_rest_encryption_enabled = true` (`AtRestEncryptionEnabled: true`).

    Sources: AWS Security Hub ElastiCache.4; ElastiCache API reference, CreateReplicationGroup.
    """
    return ~group.encrypted_at_rest
