"""Users, groups, roles and permission sets with every policy that reaches them, however it is attached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Self

from partywall.aws import managed_policy, policy_place
from partywall.aws.policy import Document, documents, grants, made
from partywall.aws.resource import ACCOUNT, Resource
from partywall.declared import Declared
from partywall.graph import View
from partywall.immutable import immutable
from partywall.truth import YES, State, Truth, any_of
from partywall.value import Known, Setting, Unknown

MANAGED = ("aws_iam_policy", "AWS::IAM::ManagedPolicy")
NAMES = ("name", "id", "RoleName", "UserName", "GroupName")
_USER, _GROUP, _ROLE, _SET = "user", "group", "role", "permission set"
_KINDS: Mapping[str, str] = {
    "aws_iam_user": _USER,
    "AWS::IAM::User": _USER,
    "aws_iam_group": _GROUP,
    "AWS::IAM::Group": _GROUP,
    "aws_iam_role": _ROLE,
    "AWS::IAM::Role": _ROLE,
    "aws_ssoadmin_permission_set": _SET,
    "AWS::SSO::PermissionSet": _SET,
}
_INLINE: Mapping[str, Mapping[str, str]] = {
    _ROLE: {
        "aws_iam_role_policy": "role", "AWS::IAM::RolePolicy": "RoleName", "AWS::IAM::Policy": "Roles",
        "AWS::IAM::ManagedPolicy": "Roles",
    },
    _USER: {
        "aws_iam_user_policy": "user", "AWS::IAM::UserPolicy": "UserName", "AWS::IAM::Policy": "Users",
        "AWS::IAM::ManagedPolicy": "Users",
    },
    _GROUP: {
        "aws_iam_group_policy": "group", "AWS::IAM::GroupPolicy": "GroupName", "AWS::IAM::Policy": "Groups",
        "AWS::IAM::ManagedPolicy": "Groups",
    },
    _SET: {"aws_ssoadmin_permission_set_inline_policy": "permission_set_arn"},
}  # fmt: skip
"""Documents that name their identity, and where."""

_TO_SET = "aws_ssoadmin_managed_policy_attachment"
_ATTACHED: Mapping[str, Mapping[str, str]] = {
    _ROLE: {"aws_iam_role_policy_attachment": "role", "aws_iam_policy_attachment": "roles"},
    _USER: {"aws_iam_user_policy_attachment": "user", "aws_iam_policy_attachment": "users"},
    _GROUP: {"aws_iam_group_policy_attachment": "group", "aws_iam_policy_attachment": "groups"},
    _SET: {_TO_SET: "permission_set_arn"},
}
"""Attachments of policies by ARN, and where they name the identity."""


@immutable()
class Reach:
    """A policy that reaches an identity, whether it surely does, and whether it is declared here as one of its own."""

    document: Document
    holds: Truth
    here: bool = True


class Identity(
    Resource,
    service="iam",
    model=ACCOUNT,
    cloudformation=("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::SSO::PermissionSet"),
    terraform=("aws_iam_role", "aws_iam_user", "aws_iam_group", "aws_ssoadmin_permission_set"),
):
    """Somebody who can hold rights."""

    @property
    def kind(self) -> str:
        """user, group, role or permission set."""
        return _KINDS[self.declared.type]

    @property
    def policies(self) -> tuple[Reach, ...]:
        """Every policy that reaches it: inline, attached, and through its groups."""
        memo = ("policies", self.declared.address)
        found = self.view.memo.get(memo)
        if found is None:
            found = self.view.memo[memo] = tuple(self._policies())
        assert isinstance(found, tuple)
        return found

    def _policies(self) -> Iterator[Reach]:
        places = policy_place.IDENTITY.get(self.declared.type, ())
        for document in documents(self.view, self.declared, places):
            yield Reach(document, YES)
        for link in self.companions(_INLINE[self.kind], NAMES):
            for document in documents(self.view, link.declared, policy_place.IDENTITY[link.declared.type]):
                yield Reach(document, link.holds)
        for arn in self.elements(("ManagedPolicyArns", "ManagedPolicies"), "managed_policy_arns"):
            yield from self._by_arn(self.declared, arn, YES)
        for link in self.companions(_ATTACHED[self.kind], NAMES):
            name = "managed_policy_arn" if link.declared.type == _TO_SET else "policy_arn"
            for arn in Resource(self.view, link.declared).elements((), name):
                yield from self._by_arn(link.declared, arn, link.holds)
        for group, holds in self.groups:
            for reach in group.policies:
                yield Reach(reach.document, reach.holds & holds, reach.here)

    def _by_arn(self, attaches: Declared, arn: Setting, holds: Truth) -> Iterator[Reach]:
        here = self.view.target(arn, MANAGED) is not None
        for document in by_arn(self.view, attaches, arn):
            yield Reach(document, holds, here)

    @property
    def groups(self) -> tuple[tuple[Identity, Truth], ...]:
        """The groups a user is a member of."""
        if self.kind != _USER:
            return ()
        return tuple(
            (group, member)
            for group in Identity.subjects(self.view)
            if group.kind == _GROUP and (member := self._member(group)).state is not State.NO
        )

    def _member(self, group: Identity) -> Truth:
        view = self.view
        found: list[Truth] = [view.names(item, group.declared, NAMES) for item in self.elements("Groups", ())]
        for link in self.companions({"aws_iam_user_group_membership": "user"}, NAMES):
            listed = Resource(view, link.declared).elements((), "groups")
            found += [link.holds & view.names(item, group.declared, NAMES) for item in listed]
        places = {"aws_iam_group_membership": "group", "AWS::IAM::UserToGroupAddition": "GroupName"}
        for link in group.companions(places, NAMES):
            listed = Resource(view, link.declared).elements("Users", "users")
            found += [link.holds & view.names(item, self.declared, NAMES) for item in listed]
        return any_of(found)

    @property
    def boundary(self) -> tuple[Document, ...] | None:
        """The document that limits its rights; None where there is no such limit."""
        value = self.read("PermissionsBoundary", "permissions_boundary")
        if isinstance(value, Known) and value.it in (None, ""):
            return None
        return by_arn(self.view, self.declared, value)


def by_arn(view: View, attaches: Declared, arn: Setting) -> tuple[Document, ...]:
    """The document of the managed policy that an ARN means."""
    declared = view.target(arn, MANAGED)
    if declared is not None:
        return documents(view, declared, policy_place.IDENTITY[declared.type])
    name = managed_policy.name_of(arn)
    if name is None and isinstance(arn, Unknown):
        name = managed_policy.looked_up(view, arn)
    if name is None:
        why = arn.why if isinstance(arn, Unknown) else "it is declared elsewhere"
        return (made(view, attaches, Unknown(f"an attached policy is unknown: {why}", arn.span, arn.references)),)
    return (made(view, attaches, managed_policy.document(name, arn)),)


class Boundary(
    Resource,
    service="iam",
    model=ACCOUNT,
    cloudformation=("AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::IAM::User"),
    terraform=("aws_iam_policy", "aws_iam_role", "aws_iam_user"),
):
    """A policy that is used as boundary: the declared one, or the identity that names one which is not declared."""

    documents: tuple[Document, ...] = ()

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Each boundary once."""
        seen: set[str] = set()
        for identity in Identity.subjects(view):
            for document in identity.boundary or ():
                declared = document.declared
                if declared.address not in seen:
                    seen.add(declared.address)
                    one = cls(view, declared)
                    one.documents = (document,)
                    yield one


class Rights(
    Resource,
    service="iam",
    model=ACCOUNT,
    cloudformation=tuple(name for name in policy_place.IDENTITY if "::" in name),
    terraform=(*(name for name in policy_place.IDENTITY if "::" not in name), *policy_place.LOOSE, *Identity.terraform),
):
    """What one policy grants, or what all policies of one identity grant together."""

    policies: tuple[Reach, ...] = ()
    owner: Identity | None = None
    """The identity; None where it is about one policy."""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every policy of an identity, and every identity with more than one."""
        places = {**policy_place.IDENTITY, **policy_place.LOOSE}
        for declared in view.of(tuple(places)):
            for at, document in enumerate(documents(view, declared, places[declared.type])):
                if grants(view, document):
                    one = cls(view, declared, document.value, str(at))
                    one.policies = (Reach(document, YES),)
                    yield one
        for identity in Identity.subjects(view):
            if identity.policies and identity.kind != _GROUP:
                whole = cls(view, identity.declared, key="")
                whole.policies, whole.owner = identity.policies, identity
                yield whole

    @property
    def single(self) -> Iterator[Rights]:
        """The policies among them that are judged by themselves."""
        if self.owner is not None:
            for at, reach in enumerate(self.policies):
                if reach.here:
                    one = Rights(
                        self.view, reach.document.declared, reach.document.value, f"{self.declared.address} {at}"
                    )
                    one.policies = (reach,)
                    yield one

    @property
    def holders(self) -> tuple[Identity, ...]:
        """Those that the rights reach."""
        if self.owner is not None:
            return (self.owner,)
        ((document, _),) = ((reach.document, reach.holds) for reach in self.policies)
        return _holders(self.view).get(document, ())


def _holders(view: View) -> Mapping[Document, tuple[Identity, ...]]:
    found = view.memo.get("holders")
    if found is None:
        reached: dict[Document, tuple[Identity, ...]] = {}
        for identity in Identity.subjects(view):
            for reach in identity.policies:
                reached[reach.document] = (*reached.get(reach.document, ()), identity)
        found = view.memo["holders"] = reached
    assert isinstance(found, dict)
    return found
