"""How databases let in: master passwords, IAM authentication, shared snapshots."""

from __future__ import annotations

from partywall.aws.rds import Database
from partywall.aws.resource import CONTAINER, Resource, flag
from partywall.aws.secret import is_generated, stands_in_clear
from partywall.truth import Truth, any_of
from partywall.value import Setting, fits

_ENGINES = ("mysql", "mariadb", "postgres", "aurora")
"""By how an engine's name begins, those that know IAM authentication (RDS user guide)."""


class MasterPassword(
    Resource,
    service="rds",
    model=CONTAINER,
    cloudformation=("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"),
    terraform=("aws_db_instance", "aws_rds_cluster"),
):
    """The master password of a database, given or kept by RDS in Secrets Manager."""

    managed = flag(cfn="ManageMasterUserPassword", tf="manage_master_user_password", default=False)

    @property
    def written(self) -> Setting:
        """What is given as password."""
        return self.read("MasterUserPassword", ("password", "master_password"))

    @property
    def stands_in_clear(self) -> Truth:
        """Whether it can be read in the template."""
        return stands_in_clear(self.view, self.written, self.declared.address) & ~self.managed

    @property
    def is_generated(self) -> Truth:
        """Whether it stands in Terraform's state only."""
        return is_generated(self.view, self.written)


def knows_iam(database: Database) -> Truth:
    """Whether its engine knows IAM authentication, and it is the one to ask: members follow their cluster."""
    engine = type(database).engine.fits(database, lambda it: it.lower().startswith(_ENGINES))
    return engine & ~database.is_member


class Snapshot(
    Resource,
    service="rds",
    model=CONTAINER,
    terraform=(
        "aws_db_snapshot",
        "aws_db_cluster_snapshot",
        "aws_db_snapshot_copy",
        "aws_docdb_cluster_snapshot",
        "aws_neptune_cluster_snapshot",
    ),
):
    """A snapshot that is made by hand, and so can be shared."""

    @property
    def shared_with_all(self) -> Truth:
        """Whether every AWS account may restore it."""
        return any_of(
            fits(item, "the account it is shared with", lambda it: str(it).lower() == "all", self.declared.address)
            for item in self.elements((), "shared_accounts")
        )

    @property
    def shared(self) -> Truth:
        """Whether another account may restore it."""
        return any_of(
            fits(item, "the account it is shared with", lambda it: it is not None, self.declared.address)
            for item in self.elements((), "shared_accounts")
        )
