"""`AWS::Serverless::HttpApi`, and the HTTP API that SAM makes for events which name none."""

from __future__ import annotations

from partywall.cloudformation.sam import authorization, domain
from partywall.cloudformation.sam.openapi import Body
from partywall.cloudformation.sam.serverless import Serverless, code
from partywall.cloudformation.sam.tree import Plain, changed, is_function, literal, ref
from partywall.text.node import Node

_STAGED = ("StageVariables", "AccessLogSettings", "DefaultRouteSettings", "RouteSettings")
_DEFAULT = "$default"


def http_api(it: Serverless) -> None:
    """Expand an HTTP API: the API itself and a stage."""
    body = Body(it, added=True)
    uri = it.get("DefinitionUri")
    properties: dict[str, Plain] = {
        "Body": body.node({"openapi": "3.0.1"}) if uri is None else None,
        "BodyS3Location": None if uri is None else changed(uri, lambda one: code(one, "Bucket", "Key", "Version")),
        "CorsConfiguration": _cors(it.get("CorsConfiguration")),
        **it.picked("Name", "Description", "FailOnWarnings", "DisableExecuteApiEndpoint"),
        "Tags": it.get("Tags"),
    }
    it.become("AWS::ApiGatewayV2::Api", properties)
    name = it.get("StageName")
    named = _DEFAULT if name is None else literal(name) or ""
    stage = f"{it.name}{named if named.isalnum() else 'ApiGatewayDefault' if named == _DEFAULT else ''}Stage"
    staged: dict[str, Plain] = {
        "ApiId": ref(it.name),
        "StageName": name or _DEFAULT,
        "AutoDeploy": True,
        **it.picked(*_STAGED),
        "Tags": it.get("Tags"),
    }
    it.make(stage, "AWS::ApiGatewayV2::Stage", "stage", it.at("StageName"), staged)
    it.template.names[f"{it.name}.Stage"] = stage
    authorization.permit_authorizers(it, asked=True)
    domain.http(it, stage)


def _cors(given: Node | None) -> Plain:
    """`true`, one origin, or a map."""
    if given is None or literal(given) == "false":
        return None
    if literal(given) == "true":
        return {"AllowOrigins": ["*"]}
    return {"AllowOrigins": [given]} if is_function(given) else given
