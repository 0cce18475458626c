"""Settings of the account and region that stand behind single resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from partywall.aws.resource import ACCOUNT, Resource, flag, one_of, text
from partywall.graph import View
from partywall.truth import Truth, any_of

SETTINGS = (
    ("AWS::AccessAnalyzer::Analyzer", "aws_accessanalyzer_analyzer"),
    ("AWS::Config::ConfigurationRecorder", "aws_config_configuration_recorder"),
    ("AWS::GuardDuty::Detector", "aws_guardduty_detector"),
    ("AWS::SecurityHub::Hub", "aws_securityhub_account"),
    ("aws_ebs_encryption_by_default",),
    ("aws_iam_account_alias",),
    ("aws_iam_account_password_policy",),
    ("aws_s3_account_public_access_block",),
)
"""What is set once per account or region, each with its types in both dialects."""


class ManagedAccount(
    Resource,
    service="control-plane-settings",
    model=ACCOUNT,
    cloudformation=tuple(name for names in SETTINGS for name in names if "::" in name),
    terraform=tuple(name for names in SETTINGS for name in names if "::" not in name),
):
    """The account as a whole, for deployments that set it up: its place is the first of its settings."""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """One, where at least two kinds of settings are declared: a single one may be part of anything."""
        found = [next(view.of(names), None) for names in SETTINGS]
        declared = [it for it in found if it is not None]
        if len(declared) > 1:
            yield cls(view, min(declared, key=lambda it: it.span))


class EbsDefaultEncryption(
    Resource, service="control-plane-settings", model=ACCOUNT, terraform="aws_ebs_encryption_by_default"
):
    """Whether a region encrypts every new volume; off by AWS's own default, on once the resource is declared."""

    enabled = flag(tf="enabled", default=True)


def encrypts_new_volumes(view: View) -> Truth:
    """Whether the deployment itself switches default encryption on; what is not declared counts as off."""
    return any_of(setting.enabled for setting in EbsDefaultEncryption.subjects(view))


class MetadataDefaults(
    Resource, service="control-plane-settings", model=ACCOUNT, terraform="aws_ec2_instance_metadata_defaults"
):
    """What a region does with instances that say nothing about session tokens for their metadata."""

    tokens = text(tf="http_tokens", default="no-preference")

    def say(self, word: str) -> Truth:
        """Whether tokens are `required`, `optional` or a matter of the image (`no-preference`)."""
        return type(self).tokens.fits(self, one_of(word))


def metadata_defaults(view: View, word: str) -> Truth:
    """Whether the deployment itself sets the region's default to a word; what is not declared has no preference."""
    return any_of(setting.say(word) for setting in MetadataDefaults.subjects(view))
