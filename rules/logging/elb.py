"""Load balancers: who asked for what."""

from __future__ import annotations

from partywall.aws.elb import LoggingBalancer
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "LOG103",
    MEDIUM,
    same_as=[
        "checkov:CKV_AWS_91", "checkov:CKV_AWS_92", "kics:ELB Access Log Disabled",
        "kics:ELBv2 ALB Access Log Disabled", "kics:ELBv2 LB Access Log Disabled", "cfn_nag:W26",
        "cfn_nag:W52", "guard:ELBV2_ACCESS_LOGGING_RULE", "guard:ELB_LOGGING_ENABLED",
        "cloudrail:non_car_elb_logging_enabled", "regula:FG_R00066", "terrascan:AC_AWS_0470",
        "semgrep:aws-elb-access-logs-not-enabled", "cdk_nag:ELBLoggingEnabled", "fsbp:ELB.5",
    ],
    fixable="unsafe",
)  # fmt: skip
def load_balancer_access_log_off(balancer: LoggingBalancer) -> Truth:
    """Load balancers keep an access log.

    The load balancer is the only place that sees the address of every client; after an incident its log tells who
    asked for what. It is off unless it is switched on. Gateway load balancers serve no clients and have no such log.

    Instead: switch the access log on, to a bucket whose policy lets the log delivery service write.

    Sources: AWS Security Hub ELB.5; Elastic Load Balancing guides, Access logs.
    """
    return ~balancer.logs_access & ~balancer.is_gateway
