"""RDS: connections."""

from __future__ import annotations

from partywall.aws.rds import Database, DbCluster, DbInstance, forces_tls
from partywall.rule import MEDIUM, rule
from partywall.truth import NO, Truth


class Server(
    Database,
    cloudformation=("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"),
    terraform=("aws_db_instance", "aws_rds_cluster"),
):
    """An instance or cluster as something clients connect to."""

    @property
    def member(self) -> Truth:
        """Whether the cluster's parameter group decides."""
        if self.declared.type in DbCluster.cloudformation + DbCluster.terraform:
            return NO
        return DbInstance(self.view, self.declared).is_member


@rule("TLS201", MEDIUM, same_as=["checkov:CKV2_AWS_69", "fsbp:RDS.41", "fsbp:RDS.44"])
def rds_tls_not_enforced(database: Server) -> Truth:
    """Databases refuse connections without TLS.

    Every engine offers TLS; whether it insists is a parameter: `rds.force_ssl` for PostgreSQL and SQL Server,
    `require_secure_transport` for MySQL and MariaDB. RDS for PostgreSQL insists from version 15 on and MariaDB from
    11.8; all others accept plain connections unless the parameter group says otherwise.

    Instead: set the parameter to 1 (ON) in the database's own parameter group.

    Sources: RDS user guide, Using SSL/TLS to encrypt a connection; AWS Security Hub RDS.41.
    """
    return ~forces_tls(database) & ~database.member
