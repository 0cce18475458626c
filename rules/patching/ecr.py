"""ECR: known flaws in images."""

from __future__ import annotations

from partywall.aws.ecr import Repository
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "PAT302",
    MEDIUM,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_163", "trivy:AVD-AWS-0030", "kics:Unscanned ECR Image", "kics:ECR Image Tag Not Immutable",
        "cfn_nag:W79", "guard:ECR_REPO_SCAN_ON_PUSH", "cloudrail:non_car_ecr_image_scanning_on_push_enabled",
        "terrascan:AC_AWS_0083", "semgrep:aws-ecr-image-scanning-disabled", "semgrep:ecr-image-scan-on-push",
        "fsbp:ECR.1",
    ],
)  # fmt: skip
def ecr_scanning_off(repository: Repository) -> Truth:
    """Images are scanned for known flaws.

    What an image brings along is yours to patch, and a scan tells what needs it. Repositories do not scan unless they,
    or the scanning rules of the registry, say so.

    Instead: set `scan_on_push = true` (`ScanOnPush: true`), or give the registry a scanning rule.

    Sources: AWS Security Hub ECR.1; ECR user guide, Scan images for software vulnerabilities.
    """
    return ~repository.scans_on_push & ~repository.registry_scans
