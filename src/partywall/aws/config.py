"""AWS Config: the recorder of what resources look like over time."""

from __future__ import annotations

from partywall.aws.resource import ACCOUNT, Resource, flag, text
from partywall.truth import YES, Truth, any_of, no

_CHANNELS = ("AWS::Config::DeliveryChannel", "aws_config_delivery_channel")


class _RecorderStatus(Resource, service="config", model=ACCOUNT):
    """The switch of a recorder in Terraform."""

    enabled = flag(tf="is_enabled", default=False)


class ConfigurationRecorder(
    Resource,
    service="config",
    model=ACCOUNT,
    cloudformation="AWS::Config::ConfigurationRecorder",
    terraform="aws_config_configuration_recorder",
):
    """A recorder: without a recording group it records everything but the global types of IAM.

    Inside a group CloudFormation leaves `AllSupported` to the API, for which absence is no; Terraform's provider
    plans yes.
    """

    every_type = flag(
        cfn="RecordingGroup.AllSupported", tf="recording_group.all_supported", default=False, tf_default=True
    )
    global_types = flag(
        cfn="RecordingGroup.IncludeGlobalResourceTypes",
        tf="recording_group.include_global_resource_types",
        default=False,
    )
    strategy = text(
        cfn="RecordingGroup.RecordingStrategy.UseOnly",
        tf="recording_group.recording_strategy.use_only",
        default="ALL_SUPPORTED_RESOURCE_TYPES",
    )

    @property
    def records_every_regional_type(self) -> Truth:
        """Whether no type of its region is left out; a strategy decides over the older switch."""
        grouped = self.is_set("RecordingGroup", "recording_group")
        by_strategy = self.is_set(
            "RecordingGroup.RecordingStrategy.UseOnly", "recording_group.recording_strategy.use_only"
        )
        every = type(self).strategy.fits(self, lambda it: it == "ALL_SUPPORTED_RESOURCE_TYPES")
        return (~by_strategy & self.every_type) | (by_strategy & every) | ~grouped

    @property
    def global_types_recorded(self) -> Truth:
        """Whether some recorder of the deployment, one region being enough, takes in the global types."""
        return self.global_types | any_of(
            it.global_types for it in ConfigurationRecorder.subjects(self.view) if it.declared is not self.declared
        )

    @property
    def running(self) -> Truth:
        """Whether it is switched on: CloudFormation does that itself, Terraform has a resource for it."""
        if not self.in_terraform:
            return YES
        switched = self.any_companion(
            {"aws_config_configuration_recorder_status": "name"},
            lambda it: _RecorderStatus(self.view, it).enabled,
            ("name", "id"),
        )
        return switched | no("no status switches it on", self.span, self.declared.address)

    @property
    def delivers(self) -> Truth:
        """Whether a channel takes its records; a recorder does not start without."""
        channels = [self.view.exists(it) for it in self.view.of(_CHANNELS)]
        return any_of(channels) | no("no delivery channel is declared", self.span, self.declared.address)

    @property
    def records(self) -> Truth:
        """Whether it runs and keeps every type of its region."""
        return self.records_every_regional_type & self.running & self.delivers
