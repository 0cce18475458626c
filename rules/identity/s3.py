"""Bucket policies: who is let in."""

from __future__ import annotations

from partywall.aws.bucket_elsewhere import ListedBucket
from partywall.aws.bucket_policy import BucketStatement
from partywall.reason.policy import public
from partywall.reason.policy.statement import whole_service
from partywall.rule import CRITICAL, HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "IAM301",
    CRITICAL,
    same_as=[
        "checkov:CKV_AWS_70", "kics:S3 Bucket Allows All Actions From All Principals",
        "kics:S3 Bucket Allows Get Action From All Principals", "kics:S3 Bucket Allows List Action From All Principals",
        "kics:S3 Bucket Allows Put Action From All Principals",
        "kics:S3 Bucket Allows Delete Action From All Principals", "kics:S3 Bucket Access to Any Principal",
        "cfn_nag:F9", "cfn_nag:F16", "guard:S3_BUCKETPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL",
        "guard:S3_BUCKET_POLICY_NO_WILDCARD_PRINCIPAL", "guard:S3_BUCKET_PUBLIC_READ_PROHIBITED",
        "guard:S3_BUCKET_PUBLIC_WRITE_PROHIBITED", "guard:S3_BUCKET_POLICY_GRANTEE_CHECK",
        "cloudrail:s3_acl_disallow_public_and_cross_account", "regula:FG_R00210", "regula:FG_R00211",
        "regula:FG_R00277", "regula:FG_R00279", "terrascan:AC_AWS_0217", "terrascan:AC_AWS_0218",
        "terrascan:AC_AWS_0219", "terrascan:AC_AWS_0220", "terrascan:AC_AWS_0221", "terrascan:AC_AWS_0224",
        "semgrep:public-s3-bucket", "semgrep:public-s3-policy-statement",
        "semgrep:awscdk-bucket-grantpublicaccessmethod", "cdk_nag:S3BucketPublicReadProhibited",
        "cdk_nag:S3BucketPublicWriteProhibited", "cdk_nag:S3WebBucketOAIAccess", "fsbp:S3.2", "fsbp:S3.3",
    ],
    lowered=[
        (MEDIUM, lambda statement: statement.block_left_to_default & ~public.writes(statement)),
        (HIGH, lambda statement: statement.block_left_to_default | ~public.writes(statement)),
    ],
)  # fmt: skip
def s3_bucket_policy_public(statement: BucketStatement) -> Truth:
    """Bucket policies let in named callers only.

    An object that everyone may read or write is published, whatever was meant. An Allow for `*` counts unless a
    condition limits the caller to accounts, organisations, networks or narrow addresses, or another statement
    denies everyone else. Blocked public access ends the matter; where nothing is said about it, AWS blocks it for
    buckets made since April 2023, and the gap weighs less.

    Instead: name the accounts, roles or services in `Principal`, or limit the caller in `Condition`.

    Sources: Amazon S3 user guide, The meaning of "public"; AWS Security Hub S3.2, S3.3.
    """
    return public.open_to_anyone(statement) & ~statement.blocked


@rule(
    "IAM302",
    MEDIUM,
    same_as=[
        "kics:S3 Bucket With All Permissions", "cfn_nag:F15", "cfn_nag:W20",
        "guard:S3_BUCKET_POLICY_NO_WILDCARD_ACTION", "guard:S3_BUCKET_POLICY_NO_ALLOW_PLUS_NOT_ACTION",
        "cloudrail:non_car_aws_s3_bucket_policy_wildcard",
    ],
)  # fmt: skip
def s3_bucket_policy_wildcard_action(statement: BucketStatement) -> Truth:
    """Bucket policies list the actions they grant.

    `s3:*` includes changing the policy itself and deleting the bucket. Whoever is let in for reading can then do
    that too.

    Instead: list the actions, such as `s3:GetObject`.

    Sources: Amazon S3 user guide, Bucket policies and user policies.
    """
    return (whole_service(statement, "s3") | statement.has("NotAction")) & statement.allows


@rule("IAM305", MEDIUM, same_as=["cloudrail:s3_acl_disallow_public_and_cross_account", "fsbp:S3.6"])
def s3_bucket_policy_foreign_account(statement: BucketStatement) -> Truth:
    """Bucket policies leave the administration of the bucket to its own account.

    Whoever may change the policy, the access lists or the encryption of a bucket can lock its owner out or let others
    in. An account written out as twelve digits is taken for a foreign one unless the provider's
    `allowed_account_ids` names it.

    Instead: grant other accounts actions on objects only.

    Sources: AWS Security Hub S3.6; Amazon S3 user guide, Bucket owner granting cross-account permissions.
    """
    return public.administers_bucket(statement) & public.lets_in_foreign_account(statement)


@rule(
    "IAM303",
    CRITICAL,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_20", "checkov:CKV_AWS_57", "checkov:CKV_AWS_375", "checkov:CKV2_AWS_43", "trivy:AVD-AWS-0092",
        "kics:S3 Bucket ACL Allows Read to AllUsers", "kics:S3 Bucket ACL Allows Read Or Write to AllUsers",
        "kics:S3 Bucket ACL Allows Read to Any Authenticated User", "kics:S3 Bucket ACL Grants WRITE_ACP Permission",
        "cfn_nag:F14", "cfn_nag:W31", "guard:S3_BUCKET_NO_PUBLIC_RW_ACL", "guard:S3_BUCKET_PUBLIC_READ_ACL",
        "cloudrail:s3_acl_disallow_public_and_cross_account", "regula:FG_R00279", "terrascan:AC_AWS_0210",
        "terrascan:AC_AWS_0211", "terrascan:AC_AWS_0212", "terrascan:AC_AWS_0213", "terrascan:AC_AWS_0215",
        "terrascan:AC_AWS_0496", "semgrep:s3-public-read-bucket", "semgrep:s3-public-rw-bucket",
    ],
)  # fmt: skip
def s3_bucket_acl_public(bucket: ListedBucket) -> Truth:
    """Access lists of buckets let in nobody from outside.

    `public-read`, `public-read-write` and `authenticated-read` open a bucket to everyone or to every AWS account,
    and so do grants to the groups of those names. Access lists count for nothing while the bucket owner owns all
    objects or the public access block ignores them.

    Instead: leave the bucket private and share through a bucket policy or CloudFront.

    Sources: Amazon S3 user guide, Access control list overview; AWS Security Hub S3.2.
    """
    return bucket.public_acl & ~bucket.blocked("ignore_public_acls") & ~bucket.acls_void
