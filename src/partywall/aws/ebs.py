"""Block storage: volumes and snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from partywall.aws.account import encrypts_new_volumes
from partywall.aws.resource import INFRASTRUCTURE, Resource, flag
from partywall.declared import Declared
from partywall.graph import View
from partywall.truth import Truth, unknown
from partywall.value import Setting


class EbsVolume(
    Resource, service="ebs", model=INFRASTRUCTURE, cloudformation="AWS::EC2::Volume", terraform="aws_ebs_volume"
):
    """A block-storage volume: AWS keeps the disk, the customer keeps what is on it."""

    encrypted = flag(cfn="Encrypted", tf="encrypted", default=False)

    @property
    def encrypted_by_account(self) -> Truth:
        """Whether the region encrypts it without being asked."""
        return encrypts_new_volumes(self.view)

    @property
    def from_snapshot(self) -> Truth:
        """Whether it starts as a copy of a snapshot."""
        return self.is_set("SnapshotId", "snapshot_id")

    @property
    def says_encryption(self) -> Truth:
        """Whether the author said anything about encryption."""
        return self.is_set("Encrypted", "encrypted")

    @property
    def snapshot_encrypted(self) -> Truth:
        """Whether the snapshot it starts from is encrypted; unknown for one that is not declared here."""
        value = self.read("SnapshotId", "snapshot_id")
        found = self.view.target(value, Snapshot.terraform)
        if found is None:
            return unknown("the snapshot is not declared here", value.span, self.declared.address)
        return Snapshot(self.view, found).encrypted


class LaunchedVolume(
    EbsVolume,
    cloudformation=("AWS::EC2::Volume", "AWS::EC2::LaunchTemplate"),
    terraform=("aws_ebs_volume", "aws_launch_template"),
):
    """A volume of its own, or one that a launch template makes for each instance."""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Volumes, and the block devices of launch templates."""
        for declared in view.of(cls.cloudformation + cls.terraform):
            if declared.type in EbsVolume.cloudformation + EbsVolume.terraform:
                yield cls(view, declared)
            else:
                devices = Resource(view, declared).numbered(
                    "LaunchTemplateData.BlockDeviceMappings", "block_device_mappings"
                )
                yield from cls.parts(view, declared, (pair for it in devices for pair in _disks(view, declared, *it)))


def _disks(view: View, declared: Declared, name: str, device: Setting) -> Iterator[tuple[str, Setting]]:
    return ((f"{name}.{at}", disk) for at, disk in Resource(view, declared, device).numbered("Ebs", "ebs"))


class Snapshot(Resource, service="ebs", model=INFRASTRUCTURE, terraform=("aws_ebs_snapshot", "aws_ebs_snapshot_copy")):
    """A snapshot of a volume, or a copy: encrypted when its source is, or when the copy or the region asks for it."""

    asked = flag(tf="encrypted", default=False)

    @property
    def encrypted(self) -> Truth:
        """Whether the snapshot is encrypted, by its source, by request or by the region's default."""
        source = self._source()
        if source is None:
            origin = unknown("the source of the snapshot is not declared here", self.span, self.declared.address)
        elif source.type in Snapshot.terraform:
            origin = Snapshot(self.view, source).encrypted
        else:
            origin = EbsVolume(self.view, source).encrypted
        return (
            origin
            if self.declared.type == "aws_ebs_snapshot"
            else self.asked | origin | encrypts_new_volumes(self.view)
        )

    def _source(self) -> Declared | None:
        if self.declared.type == "aws_ebs_snapshot":
            return self.view.target(self.read((), "volume_id"), EbsVolume.terraform)
        return self.view.target(self.read((), "source_snapshot_id"), Snapshot.terraform)
