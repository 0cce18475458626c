"""API Gateway: what clients speak to names of one's own."""

from __future__ import annotations

from partywall.aws.api_domain import ApiDomain
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "TLS309",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_206", "trivy:AVD-AWS-0005", "trivy:AVD-AWS-0112", "kics:API Gateway Without Security Policy",
        "cfn_nag:W62", "guard:API_GW_DOMAIN_DENY_NON_TLS_TRAFFIC", "cloudrail:non_car_api_gateway_tls",
        "regula:FG_R00375", "regula:FG_R00376", "semgrep:aws-insecure-api-gateway-tls-version",
    ],
)  # fmt: skip
def api_gateway_domain_outdated_tls(domain: ApiDomain) -> Truth:
    """Domain names of APIs take TLS 1.2 and newer only.

    A domain name of a REST API that says nothing may take TLS 1.0, whose ciphers are broken. HTTP and WebSocket APIs
    take TLS 1.2 unless `TLS_1_0` is written.

    Instead: set `security_policy = "TLS_1_2"` (`SecurityPolicy: TLS_1_2`) or a newer policy.

    Sources: API Gateway developer guide, Choose a security policy for your custom domain.
    """
    return domain.accepts_old_tls
