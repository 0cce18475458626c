"""The disks that a launch asks for: root and data disks, as mappings."""

from __future__ import annotations

from collections.abc import Iterator

from partywall.aws.account import encrypts_new_volumes
from partywall.aws.ebs import Snapshot
from partywall.aws.ec2 import CONFIGURATIONS, INSTANCES, TEMPLATES, Launch
from partywall.aws.resource import INFRASTRUCTURE, Resource, entries, flag
from partywall.declared import Declared
from partywall.graph import View
from partywall.truth import State, Truth, unknown, yes
from partywall.value import Known, Setting, plain

FLEETS = ("AWS::EC2::SpotFleet", "aws_spot_fleet_request")
_ROOT_NAMES = ("/dev/xvda", "/dev/sda1", "/dev/sda", "xvda")
"""What the root disk is called. Source: EC2 user guide, Device names for volumes."""

_NO_VOLUMES = frozenset({"VirtualName", "NoDevice", "virtual_name", "no_device"})
"""What marks a mapping of something else than an EBS volume."""


class LaunchDisk(
    Resource,
    service="ec2",
    model=INFRASTRUCTURE,
    cloudformation=(INSTANCES[0], TEMPLATES[0], CONFIGURATIONS[0], FLEETS[0]),
    terraform=(*INSTANCES[1:], TEMPLATES[1], CONFIGURATIONS[1], FLEETS[1]),
):
    """A disk made at launch, as a mapping says."""

    asked = flag(cfn="Ebs.Encrypted", tf=("encrypted", "ebs.encrypted"), default=False)

    @classmethod
    def subjects(cls, view: View) -> Iterator[LaunchDisk]:
        """Every mapping of a volume, and the root disks that no mapping speaks of."""
        for declared in view.of(cls.cloudformation + cls.terraform):
            launches = _launches(view, declared)
            found = [pair for launch in launches for pair in _mappings(launch)]
            yield from LaunchDisk.parts(view, declared, found)
            roots = [(f"{it.key}.root", it.value) for it in launches if _leaves_root_to_image(it)]
            yield from RootDisk.parts(view, declared, roots)

    @property
    def encrypted(self) -> Truth:
        """Whether it is encrypted: asked for, by the region's default, or as what it is made from."""
        return self.asked | encrypts_new_volumes(self.view) | (~self._says & self._origin_encrypted)

    @property
    def _says(self) -> Truth:
        return self.is_set(type(self).asked.cfn, type(self).asked.tf)

    @property
    def _origin_encrypted(self) -> Truth:
        """Whether the snapshot it is made from is encrypted, or the image of a root disk that was made here."""
        snapshot = self.read("Ebs.SnapshotId", ("snapshot_id", "ebs.snapshot_id"))
        if isinstance(snapshot, Known) and snapshot.it is None:
            return Launch(self.view, self.declared).image.encrypted_here
        found = self.view.target(snapshot, Snapshot.terraform)
        if found is None:
            return unknown("the snapshot is not declared here", snapshot.span, self.declared.address)
        return Snapshot(self.view, found).encrypted


class RootDisk(LaunchDisk):
    """The root disk of a launch that says nothing about it: it is as the image has it."""

    @property
    def encrypted(self) -> Truth:
        """Whether it is encrypted, by the region's default or by the image."""
        image = Launch(self.view, self.declared, self.value).image
        left = yes(
            "no mapping names the root disk: it is as its image has it, and public images are not encrypted",
            self.span,
            self.declared.address,
        )
        return encrypts_new_volumes(self.view) | ~(left & image.plain_by_nature)


def _launches(view: View, declared: Declared) -> tuple[Launch, ...]:
    """What a declaration launches: itself, or the specifications of a fleet."""
    whole = Launch(view, declared)
    if declared.type not in FLEETS:
        return (whole,)
    found = whole.numbered("SpotFleetRequestConfigData.LaunchSpecifications", "launch_specification")
    return tuple(Launch.parts(view, declared, found))


def _mappings(launch: Launch) -> Iterator[tuple[str, Setting]]:
    found = launch.numbered(
        ("BlockDeviceMappings", "LaunchTemplateData.BlockDeviceMappings"),
        ("root_block_device", "ebs_block_device", "block_device_mappings"),
    )
    return ((f"{launch.key}.{name}", it) for name, it in found if _NO_VOLUMES.isdisjoint(entries(it)))


def _leaves_root_to_image(launch: Launch) -> bool:
    """Whether it may name an image, and surely names no root disk; where a template completes it, that one is asked."""
    if launch.names_image.state is State.NO or launch.completed_by_template.state is not State.NO:
        return False
    if launch.is_set((), "root_block_device").state is not State.NO:
        return False
    names = [
        Resource(launch.view, launch.declared, it).read("DeviceName", "device_name")
        for it in launch.elements(
            ("BlockDeviceMappings", "LaunchTemplateData.BlockDeviceMappings"),
            ("ebs_block_device", "block_device_mappings"),
        )
    ]
    return all(isinstance(it, Known) and plain(it) not in _ROOT_NAMES for it in names)
