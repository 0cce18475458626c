"""EFS: files at rest."""

from __future__ import annotations

from partywall.aws.efs import FileSystem
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "ENC213",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_42", "trivy:AVD-AWS-0037", "kics:EFS Not Encrypted", "cfn_nag:F32",
        "guard:EFS_ENCRYPTED_CHECK", "cloudrail:non_car_efs_filesystem_encrypt_at_rest_creating",
        "terrascan:AC_AWS_0097", "cdk_nag:EFSEncrypted", "fsbp:EFS.1", "fsbp:EFS.8", "cis:2.4.1",
    ],
)  # fmt: skip
def efs_unencrypted(system: FileSystem) -> Truth:
    """File systems are encrypted at rest.

    Outside the console a file system is plain unless encryption is asked for, and it cannot be switched on later:
    the file system has to be replaced.

    Instead: set `encrypted = true` (`Encrypted: true`).

    Sources: AWS Security Hub EFS.1; EFS API reference, CreateFileSystem.
    """
    return ~system.encrypted
