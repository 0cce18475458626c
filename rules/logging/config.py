"""AWS Config: the record of configurations."""

from __future__ import annotations

from partywall.aws.config import ConfigurationRecorder
from partywall.rule import LOW, MEDIUM, rule
from partywall.truth import Truth


def _lacks_only_global_types(recorder: ConfigurationRecorder) -> Truth:
    return recorder.records


@rule(
    "LOG006",
    MEDIUM,
    fixable="safe",
    lowered=(LOW, _lacks_only_global_types),
    same_as=[
        "checkov:CKV2_AWS_45", "checkov:CKV2_AWS_48", "kics:Config Rule For Encrypted Volumes Disabled",
        "terrascan:AC_AWS_0048", "fsbp:Config.1", "cis:3.3",
    ],
)  # fmt: skip
def config_recorder_off_or_partial(recorder: ConfigurationRecorder) -> Truth:
    """Configuration recorders run and record every type.

    What a resource looked like before an incident is known only if a recorder kept it. A recorder without a group
    keeps every regional type; users, roles and policies are global and kept only when one region asks for them.
    Terraform creates a recorder switched off, and none starts without a delivery channel. When only the global
    types are missing the gap is low.

    Instead: record all supported types, with global types in one region, add a delivery channel, and in Terraform
    an `aws_config_configuration_recorder_status` with `is_enabled = true`.

    Sources: AWS Security Hub Config.1; CIS AWS Foundations 3.0 3.3; AWS Config API reference, RecordingGroup.
    """
    return ~(recorder.records & recorder.global_types_recorded)
