"""Keys behind encrypted data: what a key policy lets strangers do with everything that hangs on the key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Self

from partywall.aws.kms import STORES, declared_keys
from partywall.aws.policy import Statement, documents
from partywall.aws.policy_place import KEY
from partywall.aws.resource import ABSTRACT, Resource
from partywall.declared import Declared
from partywall.graph import View
from partywall.reason.policy import action
from partywall.reason.policy.public import open_to_anyone
from partywall.reason.policy.statement import conditional, includes
from partywall.truth import Truth, any_of, no, unknown, yes
from partywall.value import Choice, Known, Setting, Unknown


class EncryptedData(
    Resource,
    service="kms",
    model=ABSTRACT,
    cloudformation=tuple(name for name in STORES if "::" in name),
    terraform=tuple(name for name in STORES if "::" not in name),
):
    """Something that a named key encrypts."""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Whatever names a key; AWS's own keys (`alias/aws/…`) have policies that nobody can open."""
        for subject in super().subjects(view):
            key = subject.key_name
            if isinstance(key, Known) and (key.it is None or str(key.it).startswith("alias/aws/")):
                continue
            yield subject

    @property
    def key_name(self) -> Setting:
        """What names the key."""
        place = STORES[self.declared.type]
        return self.read(place, place)

    @property
    def readable_by_strangers(self) -> Truth:
        """Whether the policy of its key lets anyone, or anyone of another account, decrypt."""
        keys = declared_keys(self.view, self.key_name)
        if not keys:
            return unknown("the key is not declared here", self.key_name.span, self.declared.address)
        return any_of(_opens(statement) for key in keys for statement in _policy(self.view, key))


def _policy(view: View, key: Declared) -> Iterator[Statement]:
    """The statements of a key's policy, in the key or apart from it; AWS's default policy opens nothing."""
    apart = view.companions(key, {"aws_kms_key_policy": "key_id"}, ("id", "key_id", "arn"))
    for declared in (key, *(link.declared for link in apart)):
        for document in documents(view, declared, KEY.get(declared.type, ())):
            yield from document.statements


def _opens(statement: Statement) -> Truth:
    return (open_to_anyone(statement) | _opens_to_another_account(statement)) & includes(
        statement, action.expand("kms:Decrypt")
    )


def _opens_to_another_account(statement: Statement) -> Truth:
    """Whether all of another account is let in without a condition.

    A literal account is another one when the same policy speaks of its own account by reference; else it may be the
    own account, written out.
    """
    principals = [item for kind, item in statement.principals if kind == "AWS"]
    return any_of(_another(item, statement) for item in principals) & statement.allows & ~conditional(statement)


_ROOT = re.compile(r"(?:arn:[^:]*:iam::)?(\d{12})(?::root)?\Z").match


def _another(item: Setting, statement: Statement) -> Truth:
    owner = statement.declared.address
    if isinstance(item, Choice):
        return unknown(f"the principal depends on {item.variable}", item.span, owner)
    account = _ROOT(_written(item))
    if account is None:
        return no("the principal is not all of a literal account", item.span, owner)
    if any(_is_own(it) for one in statement.document.statements for _, it in one.principals):
        return yes(f"all of account {account[1]} is let in", item.span, owner)
    return unknown(f"whether {account[1]} is the own account, is unknown", item.span, owner)


def _written(item: Known[object] | Unknown[object]) -> str:
    """A principal as text, with `?` for what is not known."""
    if isinstance(item, Known):
        return str(item.it)
    return "".join("?" if part is None else part for part in item.parts or (None,))


def _is_own(item: Setting) -> bool:
    return any("AWS::AccountId" in it.address or "aws_caller_identity" in it.address for it in item.references)
