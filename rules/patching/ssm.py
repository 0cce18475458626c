"""Systems Manager: patch baselines."""

from __future__ import annotations

from partywall.aws.patching import PatchBaseline
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule("PAT109", MEDIUM, fixable="safe")
def patch_baseline_too_slow(baseline: PatchBaseline) -> Truth:
    """Patch baselines approve critical security patches within thirty days.

    A patch that is not approved is not installed. A baseline is too slow when no rule lets critical security patches
    through within thirty days, because all wait longer, have run out or filter them away. Debian and Ubuntu do not
    know the waiting.

    Instead: approve critical security patches within seven days, and reject single patches only.

    Sources: Systems Manager API reference, PatchRule; Systems Manager user guide, Patch baselines.
    """
    return (~baseline.approves_security_soon & ~baseline.approves_at_once) | baseline.rejects_everything
