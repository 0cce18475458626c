"""Repository policies: who is let in."""

from __future__ import annotations

from partywall.aws.policy import RepositoryStatement
from partywall.reason.policy import public
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "IAM320",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_32", "trivy:AVD-AWS-0032", "kics:ECR Repository Is Publicly Accessible",
        "cloudrail:non_car_aws_ecr_repo_policy_wildcard", "terrascan:AC_AWS_0084", "terrascan:AC_AWS_0462",
        "semgrep:aws-ecr-repository-wildcard-principal", "cdk_nag:ECROpenAccess",
    ],
)  # fmt: skip
def ecr_repository_public(statement: RepositoryStatement) -> Truth:
    """Repository policies name who may pull and push.

    Images hold code and often secrets; whoever may push runs code in your clusters. An Allow for `*` counts unless
    a condition limits the caller.

    Instead: name the accounts, roles or services in `Principal`, or limit the caller in `Condition`.

    Sources: Amazon ECR user guide, Private repository policies.
    """
    return public.open_to_anyone(statement)
