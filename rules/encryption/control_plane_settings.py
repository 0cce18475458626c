"""Settings of a whole region."""

from __future__ import annotations

from partywall.aws.account import EbsDefaultEncryption
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "ENC001",
    MEDIUM,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_106", "kics:EBS Default Encryption Disabled", "terrascan:AC_AWS_0079", "fsbp:EC2.7",
        "cis:2.2.1",
    ],
)  # fmt: skip
def ebs_default_encryption_off(setting: EbsDefaultEncryption) -> Truth:
    """The region encrypts new EBS volumes by default.

    With the setting on, nobody can forget it on a single volume. It is off in a new account, on once the resource
    is declared, and off again with `enabled = false`. Volumes that exist are not touched.

    Instead: set `enabled = true`, or leave it out.

    Sources: AWS Security Hub EC2.7; EC2 user guide, Enable Amazon EBS encryption by default.
    """
    return ~setting.enabled
