"""KMS: keys themselves."""

from __future__ import annotations

from partywall.aws.kms import Key
from partywall.reason.key import EncryptedData
from partywall.rule import HIGH, LOW, MEDIUM, rule
from partywall.truth import Truth


def _rotates(key: Key) -> Truth:
    return key.rotates


@rule(
    "ENC323",
    MEDIUM,
    fixable="safe",
    lowered=(LOW, _rotates),
    same_as=[
        "checkov:CKV_AWS_7", "trivy:AVD-AWS-0065", "kics:CMKs Rotation Disabled", "kics:KMS EnableKeyRotation Disabled",
        "kics:CMK Rotation Disabled", "cfn_nag:F19", "guard:CMK_BACKING_KEY_ROTATION_ENABLED", "regula:FG_R00036",
        "terrascan:AC_AWS_0160", "semgrep:aws-kms-no-rotation", "cdk_nag:KMSBackingKeyRotationEnabled", "fsbp:KMS.4",
        "cis:3.6",
    ],
)  # fmt: skip
def kms_key_rotation_off(key: Key) -> Truth:
    """Symmetric keys are rotated every year.

    Rotation limits what one set of key material can open; AWS does it without changing the key's id, but only when
    asked, and then once a year unless told otherwise; a longer period is low. Asymmetric and HMAC keys, imported
    material and custom key stores cannot be rotated this way and are not judged; a replica follows its primary.

    Instead: set `enable_key_rotation = true` (`EnableKeyRotation: true`).

    Sources: AWS Security Hub KMS.4; KMS developer guide, Rotate AWS KMS keys.
    """
    return ~key.rotates_yearly & key.can_rotate


@rule("ENC325", HIGH, covered_by=["IAM314"])
def data_encrypted_with_open_key(data: EncryptedData) -> Truth:
    """Keys that encrypt data are not open to strangers.

    Encryption protects from whoever may not use the key. Where the key's policy lets everyone, or everyone in
    another account, decrypt, the encryption of all that hangs on the key is for show. Delegation to the own account,
    named principals and callers limited by `kms:CallerAccount` are fine, and so is AWS's default policy. A key from
    elsewhere leaves the answer open.

    Instead: name the accounts, roles or services in the key policy, or limit the caller in `Condition`.

    Sources: KMS developer guide, Key policies in AWS KMS.
    """
    return data.readable_by_strangers
