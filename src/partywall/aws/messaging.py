"""Queues and topics."""

from __future__ import annotations

from partywall.aws.resource import ABSTRACT, Resource, flag
from partywall.truth import Truth


class Queue(Resource, service="sqs", model=ABSTRACT, cloudformation="AWS::SQS::Queue", terraform="aws_sqs_queue"):
    """A queue; new ones are encrypted with SQS's own keys unless that is switched off."""

    managed_encryption = flag(cfn="SqsManagedSseEnabled", tf="sqs_managed_sse_enabled", default=True)

    @property
    def has_key(self) -> Truth:
        """Whether a KMS key encrypts it."""
        return self.is_set("KmsMasterKeyId", "kms_master_key_id")


class Topic(Resource, service="sns", model=ABSTRACT, cloudformation="AWS::SNS::Topic", terraform="aws_sns_topic"):
    """A topic; its messages are on encrypted disks, and encrypted one by one only with a KMS key."""

    @property
    def has_key(self) -> Truth:
        """Whether a KMS key encrypts its messages."""
        return self.is_set("KmsMasterKeyId", "kms_master_key_id")
