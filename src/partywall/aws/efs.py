"""Network file systems."""

from __future__ import annotations

from partywall.aws.resource import CONTAINER, Resource, flag


class FileSystem(
    Resource, service="efs", model=CONTAINER, cloudformation="AWS::EFS::FileSystem", terraform="aws_efs_file_system"
):
    """A file system; plain unless encryption is asked for when it is made."""

    encrypted = flag(cfn="Encrypted", tf="encrypted", default=False)
