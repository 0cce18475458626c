"""Key-value tables."""

from __future__ import annotations

from partywall.aws.resource import ABSTRACT, Resource, flag
from partywall.truth import Truth, all_of


class Table(
    Resource,
    service="dynamodb",
    model=ABSTRACT,
    cloudformation=("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"),
    terraform="aws_dynamodb_table",
):
    """A table: AWS always encrypts it; recovery, deletion and the key are the customer's."""

    recovery = flag(
        cfn="PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
        tf="point_in_time_recovery.enabled",
        default=False,
    )
    deletion_protection = flag(cfn="DeletionProtectionEnabled", tf="deletion_protection_enabled", default=False)

    @property
    def recoverable(self) -> Truth:
        """Whether the table, and every replica of a global one, can be restored to a moment."""
        if self.declared.type != "AWS::DynamoDB::GlobalTable":
            return self.recovery
        return all_of(Table(self.view, self.declared, replica).recovery for replica in self.elements("Replicas", ()))

    @property
    def own_key(self) -> Truth:
        """Whether a key of the customer encrypts it."""
        return self.is_set("SSESpecification.KMSMasterKeyId", "server_side_encryption.kms_key_arn")
