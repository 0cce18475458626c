"""EBS: volumes and what they are restored from."""

from __future__ import annotations

from partywall.aws.ebs import EbsVolume, LaunchedVolume
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "ENC101",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_3", "checkov:CKV2_AWS_2", "trivy:AVD-AWS-0026", "kics:Volume Encryption Is Disabled",
        "kics:EBS Volume Encryption Disabled", "cfn_nag:F1", "guard:ENCRYPTED_VOLUMES", "regula:FG_R00016",
        "semgrep:aws-ebs-volume-unencrypted", "semgrep:aws-ebs-unencrypted", "cdk_nag:EC2EBSVolumeEncrypted",
        "fsbp:EC2.3",
    ],
)  # fmt: skip
def ebs_volume_unencrypted(volume: EbsVolume) -> Truth:
    """EBS volumes are encrypted at rest.

    AWS keeps the disk; what is written on it is yours. A volume is plain unless it asks for encryption or the
    region's default setting asks for it. A key alone changes nothing, and a volume cannot be encrypted later: it
    has to be replaced. A volume that only copies a snapshot and says nothing is judged by ENC103.

    Instead: set `encrypted = true` (`Encrypted: true`), or switch on default encryption for the region.

    Sources: AWS Security Hub EC2.3; EC2 API reference, CreateVolume.
    """
    inherits = volume.from_snapshot & ~volume.says_encryption
    return ~volume.encrypted & ~inherits & ~volume.encrypted_by_account


@rule("ENC103", MEDIUM)
def ebs_volume_inherits_state_from_snapshot(volume: LaunchedVolume) -> Truth:
    """A volume from a snapshot says itself that it is encrypted.

    A restored volume that says nothing is encrypted only if its snapshot is. The chain is followed: a snapshot of a
    plain volume is plain, a copy is encrypted when its source is or when it asks for it. A snapshot from elsewhere
    leaves the answer open.

    Instead: set `encrypted = true` (`Encrypted: true`) on the volume: EC2 then encrypts while it restores.

    Sources: EC2 API reference, CopySnapshot and EbsBlockDevice.
    """
    inherits = volume.from_snapshot & ~volume.says_encryption
    return inherits & ~volume.snapshot_encrypted & ~volume.encrypted_by_account
