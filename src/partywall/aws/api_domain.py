"""Names of one's own in front of APIs."""

from __future__ import annotations

from functools import partial
from operator import eq

from partywall.aws.resource import ABSTRACT, Resource, one_of, text
from partywall.truth import Truth, any_of
from partywall.value import fits

_REST = ("AWS::ApiGateway::DomainName", "aws_api_gateway_domain_name")


class ApiDomain(
    Resource,
    service="api-gateway",
    model=ABSTRACT,
    cloudformation=(_REST[0], "AWS::ApiGatewayV2::DomainName"),
    terraform=(_REST[1], "aws_apigatewayv2_domain_name"),
):
    """A domain name of a REST, HTTP or WebSocket API."""

    policy = text(cfn="SecurityPolicy", tf="security_policy", default="")

    @property
    def accepts_old_tls(self) -> Truth:
        """Whether clients may use TLS 1.0, which only REST APIs that are not private take when nothing is said.

        Source: API Gateway developer guide, Choose a security policy for your custom domain: private, HTTP and
        WebSocket APIs know TLS_1_2 only.
        """
        owner = self.declared.address
        if self.declared.type in _REST:
            kinds = self.elements("EndpointConfiguration.Types", "endpoint_configuration.types")
            private = any_of(fits(it, "the kind of endpoint", partial(eq, "PRIVATE"), owner) for it in kinds)
            silent = ~self.is_set("SecurityPolicy", "security_policy") & ~private
            return silent | type(self).policy.fits(self, one_of("TLS_1_0"))
        parts = self.elements("DomainNameConfigurations", "domain_name_configuration")
        names = (_Configuration(self.view, self.declared, it) for it in parts)
        return any_of(_Configuration.policy.fits(it, one_of("TLS_1_0")) for it in names)


class _Configuration(Resource, service="api-gateway", model=ABSTRACT):
    """One endpoint of a domain name."""

    policy = text(cfn="SecurityPolicy", tf="security_policy", default="TLS_1_2")
