"""RDS: connections."""

from __future__ import annotations

from partywall.aws.rds import Database
from partywall.aws.rds_parameter import forces_tls
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule("TLS201", MEDIUM, fixable="unsafe", same_as=["checkov:CKV2_AWS_69", "fsbp:RDS.41", "fsbp:RDS.44"])
def rds_tls_not_enforced(database: Database) -> Truth:
    """Databases refuse connections without TLS.

    Every engine offers TLS; whether it insists is a parameter: `rds.force_ssl` for PostgreSQL and SQL Server,
    `require_secure_transport` for MySQL and MariaDB. RDS for PostgreSQL insists from version 15 on and MariaDB from
    11.8; all others accept plain connections unless the parameter group says otherwise.

    Instead: give the database a parameter group of its own that sets `rds.force_ssl` (PostgreSQL, SQL Server) or
    `require_secure_transport` (MySQL, MariaDB) to 1.

    Sources: RDS user guide, Using SSL/TLS to encrypt a connection; AWS Security Hub RDS.41.
    """
    return ~forces_tls(database) & ~database.is_member
