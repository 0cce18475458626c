"""Queue policies: who is let in."""

from __future__ import annotations

from partywall.aws.policy import QueueStatement
from partywall.reason.policy import public
from partywall.reason.policy.statement import whole_service
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "IAM309",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_168", "checkov:CKV_AWS_387", "kics:SQS Queue Policy With Wildcard Principals",
        "kics:SQS Queue Policy Allows Not Principal", "kics:SQS Queue Exposed", "kics:SQS Policy With Public Access",
        "cfn_nag:F7", "cfn_nag:F21", "guard:SQS_QUEUEPOLICY_NO_WILDCARD_PRINCIPAL",
        "guard:SQS_QUEUEPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL", "regula:FG_R00049", "terrascan:AC_AWS_0365",
        "semgrep:aws-sqs-queue-policy-wildcard-principal", "fsbp:SQS.3",
    ],
)  # fmt: skip
def sqs_queue_policy_public(statement: QueueStatement) -> Truth:
    """Queue policies name who may send and receive.

    Whoever may send to a queue feeds what reads it, and whoever may receive takes the messages away. An Allow for
    `*` counts unless a condition limits the caller, such as `aws:SourceArn` with the topic or bucket that sends.

    Instead: name the accounts, roles or services in `Principal`, or limit the caller in `Condition`.

    Sources: Amazon SQS developer guide, Best practices for security.
    """
    return public.open_to_anyone(statement)


@rule(
    "IAM310",
    MEDIUM,
    same_as=[
        "checkov:CKV_AWS_72", "trivy:AVD-AWS-0097", "kics:SQS Policy Allows All Actions",
        "kics:SQS Queue Policy Allows NotAction", "cfn_nag:F20", "cfn_nag:W18",
        "guard:SQS_QUEUEPOLICY_NO_WILDCARD_ACTION", "guard:SQS_QUEUEPOLICY_NO_ALLOW_PLUS_NOT_ACTION",
        "cloudrail:non_car_aws_sqs_policy_wildcard", "semgrep:aws-sqs-queue-policy-wildcard-action",
    ],
)  # fmt: skip
def sqs_queue_policy_wildcard_action(statement: QueueStatement) -> Truth:
    """Queue policies list the actions they grant.

    `sqs:*` includes deleting the queue and changing its policy. Whoever is let in for sending can then do that too.

    Instead: list the actions, such as `sqs:SendMessage`.

    Sources: Amazon SQS developer guide, Access policy examples.
    """
    return (whole_service(statement, "sqs") | statement.has("NotAction")) & statement.allows
