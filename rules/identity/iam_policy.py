"""IAM: what policies of users, groups and roles grant."""

from __future__ import annotations

from partywall.aws.identity import Boundary, Rights
from partywall.aws.policy import IdentityStatement
from partywall.reason.policy import boundary, capability, escalation, lock
from partywall.reason.policy.statement import only_unlimitable, some_service_whole, writes_everywhere
from partywall.rule import CRITICAL, HIGH, LOW, MEDIUM, rule
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
    whatever the spelling and however composed: statements, policies and groups add up, refusals and permissions
    boundaries take away. A condition that ties the grant to a fixed target takes it out of this rule.

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
    covered_by=["IAM001", "IAM045", "IAM005"],
    lowered=(LOW, only_unlimitable),
)  # fmt: skip
def iam_policy_service_wildcard(statement: IdentityStatement) -> Truth:
    """Policies list the actions they grant on all resources.

    `s3:*` includes what nobody thinks of when writing it: deleting buckets, changing their policies, switching off
    protection, and every action the service will get. All actions of one service on a named resource are let pass, all
    actions there are never. Where no action of the service can be granted on single resources, as with `ssmmessages:*`,
    and none grants rights to others, the gap is small.

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
    covered_by=["IAM001", "IAM045"],
)  # fmt: skip
def iam_policy_privilege_escalation(rights: Rights) -> Truth:
    """No policy lets its owner take more rights than it grants.

    Some actions are worth all others: writing a policy version, attaching a policy, making keys for another user,
    or handing a role to a service that runs code. All policies that reach an identity are taken together; refusals
    and permissions boundaries take away; limited resources, and conditions that tie the grant to a fixed target, are
    let pass.

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
    covered_by=["IAM001", "IAM045", "IAM005"],
)  # fmt: skip
def iam_policy_passrole_wildcard(statement: IdentityStatement) -> Truth:
    """Roles that may be passed to services are named.

    `iam:PassRole` on every role lets its owner start a machine or function with the strongest role of the account
    and act as it.

    A refusal in the same policy and a permissions boundary of all who hold it take the grant back.

    Instead: name the role's ARN, and the service in `iam:PassedToService`.

    Sources: IAM user guide, Grant a user permissions to pass a role to an AWS service.
    """
    return capability.hands_on_any_role(statement)


@rule(
    "IAM010",
    MEDIUM,
    same_as=[
        "cfn_nag:W14", "cfn_nag:W15", "cfn_nag:W16", "cfn_nag:W17", "cfn_nag:W21", "cfn_nag:W22", "cfn_nag:W23",
        "guard:IAM_ROLE_NO_ALLOW_PLUS_NOT_ACTION_ON_TRUST_POLICY", "guard:IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_ACTION",
        "guard:IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_RESOURCE",
    ],
    covered_by=["IAM001", "IAM045"],
)  # fmt: skip
def iam_policy_allow_with_not_action(statement: IdentityStatement) -> Truth:
    """Grants say what is allowed, not what is not.

    Allow with `NotAction` or `NotResource` grants everything else, including what AWS will add tomorrow. With Deny
    the two are the usual way to write guard rails.

    Instead: list `Action` and `Resource`.

    Sources: IAM user guide, NotAction with Allow; NotResource.
    """
    return (statement.has("NotAction") | statement.has("NotResource")) & statement.allows


@rule("IAM045", HIGH, covered_by=["IAM001"])
def iam_policy_near_admin(rights: Rights) -> Truth:
    """No policy grants nearly everything.

    Everything except a few services is as dangerous as everything: with all of EC2, Lambda or CloudFormation whoever
    holds it acts as any role those may be given. Usually it is written as an Allow with `NotAction`.

    Instead: list the actions that are needed.

    Sources: IAM user guide, NotAction with Allow; Apply least-privilege permissions.
    """
    return capability.together(capability.near_admin, rights)


@rule("IAM046", MEDIUM)
def permissions_boundary_allows_admin(policy: Boundary) -> Truth:
    """Permissions boundaries limit what they bound.

    A boundary that allows everything looks like a limit in every review and is none: the rights of the identity are
    what its policies say.

    Instead: list in the boundary what its users and roles may ever do.

    Sources: IAM user guide, Permissions boundaries for IAM entities.
    """
    return boundary.allows_admin(policy)


@rule(
    "IAM004",
    MEDIUM,
    same_as=[
        "checkov:CKV_AWS_111", "checkov:CKV_AWS_290", "checkov:CKV_AWS_355", "checkov:CKV_AWS_356",
        "kics:IAM Policy Grants Full Permissions", "cfn_nag:W11", "cfn_nag:W12", "cfn_nag:W13",
        "guard:IAM_POLICYDOCUMENT_NO_WILDCARD_RESOURCE", "cdk_nag:IAMNoWildcardPermissions",
    ],
    covered_by=["IAM001", "IAM045", "IAM005", "IAM006", "IAM003"],
)  # fmt: skip
def iam_policy_wildcard_resource(statement: IdentityStatement) -> Truth:
    """Actions that change things are granted on named resources.

    Where an action can be granted on single resources, `*` is more than the job needs: it reaches whatever the account
    will ever hold. Actions that work on `*` only, reading and listing are let pass, and so are conditions that tie the
    grant to a fixed target, such as a resource tag.

    Instead: name the ARNs in `Resource`, with a wildcard behind a fixed beginning if need be.

    Sources: AWS Service Authorization Reference; IAM user guide, Apply least-privilege permissions.
    """
    return writes_everywhere(statement)


@rule("IAM018", HIGH, fixable="unsafe")
def iam_mfa_condition_ineffective(statement: IdentityStatement) -> Truth:
    """Conditions on a second factor hold for access keys too.

    Requests signed with long-term keys have no `aws:MultiFactorAuthPresent` at all. A Deny with `Bool` false never
    holds for them, and an Allow with `BoolIfExists` true always does: the lock is open to stolen keys, for which it
    was made.

    Instead: use `BoolIfExists` false in a Deny, and `Bool` true in an Allow.

    Sources: IAM user guide, Configuring MFA-protected API access; AWS global condition context keys.
    """
    return lock.mfa_ineffective(statement)
