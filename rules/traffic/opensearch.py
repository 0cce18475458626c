"""OpenSearch: what clients and nodes speak."""

from __future__ import annotations

from partywall.aws.opensearch import Domain
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "TLS210",
    HIGH,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_83", "trivy:AVD-AWS-0046", "kics:Elasticsearch with HTTPS Disabled",
        "guard:ELASTICSEARCH_HTTPS_REQUIRED", "guard:OPENSEARCH_HTTPS_REQUIRED", "fsbp:Opensearch.8", "fsbp:ES.8",
    ],
)  # fmt: skip
def opensearch_https_not_enforced(domain: Domain) -> Truth:
    """Search domains answer over HTTPS only.

    Queries carry passwords and personal data, and a domain also listens on plain HTTP unless told otherwise. In
    Terraform the block `domain_endpoint_options` is enough, for the provider then asks for HTTPS.

    Instead: set `domain_endpoint_options { enforce_https = true }` (`DomainEndpointOptions: {EnforceHTTPS: true}`).

    Sources: AWS Security Hub Opensearch.8; OpenSearch Service API reference, DomainEndpointOptions.
    """
    return ~domain.https_only


@rule(
    "TLS212",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_6", "trivy:AVD-AWS-0043", "cfn_nag:W85", "guard:ELASTICSEARCH_NODE_TO_NODE_ENCRYPTION_CHECK",
        "guard:OPENSEARCH_NODE_TO_NODE_ENCRYPTION_CHECK",
        "cloudrail:not_car_elasticsearch_domains_encrypted_note_to_node", "terrascan:AC_AWS_0468",
        "semgrep:aws-elasticsearch-nodetonode-encryption-not-enabled", "cdk_nag:OpenSearchNodeToNodeEncryption",
        "fsbp:ES.3", "fsbp:Opensearch.3",
    ],
)  # fmt: skip
def opensearch_nodes_plain(domain: Domain) -> Truth:
    """Nodes of a search domain talk to each other over TLS.

    Nodes copy whole indexes to each other, in the clear unless asked otherwise. What is switched on stays on.

    Instead: set `node_to_node_encryption { enabled = true }` (`NodeToNodeEncryptionOptions: {Enabled: true}`).

    Sources: AWS Security Hub Opensearch.3; OpenSearch Service developer guide, Node-to-node encryption.
    """
    return ~domain.node_to_node
