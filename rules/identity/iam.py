"""IAM: users, their credentials and how rights reach them."""

from __future__ import annotations

from partywall.aws.credential import LoginProfile, Provider, secret_exposed
from partywall.aws.iam import AccessKey, ManagedGrant, PasswordPolicy, User, UserGrant
from partywall.rule import CRITICAL, HIGH, LOW, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "IAM002",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_274", "checkov:CKV2_AWS_56", "cfn_nag:W43", "cfn_nag:W44",
        "guard:IAM_ROLE_ADMINISTRATOR_ACCESS_POLICY_RULE", "guard:IAM_ROLE_ELEVATED_MANAGED_POLICY_RULE",
        "cloudrail:non_car_iam_readonlyaccess_policy", "cdk_nag:IAMNoManagedPolicies", "cis:1.16", "cis:1.22",
    ],
)  # fmt: skip
def iam_admin_managed_policy_attached(grant: ManagedGrant) -> Truth:
    """Nobody gets AWS's administrator policies for daily work.

    `AdministratorAccess`, `IAMFullAccess` and `PowerUserAccess` are the whole account, or a step away from it.

    Instead: attach a policy that grants what the job needs.

    Sources: CIS AWS Foundations 3.0 1.16; IAM user guide, AWS managed policies for job functions.
    """
    return grant.administrator


@rule(
    "IAM011",
    MEDIUM,
    same_as=[
        "checkov:CKV_AWS_40", "trivy:AVD-AWS-0143", "kics:IAM Policy On User", "kics:IAM User Has Policies",
        "kics:IAM Managed Policy Applied to a User", "kics:IAM Policies Attached To User", "cfn_nag:F10", "cfn_nag:F11",
        "cfn_nag:F12", "guard:IAM_NO_POLICY_ON_USER", "guard:IAM_USER_NO_POLICIES_CHECK",
        "cloudrail:non_car_iam_no_permissions_directly_to_user", "regula:FG_R00007", "terrascan:AC_AWS_0475",
        "terrascan:AC_AWS_0476", "cdk_nag:IAMUserNoPolicies", "fsbp:IAM.2", "cis:1.15",
    ],
)  # fmt: skip
def iam_policy_attached_to_user(grant: UserGrant) -> Truth:
    """Rights reach users through groups and roles.

    Rights that hang on single users are forgotten when people change their jobs, and nobody sees them side by side.

    Instead: attach the policy to a group or a role.

    Sources: AWS Security Hub IAM.2; CIS AWS Foundations 3.0 1.15.
    """
    return grant.to_user


@rule(
    "IAM013",
    LOW,
    same_as=[
        "checkov:CKV2_AWS_21", "kics:IAM User With No Group", "cfn_nag:F2000", "guard:IAM_USER_MISSING_GROUP_RULE",
        "regula:FG_R00272", "cdk_nag:IAMUserGroupMembership",
    ],
)  # fmt: skip
def iam_user_without_group(user: User) -> Truth:
    """Every user is a member of a group.

    A user outside all groups has no rights, or rights of its own that nobody reviews.

    Instead: make the user a member of a group, or use a role.

    Sources: CIS AWS Foundations 3.0 1.15; IAM user guide, IAM user groups.
    """
    return ~user.in_group


@rule(
    "IAM015",
    MEDIUM,
    same_as=[
        "checkov:CKV_AWS_273", "checkov:CKV2_AWS_22", "cloudrail:non_car_iam_no_human_users", "cis:1.21",
    ],
)  # fmt: skip
def iam_human_user_declared(user: User) -> Truth:
    """People log in through Identity Center, not as IAM users.

    An IAM user with a console password is an account that no directory knows: it stays when its person leaves.

    Instead: use IAM Identity Center or another identity provider.

    Sources: CIS AWS Foundations 3.0 1.21; IAM user guide, Security best practices.
    """
    return user.has_console_password


@rule(
    "IAM020",
    HIGH,
    same_as=[
        "kics:IAM User LoginProfile Password Is In Plaintext", "cfn_nag:F51",
        "guard:IAM_USER_LOGIN_PROFILE_NO_PLAINTEXT_PASSWORD", "terrascan:AC_AWS_0148",
    ],
    secret=True,
)  # fmt: skip
def iam_login_password_in_template(profile: LoginProfile) -> Truth:
    """Console passwords are not in templates or state.

    A password in a template is in the repository for ever. Terraform writes a generated one to the state in the
    clear unless it has a PGP key to encrypt it for.

    Instead: use `pgp_key` (`{{resolve:secretsmanager:...}}`); better, Identity Center.

    Sources: AWS CloudFormation user guide, Security best practices; provider documentation of
    aws_iam_user_login_profile.
    """
    return profile.readable


@rule(
    "IAM021",
    HIGH,
    same_as=[
        "trivy:AVD-AWS-0146", "kics:Access Key Is Not Rotated Within 90 Days", "terrascan:AC_AWS_0133", "fsbp:IAM.3",
        "cis:1.14",
    ],
)  # fmt: skip
def iam_access_key_in_template(key: AccessKey) -> Truth:
    """Templates make no access keys.

    The secret half of a key that a template makes lies in the state or in stack outputs, and nothing ever rotates
    it.

    Instead: use a role; from outside AWS, OpenID Connect or IAM Roles Anywhere.

    Sources: AWS Security Hub IAM.3; IAM user guide, Managing access keys.
    """
    return key.active


@rule("IAM022", HIGH, secret=True)
def iam_access_key_secret_exposed_in_output(key: AccessKey) -> Truth:
    """The secret half of an access key goes to Secrets Manager only.

    An output of a stack can be read by everyone who may describe it, a plain parameter by everyone who may read it, and
    the environment of a program by everyone who may read its configuration.

    Instead: write it to a secret, or drop the key and use a role.

    Sources: AWS CloudFormation user guide, Outputs; IAM user guide, Managing access keys.
    """
    return secret_exposed(key)


@rule(
    "IAM024",
    CRITICAL,
    same_as=[
        "checkov:CKV_AWS_348", "trivy:AVD-AWS-0141", "kics:IAM Access Keys Associated To Root Account",
        "kics:IAM Access Key Is Exposed", "terrascan:AC_AWS_0132", "fsbp:IAM.4", "cis:1.4",
    ],
)  # fmt: skip
def iam_root_access_key(key: AccessKey) -> Truth:
    """The root user has no access keys.

    A key of the root user cannot be limited by any policy.

    Instead: remove the key and work with a role.

    Sources: AWS Security Hub IAM.4; CIS AWS Foundations 3.0 1.4.
    """
    return key.of_root


@rule(
    "IAM026",
    MEDIUM,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_10", "checkov:CKV_AWS_11", "checkov:CKV_AWS_12", "checkov:CKV_AWS_14", "checkov:CKV_AWS_15",
        "trivy:AVD-AWS-0058", "trivy:AVD-AWS-0059", "trivy:AVD-AWS-0060", "trivy:AVD-AWS-0061", "trivy:AVD-AWS-0063",
        "kics:IAM Password Without Minimum Length", "kics:IAM Password Without Lowercase Letter",
        "kics:IAM Password Without Uppercase Letter", "kics:IAM Password Without Number",
        "kics:IAM Password Without Symbol", "kics:Misconfigured Password Policy Expiration",
        "cloudrail:non_car_aws_iam_password_policy_lower_required",
        "cloudrail:non_car_aws_iam_password_policy_min_length",
        "cloudrail:non_car_aws_iam_password_policy_num_required",
        "cloudrail:non_car_aws_iam_password_policy_symbol_required",
        "cloudrail:non_car_aws_iam_password_policy_upper_required", "regula:FG_R00021", "regula:FG_R00022",
        "regula:FG_R00023", "regula:FG_R00024", "regula:FG_R00025", "regula:FG_R00086", "terrascan:AC_AWS_0134",
        "terrascan:AC_AWS_0135", "terrascan:AC_AWS_0136", "terrascan:AC_AWS_0137", "terrascan:AC_AWS_0141",
        "terrascan:AC_AWS_0142", "fsbp:IAM.7", "cis:1.8",
    ],
)  # fmt: skip
def iam_password_policy_missing_or_weak(policy: PasswordPolicy) -> Truth:
    """The account asks for long passwords of four kinds of characters.

    Declaring the policy replaces AWS's own as a whole: what is left out is not asked for, and the least length
    falls to 6.

    Instead: set `minimum_password_length = 14` and the four `require_...` flags to true.

    Sources: AWS Security Hub IAM.7; CIS AWS Foundations 3.0 1.8.
    """
    return policy.weak


@rule(
    "IAM040",
    CRITICAL,
    same_as=[
        "checkov:CKV_AWS_41", "kics:Hardcoded AWS Access Key", "kics:Hardcoded AWS Access Key In Lambda",
        "kics:Passwords And Secrets", "semgrep:aws-provider-static-credentials", "semgrep:aws-access-token",
        "semgrep:detected-aws-access-key-id-value", "semgrep:detected-aws-secret-access-key",
        "semgrep:detected-aws-session-token", "semgrep:detected-aws-appsync-graphql-key",
    ],
    secret=True,
)  # fmt: skip
def hardcoded_aws_credentials(provider: Provider) -> Truth:
    """Credentials are not written into the configuration.

    A key in a provider block is in the repository for ever, and robots search repositories for keys. Evident
    placeholders are let pass.

    Instead: leave the arguments out and use a profile, the environment or a role.

    Sources: AWS provider documentation, Authentication; IAM user guide, Managing access keys.
    """
    return provider.literal_credentials
