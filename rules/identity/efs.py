"""File system policies: who is let in."""

from __future__ import annotations

from partywall.aws.policy import FileSystemStatement
from partywall.reason.policy import public
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "IAM216",
    HIGH,
    same_as=[
        "kics:EFS With Vulnerable Policy", "cloudrail:non_car_aws_efs_fs_policy_wildcard", "terrascan:AC_AWS_0464",
    ],
)  # fmt: skip
def efs_policy_open(statement: FileSystemStatement) -> Truth:
    """File system policies name who may mount.

    An Allow for `*` counts unless a condition limits the caller: to a VPC, an access point, or to those who come
    through a mount target of the file system.

    Instead: name roles in `Principal`, or demand `elasticfilesystem:AccessedViaMountTarget`.

    Sources: Amazon EFS user guide, Using IAM to control file system data access.
    """
    return public.open_to_anyone(statement)
