"""MSK: what clients and brokers speak."""

from __future__ import annotations

from partywall.aws.msk import Cluster
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "TLS208",
    HIGH,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_81", "trivy:AVD-AWS-0073", "kics:MSK Cluster Encryption Disabled",
        "cdk_nag:MSKClientToBrokerTLS", "cdk_nag:MSKBrokerToBrokerTLS", "fsbp:MSK.1",
    ],
)  # fmt: skip
def msk_transit_plain(cluster: Cluster) -> Truth:
    """Kafka clusters speak TLS, with clients and among brokers.

    A cluster that says nothing uses TLS everywhere. `TLS_PLAINTEXT` and `PLAINTEXT` let clients do without it, and
    `in_cluster = false` sends every message from broker to broker in the clear.

    Instead: leave both out, or set `client_broker = "TLS"` (`ClientBroker: TLS`) and `in_cluster = true` (`InCluster:
    true`).

    Sources: CloudFormation reference, AWS::MSK::Cluster EncryptionInTransit; AWS Security Hub MSK.1.
    """
    return cluster.speaks_plain_text
