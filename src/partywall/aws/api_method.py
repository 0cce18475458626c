"""Methods and routes of APIs, and who may call them."""

from __future__ import annotations

from partywall.aws.resource import ABSTRACT, Resource, as_text, flag, one_of, text
from partywall.declared import Declared
from partywall.truth import NO, Truth, any_of, unknown
from partywall.value import Known, convert, fits

REST = ("AWS::ApiGateway::Method", "aws_api_gateway_method")

_VERBS = ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "aws_api_gateway_rest_api", "aws_apigatewayv2_api")


class Method(
    Resource,
    service="api-gateway",
    model=ABSTRACT,
    cloudformation=(REST[0], "AWS::ApiGatewayV2::Route"),
    terraform=(REST[1], "aws_apigatewayv2_route"),
):
    """A method of a REST API or a route of an HTTP or WebSocket API."""

    authorization = text(cfn="AuthorizationType", tf=("authorization", "authorization_type"), default="NONE")
    needs_key = flag(cfn="ApiKeyRequired", tf="api_key_required", default=False)
    verb = text(cfn="HttpMethod", tf="http_method", default="")
    route = text(cfn="RouteKey", tf="route_key", default="")

    @property
    def is_rest(self) -> bool:
        """Whether it belongs to a REST API."""
        return self.declared.type in REST

    @property
    def unauthorized(self) -> Truth:
        """Whether nothing checks who calls."""
        return type(self).authorization.fits(self, one_of("NONE", ""))

    @property
    def is_preflight(self) -> Truth:
        """Whether it only answers browsers that ask what they may do; unknown of a verb that no API has.

        Source: API Gateway API reference, PutMethod.
        """
        if self.is_rest:
            verb = self.verb
            if isinstance(verb, Known) and verb.it and verb.it.upper() not in _VERBS:
                return unknown(f"API Gateway has no method {verb.it}", verb.span, self.declared.address)
            return type(self).verb.fits(self, one_of("OPTIONS"))
        ends = ("$disconnect", "$default") if self._is_websocket else ()
        known = tuple(f"OPTIONS {path}" for path in ("/", "/{proxy+}"))
        return type(self).route.fits(self, one_of(*known, *ends))

    @property
    def demands_key(self) -> Truth:
        """Whether it demands an API key; HTTP APIs cannot."""
        return self.needs_key if self.is_rest or self._is_websocket else NO

    @property
    def _api(self) -> Declared | None:
        value = self.read(("RestApiId", "ApiId"), ("rest_api_id", "api_id"))
        return self.view.target(value, APIS)

    @property
    def _is_websocket(self) -> bool:
        api = self._api
        protocol = Known(None) if api is None else Resource(self.view, api).read("ProtocolType", "protocol_type")
        return isinstance(protocol, Known) and protocol.it == "WEBSOCKET"

    @property
    def behind_private_policy(self) -> Truth:
        """Whether its API is private and has a policy, so that only named networks reach it."""
        api = self._api
        if api is None or not self.is_rest:
            return NO
        whole = Resource(self.view, api)
        types = whole.elements("EndpointConfiguration.Types", "endpoint_configuration.types")
        private = any_of(
            fits(convert(it, as_text, "text"), "the endpoint type", one_of("PRIVATE"), api.address) for it in types
        )
        policy = whole.is_set("Policy", "policy") | whole.any_companion(
            {"aws_api_gateway_rest_api_policy": "rest_api_id"}, lambda it: Resource(self.view, it).is_set((), "policy")
        )
        return private & policy
