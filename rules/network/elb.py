"""Load balancers and the machines behind them."""

from __future__ import annotations

from partywall.aws.elb import LoadBalancer
from partywall.aws.load_balancer import FrontDoor
from partywall.reason import network
from partywall.rule import LOW, MEDIUM, rule
from partywall.truth import Truth


def _is_internal(door: FrontDoor) -> Truth:
    """An internal one in public subnets works; it is misplaced."""
    return ~door.is_public


@rule("NET165", MEDIUM)
def load_balancer_target_reachable_directly(door: FrontDoor) -> Truth:
    """What stands behind a public load balancer is reached through it only.

    A target with a public address and an open group answers around the load balancer: without its TLS, its web
    firewall and its logs.

    Instead: admit the load balancer's group only, and take the public address away.

    Sources: Elastic Load Balancing user guide, Security groups of targets.
    """
    return network.balancing.reached_around(door)


@rule("NET171", MEDIUM)
def load_balancer_target_unreachable(door: FrontDoor) -> Truth:
    """Load balancers reach their targets.

    The way from some node to the target's port and to its health check is followed: groups of both, network ACLs out,
    in and back. When it is shut, every request ends in an error.

    Instead: admit the load balancer's group at the target, on both ports.

    Sources: Elastic Load Balancing user guide, Security groups of load balancers and targets.
    """
    return network.balancing.cannot_reach_target(door)


@rule("NET172", MEDIUM, lowered=(LOW, _is_internal))
def load_balancer_scheme_does_not_match_subnets(door: FrontDoor) -> Truth:
    """The scheme of a load balancer fits its subnets.

    An internet-facing one needs a subnet whose routes lead to an internet gateway, or nobody reaches it. An internal
    one in nothing but public subnets is a word away from being public.

    Instead: choose subnets that fit, or change the scheme.

    Sources: Elastic Load Balancing user guide, Load balancer schemes.
    """
    return network.balancing.scheme_does_not_fit(door)


@rule(
    "NET159",
    MEDIUM,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_131", "trivy:AVD-AWS-0052", "kics:ALB Not Dropping Invalid Headers",
        "guard:ALB_HTTP_DROP_INVALID_HEADER_ENABLED", "cloudrail:non_car_alb_drops_invalid_http_headers",
        "semgrep:missing-alb-drop-http-headers", "cdk_nag:ALBHttpDropInvalidHeaderEnabled", "fsbp:ELB.4",
    ],
)  # fmt: skip
def load_balancer_keeps_invalid_headers(balancer: LoadBalancer) -> Truth:
    """Application load balancers drop malformed headers.

    A header field with a malformed name is read one way by the load balancer and another way by the server behind it,
    and that is how one request is smuggled inside another. They are passed on unless told otherwise. Network and
    gateway load balancers do not look into requests.

    Instead: set `drop_invalid_header_fields = true` (`routing.http.drop_invalid_header_fields.enabled`).

    Sources: AWS Security Hub ELB.4; Application Load Balancers guide, Load balancer attributes.
    """
    return ~balancer.drops_invalid_headers & balancer.reads_http
