"""Topic policies: who is let in."""

from __future__ import annotations

from partywall.aws.policy import TopicStatement
from partywall.reason.policy import public
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "IAM311",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_169", "checkov:CKV_AWS_385", "kics:SNS Topic is Publicly Accessible",
        "kics:SNS Topic Publicity Has Allow and NotAction Simultaneously", "cfn_nag:F8", "cfn_nag:F18", "cfn_nag:W19",
        "guard:SNS_TOPICPOLICY_NO_WILDCARD_PRINCIPAL", "guard:SNS_TOPICPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL",
        "guard:SNS_TOPICPOLICY_NO_ALLOW_PLUS_NOT_ACTION", "terrascan:AC_AWS_0385", "fsbp:SNS.4",
    ],
)  # fmt: skip
def sns_topic_policy_public(statement: TopicStatement) -> Truth:
    """Topic policies name who may publish and subscribe.

    Whoever may subscribe reads every message, and whoever may publish speaks to all subscribers. An Allow for `*`
    counts unless a condition limits the caller.

    Instead: name the accounts, roles or services in `Principal`, or limit the caller in `Condition`.

    Sources: Amazon SNS developer guide, Security best practices.
    """
    return public.open_to_anyone(statement)
