"""S3: who read and wrote what."""

from __future__ import annotations

from partywall.aws.s3 import Bucket
from partywall.rule import LOW, rule
from partywall.truth import Truth


@rule(
    "LOG301",
    LOW,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_18", "trivy:AVD-AWS-0089", "kics:S3 Bucket Logging Disabled", "cfn_nag:W35",
        "guard:S3_BUCKET_LOGGING_ENABLED", "cloudrail:non_car_s3_bucket_access_logging_enabled", "regula:FG_R00274",
        "terrascan:AC_AWS_0497", "cdk_nag:S3BucketLoggingEnabled", "fsbp:S3.9",
    ],
)  # fmt: skip
def s3_access_log_off(bucket: Bucket) -> Truth:
    """Buckets log who accesses them.

    Requests for objects are not in CloudTrail unless data events are switched on. Server access logs tell after an
    incident what was taken; data events of a trail do too. The bucket that receives the logs is left alone.

    Instead: add `aws_s3_bucket_logging` (`LoggingConfiguration`) with another bucket as target.

    Sources: AWS Security Hub S3.9; Amazon S3 user guide, Logging requests with server access logging.
    """
    return ~bucket.logs_access & ~bucket.is_log_target
