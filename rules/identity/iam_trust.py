"""IAM: who may take a role on."""

from __future__ import annotations

from partywall.aws.policy import TrustStatement
from partywall.reason.policy import trust
from partywall.rule import CRITICAL, HIGH, rule
from partywall.truth import Truth


@rule(
    "IAM029",
    CRITICAL,
    same_as=[
        "checkov:CKV_AWS_60", "kics:IAM Role Allows All Principals To Assume", "kics:IAM Role Allows Public Assume",
        "cfn_nag:F2", "cfn_nag:F6", "guard:IAM_ROLE_NO_ALLOW_PLUS_NOT_PRINCIPAL",
        "guard:IAM_ROLE_NO_FULL_ACCESS_ON_TRUST_POLICY", "cloudrail:non_car_iam_role_assume_role_principal_too_wide",
        "regula:FG_R00219", "semgrep:wildcard-assume-role",
    ],
)  # fmt: skip
def iam_role_trusts_everyone(statement: TrustStatement) -> Truth:
    """Roles trust somebody in particular.

    A role that trusts `*` can be taken on by every AWS account there is. An external id does not close it: it is a
    label known to two, not a secret. An organisation or a list of ARNs in the condition does.

    Instead: name the accounts, roles or services that need the role.

    Sources: IAM user guide, AWS JSON policy elements: Principal.
    """
    return trust.anyone(statement)


@rule(
    "IAM031",
    HIGH,
    same_as=[
        "kics:Cross-Account IAM Assume Role Policy Without ExternalId or MFA", "regula:FG_R00255",
    ],
)  # fmt: skip
def iam_role_foreign_account_without_external_id(statement: TrustStatement) -> Truth:
    """Roles for other companies' accounts ask for an external id.

    A provider that works for many customers can be tricked into using your role for another of them. The external
    id says for whom it acts. A literal account in the template is taken for a foreign one.

    Instead: add a condition on `sts:ExternalId`, or on the organisation for your own accounts.

    Sources: IAM user guide, The confused deputy problem.
    """
    return trust.foreign_without_external_id(statement)


@rule(
    "IAM032",
    CRITICAL,
    same_as=[
        "checkov:CKV_AWS_358", "checkov:CKV_AWS_393", "semgrep:unrestricted-github-oidc-policy",
    ],
)  # fmt: skip
def iam_github_oidc_trust_unscoped(statement: TrustStatement) -> Truth:
    """Roles for GitHub Actions trust one organisation's repositories.

    GitHub signs tokens for everybody. Only the subject says whose workflow asks; without a condition on it, or with
    one that begins with a wildcard, every repository of the world can take the role on.

    Instead: add `token.actions.githubusercontent.com:sub` with `repo:ORGANISATION/REPOSITORY:...`.

    Sources: IAM user guide, Configuring a role for GitHub OIDC identity provider.
    """
    return trust.github_unscoped(statement)


@rule("IAM033", HIGH)
def iam_web_identity_trust_without_subject(statement: TrustStatement) -> Truth:
    """Roles for web identities say for whom.

    An identity provider that serves many tenants vouches for all of them. The condition on the subject (for Cognito
    on the audience) picks yours.

    Instead: add a condition on the provider's `:sub` claim.

    Sources: IAM user guide, Create a role for OpenID Connect federation.
    """
    return trust.web_identity_unscoped(statement)
