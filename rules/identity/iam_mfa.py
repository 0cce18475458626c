"""IAM: second factors of people, administrators and the root user."""

from __future__ import annotations

from partywall.aws.root_user import RootUser
from partywall.reason.policy.second_factor import Administrator, ConsoleUser
from partywall.rule import CRITICAL, HIGH, LOW, rule
from partywall.truth import YES, Truth


@rule(
    "IAM016",
    HIGH,
    same_as=["trivy:AVD-AWS-0123", "trivy:AVD-AWS-0145", "terrascan:AC_AWS_0151", "fsbp:IAM.5", "cis:1.10"],
    lowered=(LOW, lambda user: user.has_device),
)
def iam_console_user_without_mfa_policy(user: ConsoleUser) -> Truth:
    """Users with a console password must show a second factor.

    A password alone can be guessed or phished. A device for the user proves nothing: only a policy makes AWS ask for
    it. Policies of the user's groups count.

    Instead: attach a policy that denies everything but the set-up of MFA while `aws:MultiFactorAuthPresent` is false,
    with `BoolIfExists`.

    Sources: AWS Security Hub IAM.5; CIS AWS Foundations 3.0 1.10; IAM user guide, Allows MFA-authenticated IAM users to
    manage their own credentials.
    """
    return user.without_second_factor


@rule("IAM017", CRITICAL)
def iam_admin_principal_without_mfa_condition(principal: Administrator) -> Truth:
    """An administrator's rights need a second factor.

    One stolen password or key is then not the whole account. Users count with all policies that reach them; roles
    where people of an account may take them on. Services and identity providers do not: a provider asks for itself.

    Instead: add `Bool` on `aws:MultiFactorAuthPresent` to the trust policy, or the Deny to the user's group.

    Sources: IAM user guide, Configuring MFA-protected API access; Security best practices in IAM.
    """
    return principal.without_second_factor


@rule(
    "IAM025",
    HIGH,
    same_as=[
        "trivy:AVD-AWS-0142", "trivy:AVD-AWS-0165", "terrascan:AC_AWS_0149", "terrascan:AC_AWS_0150", "fsbp:IAM.6",
        "fsbp:IAM.9", "cis:1.5", "cis:1.6",
    ],
    lowered=(LOW, lambda _: YES),
)  # fmt: skip
def root_user_mfa_not_evidenced(root: RootUser) -> Truth:
    """Root users have no credentials, or a second factor.

    The second factor of a root user is not in any template. What code can do is take the root credentials of all member
    accounts away, through the organisation.

    Instead: enable `RootCredentialsManagement` in `aws_iam_organizations_features`, and register a passkey for the
    management account's root user by hand.

    Sources: AWS Security Hub IAM.6, IAM.9; CIS AWS Foundations 3.0 1.5, 1.6; IAM user guide, Centrally manage root
    access for member accounts.
    """
    return root.open_to_passwords
