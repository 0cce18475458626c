"""S3: what is kept of objects that are overwritten or deleted."""

from __future__ import annotations

from partywall.aws.bucket_elsewhere import VersionedBucket
from partywall.aws.s3 import Bucket
from partywall.rule import LOW, MEDIUM, rule
from partywall.truth import Truth

TEMPORARY = frozenset({"scratch", "temp", "temporary", "tmp"})


@rule(
    "DAT301",
    MEDIUM,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_21", "trivy:AVD-AWS-0090", "kics:S3 Bucket Versioning Not Enabled",
        "kics:S3 Bucket Without Versioning", "guard:S3_BUCKET_VERSIONING_ENABLED",
        "cloudrail:not_car_s3_buckets_versioning_enabled", "regula:FG_R00101", "terrascan:AC_AWS_0214",
        "semgrep:aws-s3-bucket-versioning-not-enabled", "cdk_nag:S3BucketVersioningEnabled", "fsbp:S3.14",
    ],
)  # fmt: skip
def s3_bucket_versioning_off(bucket: VersionedBucket) -> Truth:
    """Buckets keep earlier versions of their objects.

    AWS keeps eleven nines of durability for what is there; what you overwrite or delete is gone unless the bucket
    is versioned. Versioning is off until it is enabled, and a suspended bucket keeps nothing new. Buckets whose logs
    expire by a lifecycle and buckets that are called temporary are left alone.

    Instead: add `aws_s3_bucket_versioning` (`VersioningConfiguration`) with status `Enabled`, and a lifecycle rule for
    old versions.

    Sources: AWS Security Hub S3.14; Amazon S3 user guide, Using versioning in S3 buckets.
    """
    passing = bucket.speaks_of(TEMPORARY) | (bucket.is_log_target & bucket.expires_objects)
    return ~bucket.versioned & ~passing


@rule(
    "DAT302",
    LOW,
    same_as=[
        "trivy:AVD-AWS-0170", "kics:S3 Bucket Without Enabled MFA Delete", "fsbp:S3.20", "cis:2.1.2",
    ],
)  # fmt: skip
def s3_bucket_without_mfa_delete(bucket: Bucket) -> Truth:
    """Versions in buckets cannot be deleted without a second factor.

    Versioning protects against accidents, not against someone with stolen credentials, who can delete versions too.
    MFA delete asks for the root user's device. It can only be switched on by hand, so a template states it at best;
    only versioned buckets without Object Lock are judged.

    Instead: enable MFA delete with the root user, or use Object Lock.

    Sources: AWS Security Hub S3.20; Amazon S3 user guide, Configuring MFA delete.
    """
    return ~bucket.mfa_delete & bucket.versioned & ~bucket.object_lock
