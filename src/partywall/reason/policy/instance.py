"""What whoever gets onto an instance can do with the role it runs with."""

from __future__ import annotations

from partywall.aws.ec2 import Launch
from partywall.aws.identity import Identity, Rights
from partywall.aws.resource import Resource
from partywall.declared import Declared
from partywall.reason.policy.capability import admin
from partywall.reason.policy.escalation import escalation
from partywall.truth import Truth, any_of, no, unknown
from partywall.value import Known, Setting, Unknown

_PROFILES = ("AWS::IAM::InstanceProfile", "aws_iam_instance_profile")
_ROLES = ("AWS::IAM::Role", "aws_iam_role")


def runs_with_power(launch: Launch) -> Truth:
    """Whether the role of an instance is an administrator's, or can be made so."""
    owner = launch.declared.address
    place = (
        "IamInstanceProfile", "LaunchTemplateData.IamInstanceProfile.Arn", "LaunchTemplateData.IamInstanceProfile.Name",
    )  # fmt: skip
    profile = launch.read(place, ("iam_instance_profile.arn", "iam_instance_profile.name", "iam_instance_profile"))
    if isinstance(profile, Known) and profile.it is None:
        return no("it has no role", launch.span, owner)
    declared = launch.view.target(profile, _PROFILES) or _named(launch, profile)
    if declared is None:
        why = profile.why if isinstance(profile, Unknown) else "it is declared elsewhere"
        return unknown(f"the role is unknown: {why}", profile.span, owner)
    roles = [_role(launch, item) for item in Resource(launch.view, declared).elements("Roles", ("role", "roles"))]
    return any_of(
        unknown("the role is declared elsewhere", declared.span, declared.address)
        if role is None
        else _power(launch, role)
        for role in roles
    )


def _named(launch: Launch, value: Setting) -> Declared | None:
    return _by_name(launch, value, _PROFILES, ("name", "InstanceProfileName"))


def _role(launch: Launch, value: Setting) -> Declared | None:
    return launch.view.target(value, _ROLES) or _by_name(launch, value, _ROLES, ("name", "RoleName"))


def _by_name(launch: Launch, value: Setting, types: tuple[str, ...], names: tuple[str, ...]) -> Declared | None:
    """The declaration whose name is written out."""
    if not isinstance(value, Known):
        return None
    for declared in launch.view.of(types):
        for name in names:
            found = declared.attributes.get(name)
            if isinstance(found, Known) and found.it == value.it:
                return declared
    return None


def _power(launch: Launch, role: Declared) -> Truth:
    identity = Identity(launch.view, role)
    rights = Rights(launch.view, role)
    rights.policies, rights.owner = identity.policies, identity
    return admin(rights) | escalation(rights)
