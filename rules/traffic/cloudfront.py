"""CloudFront: what viewers speak."""

from __future__ import annotations

from partywall.aws.cloudfront import CacheBehavior, Distribution
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "TLS305",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_34", "trivy:AVD-AWS-0012", "kics:Viewer Protocol Policy Allows HTTP Protocol",
        "kics:CloudFront Viewer Protocol Policy Allows HTTP", "guard:CLOUDFRONT_VIEWER_POLICY_HTTPS",
        "cloudrail:non_car_cloudfront_distribution_encrypt_in_transit", "regula:FG_R00011",
        "fsbp:CloudFront.3",
    ],
    fixable="unsafe",
)  # fmt: skip
def cloudfront_viewer_plain_http(behavior: CacheBehavior) -> Truth:
    """Distributions serve viewers over HTTPS.

    With `allow-all` a viewer may ask over plain HTTP, and whoever sits in between reads and changes what is sent.
    Every behavior says for itself what it allows; there is no default.

    Instead: use `redirect-to-https` or `https-only` in the default behavior and in all others.

    Sources: AWS Security Hub CloudFront.3; CloudFront developer guide, Requiring HTTPS between viewers and CloudFront.
    """
    return behavior.serves_plain_http


@rule(
    "TLS306",
    MEDIUM,
    same_as=[
        "checkov:CKV_AWS_174", "checkov:CKV2_AWS_54", "trivy:AVD-AWS-0013",
        "kics:CloudFront Without Minimum Protocol TLS 1.2", "kics:Secure Ciphers Disabled", "cfn_nag:W70",
        "guard:CLOUDFRONT_MINIMUM_PROTOCOL_VERSION_RULE", "cloudrail:non_car_cloudfront_protocol_version",
        "terrascan:AC_AWS_0023", "semgrep:aws-insecure-cloudfront-distribution-tls-version",
        "cdk_nag:CloudFrontDistributionHttpsViewerNoOutdatedSSL", "fsbp:CloudFront.15",
    ],
    fixable="unsafe",
)  # fmt: skip
def cloudfront_outdated_tls(distribution: Distribution) -> Truth:
    """Distributions accept TLS 1.2 and newer only.

    With a certificate of your own you choose the oldest protocol that viewers may use, and without a choice it is
    TLS 1.0. With CloudFront's own certificate it is TLS 1.0 whatever is chosen, and the way to newer ones is a
    certificate of your own.

    Instead: name a certificate of your own, and set the minimum protocol version to `TLSv1.2_2021` or newer.

    Sources: CloudFront developer guide, Supported protocols and ciphers; AWS Security Hub CloudFront.15.
    """
    return distribution.accepts_old_tls
