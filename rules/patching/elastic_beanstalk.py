"""Elastic Beanstalk: the platform and its updates."""

from __future__ import annotations

from partywall.aws.elastic_beanstalk import Environment
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "PAT206",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_340", "guard:ELASTIC_BEANSTALK_MANAGED_UPDATES_ENABLED",
        "cdk_nag:ElasticBeanstalkManagedUpdatesEnabled",
    ],
    fixable="unsafe",
)  # fmt: skip
def elastic_beanstalk_managed_updates_off(environment: Environment) -> Truth:
    """Environments take platform updates in a weekly window.

    A platform version holds the operating system, the runtime and the web server, and AWS brings out a new one for
    every correction; an environment stays on its version until somebody moves it. Managed updates do that, and they
    need a start time and a level, neither of which has a default.

    Instead: set `ManagedActionsEnabled`, `PreferredStartTime` and `UpdateLevel`, and `InstanceRefreshEnabled` to have
    the instances replaced every week.

    Sources: Elastic Beanstalk developer guide, Managed platform updates; AWS Security Hub ElasticBeanstalk.2.
    """
    return ~environment.updates_platform


@rule("PAT207", HIGH, lowered=(MEDIUM, lambda environment: environment.still_patched))
def elastic_beanstalk_platform_retired(environment: Environment) -> Truth:
    """Environments run on a platform branch that is supported.

    A retired branch gets no new versions: no corrections of its operating system and its runtime. All branches on
    Amazon Linux 1 and 2 are retired.

    Instead: move to a branch on Amazon Linux 2023 with a current release of the language.

    Sources: Elastic Beanstalk platforms guide, Retired platform branch history; Elastic Beanstalk FAQ.
    """
    return environment.support_ends
