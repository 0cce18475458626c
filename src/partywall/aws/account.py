"""Settings of the account and region that stand behind single resources."""

from __future__ import annotations

from partywall.aws.resource import ACCOUNT, Resource, flag
from partywall.graph import View
from partywall.truth import Truth, any_of


class EbsDefaultEncryption(
    Resource, service="control-plane-settings", model=ACCOUNT, terraform="aws_ebs_encryption_by_default"
):
    """Whether a region encrypts every new volume; off by AWS's own default, on once the resource is declared."""

    enabled = flag(tf="enabled", default=True)


def encrypts_new_volumes(view: View) -> Truth:
    """Whether the deployment itself switches default encryption on; what is not declared counts as off."""
    return any_of(setting.enabled for setting in EbsDefaultEncryption.subjects(view))
