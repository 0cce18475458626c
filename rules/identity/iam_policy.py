"""IAM: what policies of users, groups and roles grant."""

from __future__ import annotations

from partywall.aws.identity import Rights
from partywall.aws.policy import IdentityStatement
from partywall.reason.policy import capability, escalation
from partywall.reason.policy.statement import passes_any_role, some_service_whole
from partywall.rule import CRITICAL, HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "IAM001",
    CRITICAL,
    same_as=[
        "checkov:CKV_AWS_1", "checkov:CKV_AWS_62", "checkov:CKV_AWS_275", "kics:IAM Policy Full Privileges",
        "kics:IAM Policies With Full Privileges", "kics:SSO Policy with full privileges", "cfn_nag:F3", "cfn_nag:F4",
        "cfn_nag:F5", "guard:IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
        "guard:IAM_ROLE_NO_WILDCARD_ACTIONS_ON_PERMISSIONS", "regula:FG_R00092", "terrascan:AC_AWS_0143",
        "terrascan:AC_AWS_0144", "terrascan:AC_AWS_0146", "terrascan:AC_AWS_0147", "terrascan:AC_AWS_0474",
        "semgrep:no-iam-admin-privileges", "semgrep:aws-iam-admin-policy", "semgrep:aws-iam-admin-policy-ssoadmin",
        "cdk_nag:IAMPolicyNoStatementsWithAdminAccess", "fsbp:IAM.1", "cis:1.16",
    ],
)  # fmt: skip
def iam_policy_full_admin(rights: Rights) -> Truth:
    """No policy grants everything on everything.

    `*` on `*` is the whole account: whoever gets hold of the credentials owns it. What counts is the meaning,
    whatever the spelling: list or text, heredoc, `jsonencode` or rendered document. A condition on the statement
    takes it out of this rule.

    Instead: grant the actions the job needs on the resources it needs.

    Sources: AWS Security Hub IAM.1; CIS AWS Foundations 3.0 1.16; IAM user guide, Security best practices.
    """
    return capability.together(capability.admin, rights)


@rule(
    "IAM003",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_49", "checkov:CKV_AWS_63", "trivy:AVD-AWS-0057", "kics:IAM Policy Grants Full Permissions",
        "cfn_nag:F3", "cfn_nag:F4", "cfn_nag:F5", "guard:IAM_MANAGEDPOLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
        "guard:IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS", "guard:IAM_ROLE_NO_WILDCARD_ACTIONS_ON_PERMISSIONS",
        "semgrep:no-iam-star-actions", "cdk_nag:IAMPolicyNoStatementsWithFullAccess",
        "cdk_nag:IAMNoWildcardPermissions", "fsbp:IAM.21",
    ],
)  # fmt: skip
def iam_policy_service_wildcard(statement: IdentityStatement) -> Truth:
    """Policies list the actions they grant.

    `s3:*` includes what nobody thinks of when writing it: deleting buckets, changing their policies, switching off
    protection, and every action the service will get. A statement that already grants everything is left to IAM001.

    Instead: list the actions, or use an AWS managed job policy.

    Sources: AWS Security Hub IAM.21; IAM user guide, Grant least privilege.
    """
    return some_service_whole(statement) & statement.allows


@rule(
    "IAM005",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_109", "checkov:CKV_AWS_110", "checkov:CKV_AWS_286", "checkov:CKV_AWS_289",
        "checkov:CKV2_AWS_40", "kics:IAM policy allows for data exfiltration",
        "kics:Group With Privilege Escalation By Actions 'iam:CreatePolicyVersion'",
        "kics:Role With Privilege Escalation By Actions 'iam:CreatePolicyVersion'",
        "kics:User With Privilege Escalation By Actions 'iam:CreatePolicyVersion'",
        "cloudrail:iam_priv_escalation_policy", "terrascan:AC_AWS_0473", "semgrep:no-iam-priv-esc-funcs",
        "semgrep:no-iam-priv-esc-other-users", "semgrep:no-iam-priv-esc-roles", "semgrep:no-iam-resource-exposure",
    ],
)  # fmt: skip
def iam_policy_privilege_escalation(rights: Rights) -> Truth:
    """No policy lets its owner take more rights than it grants.

    Some actions are worth all others: writing a policy version, attaching a policy, making keys for another user,
    or handing a role to a service that runs code. All statements of a document are taken together; denied actions
    are taken away; limited resources and conditions are let pass.

    Instead: limit these actions to named resources, and add a permissions boundary for who creates roles.

    Sources: IAM user guide, Permissions boundaries and Grant permissions to pass a role.
    """
    return capability.together(escalation.escalation, rights)


@rule(
    "IAM006",
    HIGH,
    same_as=[
        "trivy:AVD-AWS-0342", "kics:IAM Policy Grants 'AssumeRole' Permission Across All Services", "cfn_nag:F38",
        "cfn_nag:F39", "cfn_nag:F40", "guard:IAM_POLICY_NO_WILDCARD_RESOURCE_ON_PASSROLE",
        "guard:IAM_ROLE_NO_WILDCARD_RESOURCE_ON_PASSROLE",
    ],
)  # fmt: skip
def iam_policy_passrole_wildcard(statement: IdentityStatement) -> Truth:
    """Roles that may be passed to services are named.

    `iam:PassRole` on every role lets its owner start a machine or function with the strongest role of the account
    and act as it.

    Instead: name the role's ARN, and the service in `iam:PassedToService`.

    Sources: IAM user guide, Grant a user permissions to pass a role to an AWS service.
    """
    return passes_any_role(statement)


@rule(
    "IAM010",
    MEDIUM,
    same_as=[
        "cfn_nag:W14", "cfn_nag:W15", "cfn_nag:W16", "cfn_nag:W17", "cfn_nag:W21", "cfn_nag:W22", "cfn_nag:W23",
        "guard:IAM_ROLE_NO_ALLOW_PLUS_NOT_ACTION_ON_TRUST_POLICY", "guard:IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_ACTION",
        "guard:IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_RESOURCE",
    ],
)  # fmt: skip
def iam_policy_allow_with_not_action(statement: IdentityStatement) -> Truth:
    """Grants say what is allowed, not what is not.

    Allow with `NotAction` or `NotResource` grants everything else, including what AWS will add tomorrow. With Deny
    the two are the usual way to write guard rails.

    Instead: list `Action` and `Resource`.

    Sources: IAM user guide, NotAction with Allow; NotResource.
    """
    return (statement.has("NotAction") | statement.has("NotResource")) & statement.allows
