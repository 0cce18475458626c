"""Key policies: who is let in."""

from __future__ import annotations

from partywall.aws.policy import KeyStatement
from partywall.reason.policy import public
from partywall.rule import CRITICAL, rule
from partywall.truth import Truth


@rule(
    "IAM314",
    CRITICAL,
    same_as=[
        "checkov:CKV_AWS_33", "checkov:CKV2_AWS_64", "kics:KMS Allows Wildcard Principal",
        "kics:KMS Key With Vulnerable Policy", "cfn_nag:F76", "guard:KMS_NO_WILDCARD_PRINCIPAL",
        "cloudrail:non_car_aws_kms_key_policy_wildcard", "regula:FG_R00252", "terrascan:AC_AWS_0162",
        "terrascan:AC_AWS_0482", "semgrep:aws-kms-key-wildcard-principal", "fsbp:KMS.5",
    ],
)  # fmt: skip
def kms_key_policy_public(statement: KeyStatement) -> Truth:
    """Key policies name who may use the key.

    A key that everyone may use protects nothing. An Allow for `*` counts unless the caller is limited, for instance
    by `kms:CallerAccount`; `kms:ViaService` alone limits the way and not the caller. The root of the own account is
    the usual delegation and fine.

    Instead: name the accounts, roles or services in `Principal`, or limit the caller in `Condition`.

    Sources: KMS developer guide, Key policies in AWS KMS; AWS Security Hub KMS.5.
    """
    return public.open_to_anyone(statement)
