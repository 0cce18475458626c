"""Load balancers: what clients speak to them."""

from __future__ import annotations

from partywall.aws.elb import ClassicListener, Listener
from partywall.rule import HIGH, LOW, rule
from partywall.truth import Truth


@rule(
    "TLS101",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_2", "checkov:CKV2_AWS_20", "trivy:AVD-AWS-0054", "kics:ALB Listeners Accept HTTP",
        "kics:ALB Listening on HTTP", "cfn_nag:W56", "guard:ALB_HTTP_TO_HTTPS_REDIRECTION_CHECK",
        "guard:ELBV2_LISTENER_PROTOCOL_RULE", "cloudrail:non_car_alb_https", "terrascan:AC_AWS_0491",
        "cdk_nag:ALBHttpToHttpsRedirection", "fsbp:ELB.1",
    ],
    fixable="unsafe",
    lowered=(LOW, lambda listener: listener.is_internal),
)  # fmt: skip
def load_balancer_http_without_redirect(listener: Listener) -> Truth:
    """Application load balancers send plain HTTP to HTTPS.

    Whoever sits between the client and the load balancer reads and changes plain HTTP. A listener on HTTP is fine
    when all it does is to send clients to HTTPS, by its default action or by a rule about every path. Behind an
    internal load balancer the matter is less urgent.

    Instead: add an HTTPS listener with a certificate, and let the HTTP listener redirect to it.

    Sources: AWS Security Hub ELB.1; Elastic Load Balancing guide, Redirect actions.
    """
    return listener.plain_http & ~listener.redirects_to_https


@rule(
    "TLS103",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_103", "checkov:CKV2_AWS_74", "trivy:AVD-AWS-0047",
        "kics:ELB Using Insecure Protocols", "cfn_nag:W55", "guard:ELBV2_LISTENER_SSL_POLICY_RULE",
        "semgrep:insecure-load-balancer-tls-version", "fsbp:ELB.17",
    ],
    fixable="unsafe",
)  # fmt: skip
def load_balancer_outdated_tls_policy(listener: Listener) -> Truth:
    """Load balancers accept TLS 1.2 and newer only.

    A listener without a policy gets `ELBSecurityPolicy-2016-08` from the API, CloudFormation and Terraform alike, and
    that one accepts TLS 1.0; only the console picks a modern one. In spite of their names, the `TLS13-1-0` and
    `TLS13-1-1` policies accept TLS 1.0 and 1.1 too.

    Instead: set the policy `ELBSecurityPolicy-TLS13-1-2-Res-2021-06` or a newer one.

    Sources: Elastic Load Balancing guides, Security policies; AWS Security Hub ELB.17.
    """
    return listener.allows_old_tls & listener.has_tls


@rule(
    "TLS104",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_376", "kics:ELB Without SSL", "kics:ELB Without Secure Protocol",
        "guard:ELB_TLS_HTTPS_LISTENERS_ONLY", "regula:FG_R00013", "terrascan:AC_AWS_0120",
        "cdk_nag:ELBTlsHttpsListenersOnly", "cdk_nag:CLBNoInboundHttpHttps", "fsbp:ELB.3",
    ],
    fixable="unsafe",
)  # fmt: skip
def classic_load_balancer_plain_listener(listener: ClassicListener) -> Truth:
    """Classic load balancers serve clients over HTTPS or SSL.

    A classic load balancer cannot redirect, so every listener that speaks HTTP or TCP serves clients in the clear.

    Instead: give the listener HTTPS or SSL and a certificate; better, move to an application load balancer.

    Sources: AWS Security Hub ELB.3; Elastic Load Balancing, guide of classic load balancers, Listeners.
    """
    return listener.is_plain
