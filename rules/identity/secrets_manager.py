"""Secret policies: who is let in."""

from __future__ import annotations

from partywall.aws.policy import SecretStatement
from partywall.reason.policy import public
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "IAM321",
    HIGH,
    same_as=[
        "kics:Secrets Manager With Vulnerable Policy", "cloudrail:non_car_aws_secrets_manager_secret_policy_wildcard",
        "terrascan:AC_AWS_0501",
    ],
)  # fmt: skip
def secret_policy_public(statement: SecretStatement) -> Truth:
    """Secret policies name who may read the secret.

    An Allow for `*` gives the secret to every AWS account that asks, unless a condition limits the caller.

    Instead: name the accounts, roles or services in `Principal`, or limit the caller in `Condition`.

    Sources: AWS Secrets Manager user guide, Resource-based policies.
    """
    return public.open_to_anyone(statement)
