"""Vaults."""

from __future__ import annotations

from partywall.aws.policy import documents
from partywall.aws.policy_place import VAULT
from partywall.aws.resource import ABSTRACT, Resource, flag
from partywall.truth import Truth, any_of, no


class _Lock(Resource, service="glacier", model=ABSTRACT):
    """The lock of a vault; an unfinished one is dropped after 24 hours."""

    complete = flag(tf="complete_lock", default=False)

    @property
    def keeps_archives(self) -> Truth:
        """Whether it is finished and its policy denies deletion, be it for an age or for good."""
        policies = documents(self.view, self.declared, VAULT[self.declared.type])
        statements = (statement for policy in policies for statement in policy.statements)
        denied = any_of(it.covers("glacier:DeleteArchive") & it.denies for it in statements)
        place = self.read((), "policy").span
        return self.complete & (denied | no("no statement denies deletion", place, self.declared.address))


class Vault(Resource, service="glacier", model=ABSTRACT, terraform="aws_glacier_vault"):
    """A vault of archives."""

    @property
    def locked(self) -> Truth:
        """Whether a finished lock refuses to delete its archives."""
        locked = self.any_companion(
            {"aws_glacier_vault_lock": "vault_name"}, lambda it: _Lock(self.view, it).keeps_archives, ("name", "id")
        )
        return locked | no("no lock is declared", self.span, self.declared.address)
