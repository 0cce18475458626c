"""Key-value tables."""

from __future__ import annotations

from collections.abc import Iterator

from partywall.aws.kms import own_key_named
from partywall.aws.resource import ABSTRACT, Resource, flag
from partywall.truth import Truth, all_of


class Table(
    Resource,
    service="dynamodb",
    model=ABSTRACT,
    cloudformation=("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"),
    terraform=("aws_dynamodb_table", "aws_dynamodb_table_replica"),
):
    """A table: AWS always encrypts it; recovery, deletion and the key are the customer's.

    A global table is its copies in several regions, and each has settings of its own.
    """

    recovery = flag(
        cfn="PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
        tf=("point_in_time_recovery.enabled", "point_in_time_recovery"),
        default=False,
    )
    deletion_protection = flag(cfn="DeletionProtectionEnabled", tf="deletion_protection_enabled", default=False)
    kms = flag(cfn="SSESpecification.SSEEnabled", tf="server_side_encryption.enabled", default=True)

    @property
    def recoverable(self) -> Truth:
        """Whether every copy can be restored to a moment."""
        return all_of(copy.recovery for copy in self._copies())

    @property
    def undeletable(self) -> Truth:
        """Whether every copy refuses to be deleted; a copy that Terraform declares inside a table cannot say."""
        copies = (self,) if self.in_terraform else tuple(self._copies())
        return all_of(copy.deletion_protection for copy in copies)

    @property
    def own_key(self) -> Truth:
        """Whether a key of the customer encrypts every copy; without KMS the key is of no use."""
        names = ("SSESpecification.KMSMasterKeyId", ("server_side_encryption.kms_key_arn", "kms_key_arn"))
        return all_of(own_key_named(copy, *names) for copy in self._copies()) & self.kms

    def _copies(self) -> Iterator[Table]:
        if self.declared.type != "AWS::DynamoDB::GlobalTable":
            yield self
        for replica in self.elements("Replicas", "replica"):
            yield Table(self.view, self.declared, replica)
