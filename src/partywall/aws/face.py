"""Endpoints that AWS itself puts on the internet: no VPC stands before them."""

from __future__ import annotations

from partywall.aws.resource import ABSTRACT, Resource, flag, one_of, text
from partywall.truth import Truth, any_of, yes
from partywall.value import Setting, fits

KUBERNETES = ("AWS::EKS::Cluster", "aws_eks_cluster")
SEARCH = (
    "AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain", "aws_opensearch_domain",
    "aws_elasticsearch_domain",
)  # fmt: skip
_APIS = ("AWS::ApiGateway::RestApi", "aws_api_gateway_rest_api")
_GRAPHS = ("AWS::AppSync::GraphQLApi", "aws_appsync_graphql_api")
_RUNNERS = ("AWS::AppRunner::Service", "aws_apprunner_service")
_ALWAYS = ("AWS::Lambda::Url", "aws_lambda_function_url", "AWS::ApiGatewayV2::Api", "aws_apigatewayv2_api")

FACES = (*_ALWAYS, *_APIS, *_GRAPHS, *_RUNNERS, *KUBERNETES, *SEARCH)
PORT = 443


class Face(
    Resource,
    service="vpc",
    model=ABSTRACT,
    cloudformation=tuple(it for it in FACES if "::" in it),
    terraform=tuple(it for it in FACES if "::" not in it),
):
    """A service's endpoint; who may use it is for its policy to say, whether packets arrive is said here."""

    kubernetes_public = flag(
        cfn="ResourcesVpcConfig.EndpointPublicAccess", tf="vpc_config.endpoint_public_access", default=True
    )
    runner_public = flag(
        cfn="NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible",
        tf="network_configuration.ingress_configuration.is_publicly_accessible",
        default=True,
    )
    visibility = text(cfn="Visibility", tf="visibility", default="GLOBAL")

    @property
    def is_public(self) -> Truth:
        """Whether it has an address on the internet."""
        kind = self.declared.type
        if kind in KUBERNETES:
            return self.kubernetes_public
        if kind in _RUNNERS:
            return self.runner_public
        if kind in _GRAPHS:
            return type(self).visibility.fits(self, one_of("GLOBAL"))
        if kind in SEARCH:
            return ~self.is_set("VPCOptions", "vpc_options")
        if kind in _APIS:
            return ~any_of(
                self._is_private(it)
                for it in self.elements("EndpointConfiguration.Types", "endpoint_configuration.types")
            )
        return yes(f"{self.declared.address} is public by its service", self.span, self.declared.address)

    def _is_private(self, value: Setting) -> Truth:
        return fits(value, "the endpoint type", lambda it: it == "PRIVATE", self.declared.address)

    @property
    def sources(self) -> tuple[Setting, ...]:
        """The blocks that may use it; none where everyone may."""
        if self.declared.type not in KUBERNETES:
            return ()
        return self.elements("ResourcesVpcConfig.PublicAccessCidrs", "vpc_config.public_access_cidrs")
