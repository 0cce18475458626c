"""Content delivery: distributions and how viewers reach them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from partywall.aws.resource import ABSTRACT, Resource, flag, one_of, text
from partywall.graph import View
from partywall.truth import Truth

MODERN_PROTOCOLS = ("TLSv1.2", "TLSv1.3")


class Distribution(
    Resource,
    service="cloudfront",
    model=ABSTRACT,
    cloudformation="AWS::CloudFront::Distribution",
    terraform="aws_cloudfront_distribution",
):
    """A distribution: AWS runs the edge, the customer says what it accepts."""

    minimum_protocol = text(
        cfn="DistributionConfig.ViewerCertificate.MinimumProtocolVersion",
        tf="viewer_certificate.minimum_protocol_version",
        default="TLSv1",
    )
    default_certificate = flag(
        cfn="DistributionConfig.ViewerCertificate.CloudFrontDefaultCertificate",
        tf="viewer_certificate.cloudfront_default_certificate",
        default=False,
    )

    @property
    def own_certificate(self) -> Truth:
        """Whether viewers see a certificate of the customer's."""
        given = self.is_set("DistributionConfig.ViewerCertificate", "viewer_certificate")
        return given & ~self.default_certificate

    @property
    def accepts_old_tls(self) -> Truth:
        """Whether viewers may use TLS 1.1 or older: they may with CloudFront's own certificate, whatever is said.

        Source: CloudFront API reference, ViewerCertificate, MinimumProtocolVersion.
        """
        old = type(self).minimum_protocol.fits(self, lambda it: not it.startswith(MODERN_PROTOCOLS))
        return ~self.own_certificate | old


class CacheBehavior(Distribution):
    """What a distribution does with the requests for some paths."""

    policy = text(cfn="ViewerProtocolPolicy", tf="viewer_protocol_policy")

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """The default behavior of every distribution, and those of single paths."""
        for declared in view.of(cls.cloudformation + cls.terraform):
            found = Resource(view, declared).numbered(
                ("DistributionConfig.DefaultCacheBehavior", "DistributionConfig.CacheBehaviors"),
                ("default_cache_behavior", "ordered_cache_behavior"),
            )
            yield from cls.parts(view, declared, found)

    @property
    def serves_plain_http(self) -> Truth:
        """Whether viewers may use HTTP without TLS."""
        return type(self).policy.fits(self, one_of("allow-all"))
