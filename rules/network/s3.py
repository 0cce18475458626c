"""S3: the switches that keep buckets from becoming public."""

from __future__ import annotations

from partywall.aws.bucket_elsewhere import BlockedBucket
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "NET301",
    HIGH,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_53", "checkov:CKV_AWS_54", "checkov:CKV_AWS_55", "checkov:CKV_AWS_56", "checkov:CKV2_AWS_6",
        "trivy:AVD-AWS-0086", "trivy:AVD-AWS-0087", "trivy:AVD-AWS-0091", "trivy:AVD-AWS-0093", "trivy:AVD-AWS-0094",
        "kics:S3 Bucket Without Restriction Of Public Bucket", "kics:S3 Bucket Allows Public ACL",
        "kics:S3 Bucket with Public Policy", "kics:S3 Bucket Without Ignore Public ACL",
        "kics:S3 Buckets Are Publicly Accessible", "guard:S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED", "regula:FG_R00229",
        "cdk_nag:S3BucketLevelPublicAccessProhibited", "fsbp:S3.8", "cis:2.1.4",
    ],
)  # fmt: skip
def s3_bucket_public_access_not_blocked(bucket: BlockedBucket) -> Truth:
    """Buckets block public access with all four switches.

    Buckets made since April 2023 have all four on without being asked, so a bucket that says nothing is closed. A
    declared block replaces that: each switch it leaves out is off. A block for the whole account counts too.

    Instead: set `block_public_acls` (`BlockPublicAcls`), `block_public_policy` (`BlockPublicPolicy`),
    `ignore_public_acls` (`IgnorePublicAcls`) and `restrict_public_buckets` (`RestrictPublicBuckets`) to true.

    Sources: AWS Security Hub S3.8; AWS News Blog, Heads-up: Amazon S3 security changes are coming in April of 2023.
    """
    return ~bucket.fully_blocked & bucket.has_block
