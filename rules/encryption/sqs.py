"""SQS: messages at rest."""

from __future__ import annotations

from partywall.aws.messaging import Queue
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "ENC306",
    MEDIUM,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_27", "trivy:AVD-AWS-0096", "kics:SQS With SSE Disabled", "cfn_nag:W48",
        "cloudrail:non_car_sqs_queue_encrypt_at_rest", "regula:FG_R00070", "terrascan:AC_AWS_0366",
        "semgrep:aws-sqs-queue-unencrypted", "semgrep:awscdk-sqs-unencryptedqueue", "cdk_nag:SQSQueueSSE", "fsbp:SQS.1",
    ],
)  # fmt: skip
def sqs_queue_encryption_switched_off(queue: Queue) -> Truth:
    """Queues encrypt their messages.

    New queues are encrypted with keys that SQS manages, so a queue that says nothing is fine. Switching that off
    without naming a KMS key leaves messages in the clear.

    Instead: leave `sqs_managed_sse_enabled` (`SqsManagedSseEnabled`) alone, or name a KMS key.

    Sources: AWS Security Hub SQS.1; Amazon SQS developer guide, Encryption at rest.
    """
    return ~queue.managed_encryption & ~queue.has_key
