"""EC2: images, what keeps machines current, and who reads their metadata."""

from __future__ import annotations

from partywall.aws.ec2 import Launch
from partywall.aws.image import ImageLookup
from partywall.aws.operating_system import OperatingSystem
from partywall.aws.patching import Fleet, PinnedImage
from partywall.rule import HIGH, LOW, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "PAT101",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_79", "trivy:AVD-AWS-0028", "trivy:AVD-AWS-0130",
        "kics:Instance Uses Metadata Service IMDSv1", "kics:EC2 Instance Using IMDSv1",
        "cloudrail:non_car_ensure_imdsv2", "terrascan:AC_AWS_0479", "terrascan:AC_AWS_0487",
        "semgrep:ec2-imdsv1-optional", "semgrep:aws-ec2-launch-template-metadata-service-v1-enabled",
        "cdk_nag:EC2IMDSv2Enabled", "fsbp:EC2.8", "fsbp:EC2.170", "fsbp:AutoScaling.3", "cis:5.6",
    ],
    fixable="unsafe",
)  # fmt: skip
def instance_metadata_v1_allowed(launch: Launch) -> Truth:
    """Instance metadata is told only to those who hold a session token.

    Without tokens every request that an attacker can make the server send reads the credentials of its role. A launch
    that says nothing goes by its template, then by the region's default, then by the image: Amazon Linux 2023 asks
    for tokens, most others do not.

    Instead: set `http_tokens = "required"` (`HttpTokens: required`), once old SDKs are gone, and the region's default.

    Sources: EC2 user guide, Configure the instance metadata options; EC2 API reference,
    InstanceMetadataOptionsRequest; AWS Security Hub EC2.8, EC2.170, AutoScaling.3.
    """
    return ~launch.asks_for_tokens & ~launch.metadata_off


@rule("PAT103", HIGH, same_as=["checkov:CKV_AWS_386", "trivy:AVD-AWS-0344"])
def ami_lookup_without_owner(lookup: ImageLookup) -> Truth:
    """Images that are looked up by name are looked up by owner too.

    Anyone may publish an image under any name, and a newer one wins. The provider warns since 5.77 and refuses such a
    search since 6.0.

    Instead: add `owners = ["amazon"]`, `"self"` or the account id of the vendor.

    Sources: Terraform AWS provider, issue 40197 and pull request 42114; Datadog Security Labs, whoAMI.
    """
    return lookup.by_name & ~lookup.names_owner


@rule("PAT105", MEDIUM)
def ami_pinned_without_refresh_path(launch: PinnedImage) -> Truth:
    """Machines from a fixed image are patched or replaced.

    An image ages from the day it is made. What starts from a fixed one starts with all the flaws found since, and
    keeps them unless something patches it or replaces it from time to time.

    Instead: take the image from an SSM parameter or a pipeline and replace machines regularly, or patch them in place.

    Sources: EC2 user guide, Update management; Systems Manager user guide, Patch Manager.
    """
    return launch.image.pinned & ~launch.kept_current


@rule("PAT106", HIGH, lowered=(MEDIUM, lambda system: system.still_patched))
def operating_system_end_of_life(system: OperatingSystem) -> Truth:
    """Images hold an operating system that gets security updates.

    After its end a system gets no corrections, and neither does what is launched from it. The matter is less urgent in
    the half year before, and where the name says that longer support is paid for.

    Instead: move to a supported release.

    Sources: endoflife.date; Amazon Linux 2 FAQs; EC2 user guide.
    """
    return system.support_ends


@rule("PAT107", MEDIUM, same_as=["fsbp:SSM.1", "fsbp:SSM.2"])
def instance_without_patch_management(fleet: Fleet) -> Truth:
    """Something patches machines or replaces them.

    AWS patches the host; the guest is yours. A machine is kept current when an association or a maintenance window
    installs patches on it, when it updates itself, or when it is replaced by a newer one from time to time. One finding
    names all machines of a deployment that nothing does that for.

    Instead: run `AWS-RunPatchBaseline` with the operation Install on the tag of these machines, or replace them on a
    schedule.

    Sources: Systems Manager user guide, Patch Manager; AWS Security Hub SSM.1, SSM.2.
    """
    return fleet.left_alone


@rule("PAT111", LOW)
def user_data_skips_os_update(launch: Launch) -> Truth:
    """A first boot that installs software updates the system too.

    An image holds the packages of the day it was made. A script that adds software to it and updates nothing opens to
    the world a machine with every flaw found since.

    Instead: add the update, such as `dnf -y upgrade`, `apt-get -y upgrade` or `package_upgrade: true`, or bake images
    that are up to date.

    Sources: EC2 user guide, Run commands when you launch an EC2 instance; cloud-init, Package update upgrade install.
    """
    return launch.installs_packages & ~launch.updates_packages & ~launch.starts_from_own_image
