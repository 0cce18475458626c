"""RDS and other managed engines: versions, and who installs them."""

from __future__ import annotations

from partywall.aws.engine import ManagedEngine
from partywall.aws.rds import UpgradedDatabase
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "PAT201",
    MEDIUM,
    same_as=[
        "checkov:CKV_AWS_226", "kics:RDS Automatic Minor Upgrades Disabled",
        "kics:Automatic Minor Upgrades Disabled", "guard:RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED",
        "terrascan:AC_AWS_0056", "cdk_nag:RDSAutomaticMinorVersionUpgradeEnabled", "fsbp:RDS.13",
        "fsbp:RDS.35", "cis:2.3.2",
    ],
    fixable="safe",
)  # fmt: skip
def rds_minor_upgrades_off(database: UpgradedDatabase) -> Truth:
    """Databases take minor engine updates by themselves.

    Minor versions carry the security corrections of an engine. AWS installs them in the maintenance window unless it
    is told not to, and then somebody has to remember. On RDS Custom the customer does the upgrades anyway.

    Instead: leave the setting out or set it to true, and choose a maintenance window.

    Sources: RDS API reference, CreateDBInstance; AWS Security Hub RDS.13, RDS.35; CIS AWS Foundations 2.3.2.
    """
    return ~database.minor_upgrades & ~database.is_custom


@rule(
    "PAT204",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_208", "terrascan:AC_AWS_0102",
    ],
    lowered=(MEDIUM, lambda engine: engine.still_patched),
)  # fmt: skip
def database_engine_end_of_life(engine: ManagedEngine) -> Truth:
    """Managed engines run a version that is supported.

    When support ends, corrections end, and in the end AWS upgrades by itself, whether or not the application is ready.
    Some engines get paid extended support for some years more, which is less urgent, as is the half year before the
    end. Where no version is given, the service picks a supported one.

    Instead: plan the upgrade to the next major version, and try it on a copy first.

    Sources: endoflife.date; RDS, Aurora, ElastiCache, OpenSearch Service, Amazon MQ, MSK, DocumentDB and Neptune
    guides, release calendars; RDS API reference, EngineLifecycleSupport.
    """
    return engine.support_ends & engine.version_matters
