"""S3: encryption of objects at rest."""

from __future__ import annotations

from partywall.aws.s3 import Bucket
from partywall.rule import LOW, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "ENC301",
    LOW,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_19", "trivy:AVD-AWS-0088", "kics:S3 Bucket Without Server Side Encryption",
        "kics:S3 Bucket SSE Disabled", "cfn_nag:W41", "guard:S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED",
        "cloudrail:not_car_s3_buckets_encrypted_at_rest", "regula:FG_R00099", "semgrep:s3-unencrypted-bucket",
        "semgrep:awscdk-bucket-encryption",
    ],
)  # fmt: skip
def s3_bucket_encryption_not_declared(bucket: Bucket) -> Truth:
    """Buckets say how their objects are encrypted.

    Since January 2023 S3 encrypts every new object with its own keys (SSE-S3) even when nothing is said, so nothing
    is stored in the clear. Saying it keeps the choice visible in review and is the place to ask for a key of your
    own.

    Instead: add `aws_s3_bucket_server_side_encryption_configuration` (`BucketEncryption`).

    Sources: Amazon S3 user guide, Setting default server-side encryption behavior.
    """
    return ~bucket.has_encryption


SENSITIVE = frozenset({"confidential", "pci", "phi", "pii", "restricted", "secret", "sensitive"})


def _is_sensitive(bucket: Bucket) -> Truth:
    return bucket.speaks_of(SENSITIVE)


@rule(
    "ENC302",
    LOW,
    fixable="unsafe",
    raised=(MEDIUM, _is_sensitive),
    same_as=[
        "checkov:CKV_AWS_145", "trivy:AVD-AWS-0132", "kics:S3 Bucket SSE Disabled", "guard:S3_DEFAULT_ENCRYPTION_KMS",
        "terrascan:AC_AWS_0207", "cdk_nag:S3DefaultEncryptionKMS", "fsbp:S3.17",
    ],
)  # fmt: skip
def s3_bucket_without_own_key(bucket: Bucket) -> Truth:
    """Buckets are encrypted with a key the customer controls.

    With a key of your own you decide who may decrypt, see every use of the key and can withdraw it. SSE-S3 and the
    key `aws/s3` leave that to AWS. Buckets that receive logs are left alone, for some have to stay on SSE-S3. Where
    name or tags speak of sensitive data the gap is medium.

    Instead: name a KMS key in the bucket's default encryption.

    Sources: AWS Security Hub S3.17; Amazon S3 user guide, Using server-side encryption with AWS KMS keys.
    """
    return ~bucket.own_key & ~bucket.is_log_target
