"""CloudTrail: the record of every call."""

from __future__ import annotations

from partywall.aws.cloudtrail import AuditTrail, Trail
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "LOG001",
    HIGH,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_67", "checkov:CKV_AWS_251", "trivy:AVD-AWS-0014", "kics:CloudTrail Multi Region Disabled",
        "kics:CloudTrail Logging Disabled", "guard:CLOUD_TRAIL_ENABLED", "guard:MULTI_REGION_CLOUD_TRAIL_ENABLED",
        "cloudrail:non_car_cloudtrail_is_enabled_in_all_regions", "cloudrail:ensure_cloudtrail_trail_exists",
        "regula:FG_R00237", "terrascan:AC_AWS_0034", "terrascan:AC_AWS_0448", "fsbp:CloudTrail.1", "cis:3.1",
    ],
)  # fmt: skip
def cloudtrail_missing_or_not_multi_region(trail: AuditTrail) -> Truth:
    """A trail records every management call in every region.

    AWS can tell who did what only where a trail writes it down; the console keeps 90 days. A trail covers its own
    region unless told otherwise, and one that is switched off, leaves out global services such as IAM, or selects
    events so that management calls are missing has holes an attacker will use. An account that is set up here
    without any trail is reported once; deployments that do not set up the account are not asked for one.

    Instead: set `is_multi_region_trail = true` (`IsMultiRegionTrail: true`), keep logging on, and record reading and
    writing management events; best with a trail of the organization.

    Sources: AWS Security Hub CloudTrail.1; CIS AWS Foundations 3.0 3.1; CloudTrail API reference, CreateTrail.
    """
    return ~trail.complete


@rule(
    "LOG002",
    MEDIUM,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_36", "trivy:AVD-AWS-0016", "kics:CloudTrail Log File Validation Disabled",
        "guard:CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED", "cloudrail:non_car_aws_cloudtrail_log_validation_disabled",
        "regula:FG_R00027", "terrascan:AC_AWS_0446", "cdk_nag:CloudTrailLogFileValidationEnabled",
        "fsbp:CloudTrail.4", "cis:3.2",
    ],
)  # fmt: skip
def cloudtrail_validation_off(trail: Trail) -> Truth:
    """Trails sign their log files.

    Log files are objects like others: whoever may write to the bucket can change the record. With validation
    CloudTrail adds signed digests that show it. It is off unless asked for.

    Instead: set `enable_log_file_validation = true` (`EnableLogFileValidation: true`).

    Sources: AWS Security Hub CloudTrail.4; CIS AWS Foundations 3.0 3.2; CloudTrail API reference, CreateTrail.
    """
    return ~trail.signs_files
