"""Vault policies: who is let in."""

from __future__ import annotations

from partywall.aws.policy import VaultStatement
from partywall.reason.policy import public
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "IAM313",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_167", "cloudrail:non_car_aws_glacier_vault_policy_wildcard",
        "semgrep:aws-glacier-vault-any-principal",
    ],
)  # fmt: skip
def glacier_vault_policy_public(statement: VaultStatement) -> Truth:
    """Vault policies name who may use the archives.

    An Allow for `*` lets every AWS account at your archives unless a condition limits the caller.

    Instead: name the accounts, roles or services in `Principal`, or limit the caller in `Condition`.

    Sources: Amazon S3 Glacier developer guide, Vault access policies.
    """
    return public.open_to_anyone(statement)
