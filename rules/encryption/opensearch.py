"""OpenSearch: indexes at rest."""

from __future__ import annotations

from partywall.aws.opensearch import Domain
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "ENC209",
    HIGH,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_5", "checkov:CKV_AWS_247", "trivy:AVD-AWS-0048",
        "kics:Elastic Search Domain Encryption At Rest Disabled", "kics:ElasticSearch Not Encrypted At Rest",
        "cfn_nag:W54", "guard:ELASTICSEARCH_ENCRYPTED_AT_REST", "guard:OPENSEARCH_ENCRYPTED_AT_REST",
        "cloudrail:non_car_es_domain_encrypt_at_rest_creating", "terrascan:AC_AWS_0111", "terrascan:AC_AWS_0112",
        "semgrep:elastic-search-encryption-at-rest", "cdk_nag:OpenSearchEncryptedAtRest", "fsbp:ES.1",
        "fsbp:Opensearch.1",
    ],
)  # fmt: skip
def opensearch_unencrypted(domain: Domain) -> Truth:
    """Search domains encrypt what they store.

    Indexes, logs and snapshots are plain unless encryption at rest is asked for. It can be switched on later, never
    off.

    Instead: set `encrypt_at_rest { enabled = true }` (`EncryptionAtRestOptions: {Enabled: true}`).

    Sources: AWS Security Hub Opensearch.1; OpenSearch Service developer guide, Encryption of data at rest.
    """
    return ~domain.encrypted
