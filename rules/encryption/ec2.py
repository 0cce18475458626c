"""EC2: the disks that instances are launched with."""

from __future__ import annotations

from partywall.aws.block_device import LaunchDisk
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "ENC102",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_8", "trivy:AVD-AWS-0008", "trivy:AVD-AWS-0122", "trivy:AVD-AWS-0131",
        "terrascan:AC_AWS_0167", "semgrep:aws-ec2-launch-configuration-ebs-block-device-unencrypted",
        "cdk_nag:EC2EBSVolumeEncrypted", "fsbp:EC2.181", "fsbp:EC2.173",
    ],
)  # fmt: skip
def instance_block_device_unencrypted(disk: LaunchDisk) -> Truth:
    """Instances are launched with encrypted disks.

    A disk is plain unless the mapping or the region's default asks for encryption, or its snapshot is encrypted. A
    root disk that no mapping speaks of is as its image has it, and images that everyone may use are never encrypted.

    Instead: set `encrypted = true` (`Encrypted: true`) on every mapping, the root disk's included, or switch on default
    encryption for the region.

    Sources: EC2 API reference, EbsBlockDevice; AWS Security Hub EC2.173, EC2.181.
    """
    return ~disk.encrypted
