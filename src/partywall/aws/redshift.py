"""Data warehouses."""

from __future__ import annotations

from partywall.aws.provider import provider_is_at_least
from partywall.aws.resource import CONTAINER, Resource, flag
from partywall.truth import YES, Truth


class Warehouse(
    Resource,
    service="redshift",
    model=CONTAINER,
    cloudformation="AWS::Redshift::Cluster",
    terraform="aws_redshift_cluster",
):
    """A cluster. Since January 2025 AWS encrypts new ones and keeps them private when nothing is said.

    Terraform's provider does so since version 6. Before, it sets the opposite when nothing is said: it sends nothing
    on creation, and on the next apply the old default (recorded with provider 5.100).
    """

    asks_for_encryption = flag(cfn="Encrypted", tf="encrypted", default=True)
    asks_for_public_address = flag(cfn="PubliclyAccessible", tf="publicly_accessible", default=False)

    @property
    def encrypted_at_rest(self) -> Truth:
        """Whether what it stores is encrypted."""
        return self.asks_for_encryption & (self.is_set("Encrypted", "encrypted") | self._follows_aws)

    @property
    def public(self) -> Truth:
        """Whether it gets a public address."""
        said = self.is_set("PubliclyAccessible", "publicly_accessible")
        return self.asks_for_public_address | ~(said | self._follows_aws)

    @property
    def _follows_aws(self) -> Truth:
        """Whether what is not said is left to AWS."""
        return provider_is_at_least(self.view, 6) if self.in_terraform else YES
