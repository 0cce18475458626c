"""ECR: what a tag stands for."""

from __future__ import annotations

from partywall.aws.ecr import Repository
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "DAT315",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_51", "trivy:AVD-AWS-0031", "kics:ECR Image Tag Not Immutable",
        "cloudrail:non_car_ecr_image_tags_immutable", "terrascan:AC_AWS_0447", "semgrep:aws-ecr-mutable-image-tags",
        "fsbp:ECR.2", "fsbp:ECR.3",
    ],
)  # fmt: skip
def ecr_tags_mutable(repository: Repository) -> Truth:
    """Tags of images stay where they are.

    Whoever may push can put a tag that is in use on another image, and the next start runs it. Tags can be moved
    unless the repository forbids it.

    Instead: set `image_tag_mutability = "IMMUTABLE"` (`ImageTagMutability: IMMUTABLE`), or deploy by digest.

    Sources: AWS Security Hub ECR.2; ECR user guide, Preventing image tags from being overwritten.
    """
    return repository.tags_move
