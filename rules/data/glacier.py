"""Glacier: archives that cannot be deleted early."""

from __future__ import annotations

from partywall.aws.glacier import Vault
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule("DAT313", MEDIUM)
def glacier_vault_unlocked(vault: Vault) -> Truth:
    """Vaults are locked, so that archives survive their administrators.

    Without a lock any administrator can delete an archive. A lock policy cannot be changed once completed; one that
    is not completed is dropped after 24 hours, and one that denies no deletion keeps nothing.

    Instead: add `aws_glacier_vault_lock` with a policy that denies deletion for an age, and `complete_lock = true`.

    Sources: Amazon S3 Glacier developer guide, Vault Lock; Glacier API reference, InitiateVaultLock.
    """
    return ~vault.locked
