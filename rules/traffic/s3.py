"""S3: requests over TLS only."""

from __future__ import annotations

from partywall.reason.policy.transport import TlsBucket
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "TLS301",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_379", "kics:S3 Bucket Policy Accepts HTTP Requests",
        "kics:S3 Bucket Without SSL In Write Actions", "guard:S3_BUCKET_SSL_REQUESTS_ONLY",
        "cloudrail:non_car_s3_bucket_policy_secure_transport", "regula:FG_R00100", "semgrep:aws-cdk-bucket-enforcessl",
        "cdk_nag:S3BucketSSLRequestsOnly", "fsbp:S3.5", "cis:2.1.1",
    ],
)  # fmt: skip
def s3_bucket_allows_plain_http(bucket: TlsBucket) -> Truth:
    """Buckets refuse requests without TLS.

    S3 answers plain HTTP unless the bucket policy denies it: everyone, every action, when `aws:SecureTransport` is
    false. A statement that covers less leaves a hole.

    Instead: add a Deny for `*` on `s3:*`, for the bucket and its objects, with `aws:SecureTransport` false.

    Sources: AWS Security Hub S3.5; Amazon S3 user guide, Security best practices.
    """
    return ~bucket.tls_enforced
