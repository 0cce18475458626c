"""Who needs a second factor and does not have to show one: people with passwords, and administrators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from partywall.aws import policy_place
from partywall.aws.iam import User
from partywall.aws.identity import NAMES, Identity, Rights
from partywall.aws.policy import Principal, Statement, documents
from partywall.aws.resource import ACCOUNT, Resource
from partywall.graph import View
from partywall.reason.policy.capability import admin
from partywall.reason.policy.escalation import escalation
from partywall.reason.policy.lock import AGE, PRESENT, mfa_demanded
from partywall.truth import NO, State, Truth, any_of, known, no, unknown, yes
from partywall.value import Known, Unknown, choices


def _demanded(identity: Identity) -> Truth:
    return mfa_demanded((reach.document, reach.holds) for reach in identity.policies)


class ConsoleUser(User):
    """A user who logs in to the console with a password."""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Users of whom a password is not ruled out."""
        for user in super().subjects(view):
            if user.has_console_password.state is not State.NO:
                yield user

    @property
    def without_second_factor(self) -> Truth:
        """Whether no policy that reaches the user demands a second factor."""
        demanded = _demanded(Identity(self.view, self.declared))
        nothing = yes("no policy that reaches the user demands a second factor", self.span, self.declared.address)
        return nothing & ~demanded & self.has_console_password

    @property
    def has_device(self) -> Truth:
        """Whether a virtual device is declared; it proves a device, not that anything asks for it."""
        devices = self.view.of(("AWS::IAM::VirtualMFADevice", "aws_iam_virtual_mfa_device"))
        return any_of(
            self.view.names(item, self.declared, NAMES)
            for device in devices
            for item in Resource(self.view, device).elements("Users", ())
        )


class Administrator(
    Resource,
    service="iam",
    model=ACCOUNT,
    cloudformation=("AWS::IAM::User", "AWS::IAM::Role"),
    terraform=("aws_iam_user", "aws_iam_role"),
):
    """A user or role whose rights are an administrator's, or can be made so."""

    identity: Identity

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Users and roles of which that is not ruled out."""
        for rights in Rights.subjects(view):
            if rights.owner is not None and rights.owner.kind in ("user", "role"):
                powerful = admin(rights) | escalation(rights)
                if powerful.state is not State.NO:
                    one = cls(view, rights.declared)
                    one.identity, one.powerful = rights.owner, powerful
                    yield one

    powerful: Truth

    @property
    def without_second_factor(self) -> Truth:
        """Whether the rights can be used without a second factor."""
        if self.identity.kind == "user":
            return self.powerful & ~_demanded(self.identity)
        trust = documents(self.view, self.declared, policy_place.TRUST.get(self.declared.type, ()))
        return self.powerful & any_of(_lets_people_in(it) for document in trust for it in document.statements)


def _lets_people_in(statement: Statement) -> Truth:
    """Whether people of an account, or users, may take a role on without a second factor."""
    if not isinstance(statement.value, Known):
        return statement.open
    people = any_of(_is_people(statement, one) for one in statement.principals)
    asked = any(term.operator == "bool" for term in statement.tests(PRESENT)) or any(
        (term.operator or "").startswith("numericlessthan") for term in statement.tests(AGE)
    )
    factor = known(
        asked, "a second factor is asked for", statement.span, statement.declared.address,
        otherwise="nobody asks for a second factor",
    )  # fmt: skip
    return people & ~factor & statement.allows


def _is_people(statement: Statement, one: Principal) -> Truth:
    owner, value = statement.declared.address, one.value
    if one.kind not in ("AWS", None):
        return NO
    if isinstance(value, Known):
        text = str(value.it)
        person = text == "*" or text.isdigit() or text.endswith(":root") or ":user/" in text
        return known(person, f"{'people' if person else 'a role'} may take the role on", value.span, owner)
    if statement.view.target(value, ("aws_iam_user", "AWS::IAM::User")) is not None:
        return yes("a user may take the role on", value.span, owner)
    if statement.view.target(value, ("aws_iam_role", "AWS::IAM::Role")) is not None:
        return no("a role may take the role on", value.span, owner)
    text = "".join(part or "x" for part in (value.parts if isinstance(value, Unknown) else None) or ())
    if ":root" in text or ":user/" in text:
        return yes("people may take the role on", value.span, owner)
    if ":role/" in text:
        return no("a role may take the role on", value.span, owner)
    met = frozenset(it.variable for it in choices(value))
    return unknown("who may take the role on is unknown", value.span, owner, met)
