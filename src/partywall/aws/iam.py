"""Users, groups, roles and their credentials."""

from __future__ import annotations

from partywall.aws import managed_policy
from partywall.aws.resource import ACCOUNT, Resource, flag, number, text
from partywall.limit import Range
from partywall.truth import Truth, any_of, known, no, yes
from partywall.value import Setting, Unknown, fits

ADMINISTRATORS = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
_POLICIES = ("AWS::IAM::ManagedPolicy", "aws_iam_policy")


class User(Resource, service="iam", model=ACCOUNT, cloudformation="AWS::IAM::User", terraform="aws_iam_user"):
    """A long-lived identity with credentials of its own."""

    @property
    def in_group(self) -> Truth:
        """Whether it is a member of a group."""
        listed = any_of(
            any_of(
                self.view.names(item, self.declared, ("name", "id", "UserName"))
                for item in Resource(self.view, it).elements("Users", "users")
            )
            for it in self.view.of(("aws_iam_group_membership", "AWS::IAM::UserToGroupAddition"))
        )
        apart = self.any_companion(
            {"aws_iam_user_group_membership": "user"},
            lambda it: yes(f"{it.address} puts the user into groups", resource=it.address),
            ("name", "id"),
        )
        none = no("no group has the user as a member", self.span, self.declared.address)
        return self.is_set("Groups", ()) | apart | listed | none

    @property
    def has_console_password(self) -> Truth:
        """Whether it may log in to the console."""
        return self.is_set("LoginProfile", ()) | self.any_companion(
            {"aws_iam_user_login_profile": "user"},
            lambda it: yes(f"{it.address} gives the user a password for the console", resource=it.address),
            ("name", "id"),
        )


class UserGrant(
    Resource,
    service="iam",
    model=ACCOUNT,
    cloudformation=("AWS::IAM::User", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::UserPolicy"),
    terraform=("aws_iam_user_policy", "aws_iam_user_policy_attachment", "aws_iam_policy_attachment"),
):
    """A declaration that may give rights to a user directly."""

    @property
    def to_user(self) -> Truth:
        """Whether it gives rights to a user and not to a group or role."""
        if self.declared.type in ("aws_iam_user_policy", "aws_iam_user_policy_attachment", "AWS::IAM::UserPolicy"):
            return yes("it gives rights to a single user", self.span, self.declared.address)
        if self.declared.type == "AWS::IAM::User":
            return self.is_set("Policies", ()) | self.is_set("ManagedPolicyArns", ())
        return self.is_set("Users", "users")


class ManagedGrant(
    Resource,
    service="iam",
    model=ACCOUNT,
    cloudformation=("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"),
    terraform=(
        "aws_iam_role_policy_attachment", "aws_iam_user_policy_attachment", "aws_iam_group_policy_attachment",
        "aws_iam_policy_attachment", "aws_iam_role", "aws_ssoadmin_managed_policy_attachment",
    ),
):  # fmt: skip
    """A declaration that may attach a policy by its ARN."""

    @property
    def administrator(self) -> Truth:
        """Whether it attaches one of AWS's policies that amount to the whole account."""
        values = self.elements("ManagedPolicyArns", ("policy_arn", "managed_policy_arns", "managed_policy_arn"))
        return any_of(self._attached(value) for value in values)

    def _attached(self, value: Setting) -> Truth:
        owner = self.declared.address
        if isinstance(value, Unknown) and value.parts and value.parts[-1]:
            name = value.parts[-1].rpartition("/")[2]
            return known(name in ADMINISTRATORS, f"the attached policy is {name}", value.span, owner)
        looked_up = managed_policy.looked_up(self.view, value)
        if looked_up is not None:
            said = f"the attached policy is {looked_up}"
            return known(looked_up in ADMINISTRATORS, said, value.span, owner)
        if self.view.target(value, _POLICIES) is not None:
            return no("the attached policy is declared here", value.span, owner)
        return fits(value, "the attached policy", lambda it: str(it).rpartition("/")[2] in ADMINISTRATORS, owner)


class AccessKey(
    Resource, service="iam", model=ACCOUNT, cloudformation="AWS::IAM::AccessKey", terraform="aws_iam_access_key"
):
    """A long-lived key of a user."""

    status = text(cfn="Status", tf="status", default="Active")
    user = text(cfn="UserName", tf="user", default="")

    @property
    def active(self) -> Truth:
        """Whether it works."""
        return type(self).status.fits(self, lambda it: it != "Inactive")

    @property
    def of_root(self) -> Truth:
        """Whether it belongs to the root user."""
        return type(self).user.fits(self, lambda it: it == "root" or it.endswith(":root"))


class PasswordPolicy(Resource, service="iam", model=ACCOUNT, terraform="aws_iam_account_password_policy"):
    """What the account asks of console passwords; the resource replaces AWS's own policy as a whole."""

    length = number(tf="minimum_password_length", default=6)
    lowercase = flag(tf="require_lowercase_characters", default=False)
    uppercase = flag(tf="require_uppercase_characters", default=False)
    numbers = flag(tf="require_numbers", default=False)
    symbols = flag(tf="require_symbols", default=False)

    @property
    def weak(self) -> Truth:
        """Whether it asks for less than 14 characters of four kinds."""
        short = type(self).length.fits(self, Range(most=13))
        return short | ~self.lowercase | ~self.uppercase | ~self.numbers | ~self.symbols
