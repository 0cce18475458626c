"""Kafka clusters."""

from __future__ import annotations

from partywall.aws.resource import CONTAINER, Resource, flag, one_of, text
from partywall.truth import Truth

_TRANSIT = ("EncryptionInfo.EncryptionInTransit", "encryption_info.encryption_in_transit")


class Cluster(
    Resource, service="msk", model=CONTAINER, cloudformation="AWS::MSK::Cluster", terraform="aws_msk_cluster"
):
    """A cluster; TLS everywhere when nothing is said.

    Source: CloudFormation reference, AWS::MSK::Cluster EncryptionInTransit.
    """

    to_clients = text(cfn=f"{_TRANSIT[0]}.ClientBroker", tf=f"{_TRANSIT[1]}.client_broker", default="TLS")
    among_brokers = flag(cfn=f"{_TRANSIT[0]}.InCluster", tf=f"{_TRANSIT[1]}.in_cluster", default=True)

    @property
    def speaks_plain_text(self) -> Truth:
        """Whether clients may, or brokers do, talk without TLS."""
        return type(self).to_clients.fits(self, one_of("PLAINTEXT", "TLS_PLAINTEXT")) | ~self.among_brokers
