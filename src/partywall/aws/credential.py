"""Credentials: access keys and where their secrets flow, console passwords, and what Terraform itself works with."""

from __future__ import annotations

from partywall.aws.iam import AccessKey
from partywall.aws.resource import ACCOUNT, Resource, flag, text
from partywall.aws.secret import stands_in_clear
from partywall.declared import Declared
from partywall.graph import View
from partywall.source import Span
from partywall.truth import Truth, any_of, known, no, yes
from partywall.value import Known, fits, parts

_SECRETS = ("SecretAccessKey", "secret", "ses_smtp_password_v4")
_PROGRAMS = (
    "AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration", "AWS::Lambda::Function",
    "AWS::ECS::TaskDefinition", "AWS::Batch::JobDefinition", "AWS::SSM::Parameter",
    "aws_instance", "aws_launch_template", "aws_launch_configuration", "aws_lambda_function", "aws_ecs_task_definition",
    "aws_batch_job_definition",
)  # fmt: skip


def secret_exposed(key: AccessKey) -> Truth:
    """Whether the secret half of a key flows to where more people can read it than should."""
    address = key.declared.address
    found = [
        _shows(key.view, user, value.span)
        for user in key.view.graph.mentioning(address)
        for whole in user.attributes.values()
        for value in parts(whole)
        for it in value.references
        if it.address == address and it.attribute in _SECRETS
    ]
    return any_of(found) | no("its secret goes nowhere", key.span, address)


def _shows(view: View, user: Declared, span: Span) -> Truth:
    """Whether a declaration that is given a secret shows it: outputs, plain parameters, programs."""
    known_user = Resource(view, user)
    if user.type == "output":
        if user.dialect == "cloudformation":
            return yes("an output shows the secret", span, user.address)
        shown = yes("an output shows the secret", span, user.address)
        return ~flag(tf="sensitive", default=False).truth(known_user) & shown
    if user.type == "aws_ssm_parameter":
        given = yes(f"{user.address} is given the secret", span, user.address)
        return text(tf="type", default="String").fits(known_user, lambda it: it != "SecureString") & given
    if user.type in _PROGRAMS:
        return yes(f"{user.address} shows the secret", span, user.address)
    return no("it is kept", span, user.address)


class LoginProfile(
    Resource, service="iam", model=ACCOUNT, cloudformation="AWS::IAM::User", terraform="aws_iam_user_login_profile"
):
    """A console password."""

    @property
    def readable(self) -> Truth:
        """Whether the password can be read in the template or the state."""
        if self.in_terraform:
            return ~self.is_set((), "pgp_key")
        return stands_in_clear(self.view, self.read("LoginProfile.Password", ()), self.declared.address)


class Provider(Resource, service="iam", model=ACCOUNT, terraform="provider.aws"):
    """The credentials Terraform itself works with."""

    @property
    def literal_credentials(self) -> Truth:
        """Whether a key is written into the configuration."""
        return any_of(self._literal(name) for name in ("secret_key", "access_key", "token"))

    def _literal(self, name: str) -> Truth:
        """Whether one of them is written out; what is written is not part of the reason."""
        value, owner = self.read((), name), self.declared.address
        if not isinstance(value, Known):
            return fits(value, f"`{name}`", bool, owner)
        literal = isinstance(value.it, str) and value.it != "" and not _is_placeholder(value.it)
        return known(literal, f"`{name}` is {'written out' if literal else 'no key'}", value.span, owner)


_PLACEHOLDERS = ("mock", "test", "fake", "dummy", "example", "xxx", "changeme", "anaccesskey", "asecretkey")


def _is_placeholder(text: str) -> bool:
    low = text.lower()
    return any(word in low for word in _PLACEHOLDERS)
