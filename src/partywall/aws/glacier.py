"""Vaults."""

from __future__ import annotations

from partywall.aws.resource import ABSTRACT, Flag, Resource, as_bool
from partywall.truth import Truth


class _Lock(Resource, service="glacier", model=ABSTRACT):
    """The lock of a vault; an unfinished one is dropped after 24 hours."""

    complete = Flag((), "complete_lock", as_bool, "true or false", default=False)


class Vault(Resource, service="glacier", model=ABSTRACT, terraform="aws_glacier_vault"):
    """A vault of archives."""

    @property
    def locked(self) -> Truth:
        """Whether a finished lock keeps its archives."""
        return self.any_companion(
            {"aws_glacier_vault_lock": "vault_name"}, lambda it: _Lock(self.view, it).complete, ("name", "id")
        )
