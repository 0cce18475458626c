"""GuardDuty: threat detection."""

from __future__ import annotations

from partywall.aws.guardduty import ThreatDetection
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "LOG008",
    MEDIUM,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_238", "checkov:CKV2_AWS_3", "kics:GuardDuty Detector Disabled", "terrascan:AC_AWS_0131",
        "fsbp:GuardDuty.1",
    ],
)  # fmt: skip
def guardduty_off(detection: ThreatDetection) -> Truth:
    """Threat detection is on, and extended to the accounts of the organization.

    GuardDuty reads logs that nobody reads by hand and reports stolen credentials and odd traffic. A detector can be
    declared and suspended; in an organization, accounts stay outside when members are not enabled.

    Instead: set `enable = true` (`Enable: true`), and `auto_enable_organization_members = "ALL"` for the
    organization.

    Sources: AWS Security Hub GuardDuty.1; GuardDuty API reference, UpdateOrganizationConfiguration.
    """
    return ~detection.on
