"""GuardDuty: threat detection."""

from __future__ import annotations

from partywall.aws.resource import ACCOUNT, Resource, flag, one_of, text
from partywall.truth import Truth
from partywall.value import Unknown


class ThreatDetection(
    Resource,
    service="guardduty",
    model=ACCOUNT,
    cloudformation="AWS::GuardDuty::Detector",
    terraform=("aws_guardduty_detector", "aws_guardduty_organization_configuration"),
):
    """A detector, or the setting that extends it to the accounts of an organization."""

    enabled = flag(cfn="Enable", tf="enable", default=Unknown("`Enable` is not set"), tf_default=True)
    members = text(
        tf="auto_enable_organization_members", default=Unknown("`auto_enable_organization_members` is not set")
    )
    new_members = flag(tf="auto_enable", default=False)

    @property
    def on(self) -> Truth:
        """Whether it watches the account, or the members of the organization."""
        if self.declared.type != "aws_guardduty_organization_configuration":
            return self.enabled
        former = self.is_set((), "auto_enable")
        members = type(self).members.fits(self, one_of("ALL", "NEW"))
        return (~former & members) | (former & self.new_members)
