"""Data warehouses."""

from __future__ import annotations

from partywall.aws.resource import CONTAINER, Resource, flag
from partywall.value import Unknown

_BY_PROVIDER = "it is not set, and the default changed with version 6 of the AWS provider"


class Warehouse(
    Resource,
    service="redshift",
    model=CONTAINER,
    cloudformation="AWS::Redshift::Cluster",
    terraform="aws_redshift_cluster",
):
    """A cluster. Since January 2025 AWS encrypts new ones and keeps them private when nothing is said."""

    encrypted = flag(cfn="Encrypted", tf="encrypted", default=True, tf_default=Unknown(_BY_PROVIDER))
    public = flag(cfn="PubliclyAccessible", tf="publicly_accessible", default=False, tf_default=Unknown(_BY_PROVIDER))
