"""Table policies: who is let in."""

from __future__ import annotations

from partywall.aws.policy import TableStatement
from partywall.reason.policy import public
from partywall.rule import CRITICAL, rule
from partywall.truth import Truth


@rule("IAM312", CRITICAL)
def dynamodb_resource_policy_public(statement: TableStatement) -> Truth:
    """Table policies name who may read and write.

    Tables have policies of their own since 2024. An Allow for `*` hands the data to every AWS account unless a
    condition limits the caller.

    Instead: name the accounts, roles or services in `Principal`, or limit the caller in `Condition`.

    Sources: DynamoDB developer guide, Resource-based policies.
    """
    return public.open_to_anyone(statement)
