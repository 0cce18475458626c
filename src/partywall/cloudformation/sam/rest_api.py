"""`AWS::Serverless::Api`, and the REST API that SAM makes for events which name none."""

from __future__ import annotations

from partywall.cloudformation.sam import authorization, domain, resource_policy
from partywall.cloudformation.sam.openapi import Body
from partywall.cloudformation.sam.serverless import Serverless, code
from partywall.cloudformation.sam.tree import Plain, changed, child, entries, literal, ref
from partywall.text.node import Node

_PASSED = (
    "Name", "Description", "Mode", "ApiKeySourceType", "BinaryMediaTypes", "MinimumCompressionSize",
    "SecurityPolicy", "EndpointAccessMode", "FailOnWarnings", "DisableExecuteApiEndpoint",
)  # fmt: skip
_STAGED = (
    "StageName", "CacheClusterEnabled", "CacheClusterSize", "Variables", "MethodSettings", "AccessLogSetting",
    "CanarySetting", "TracingEnabled",
)  # fmt: skip


def rest_api(it: Serverless) -> None:
    """Expand an API: the API itself, a deployment and a stage.

    A resource policy is written as the API's `Policy`, where SAM has it in the body: the service keeps one policy.
    """
    body = Body(it, added=literal(it.get("MergeDefinitions")) == "true")
    uri = it.get("DefinitionUri")
    version = it.get("OpenApiVersion")
    own = {route.path: found for route in body.routes if (found := child(route.auth, "ResourcePolicy")) is not None}
    policy = it.get("Policy") or resource_policy.policy(it, body.methods, own)
    properties: dict[str, Plain] = {
        **it.picked(*_PASSED),
        "Body": body.node({"openapi": version} if version is not None else {"swagger": "2.0"}) if uri is None else None,
        "BodyS3Location": None if uri is None else changed(uri, lambda one: code(one, "Bucket", "Key", "Version")),
        "EndpointConfiguration": _endpoints(it.get("EndpointConfiguration")),
        "Policy": policy,
        "Tags": it.tags(),
    }
    it.become("AWS::ApiGateway::RestApi", properties)
    deployment = f"{it.name}Deployment"
    # Without OpenApiVersion SAM deploys to a second stage, called "Stage", which nothing else configures.
    deployed: dict[str, Plain] = {"RestApiId": ref(it.name), "StageName": "Stage" if version is None else None}
    it.make(deployment, "AWS::ApiGateway::Deployment", "deployment", it.place, deployed)
    named = literal(it.get("StageName")) or ""
    stage = f"{it.name}{named if named.isalnum() else ''}Stage"
    staged: dict[str, Plain] = {
        "RestApiId": ref(it.name),
        "DeploymentId": ref(deployment),
        **it.picked(*_STAGED),
        "Tags": it.tags(),
    }
    it.make(stage, "AWS::ApiGateway::Stage", "stage", it.at("StageName"), staged)
    it.template.names |= {f"{it.name}.Stage": stage, f"{it.name}.Deployment": deployment}
    authorization.permit_authorizers(it, asked=False)
    authorization.usage_plan(it, stage)
    domain.rest(it, stage)


def _endpoints(given: Node | None) -> Plain:
    """`REGIONAL`, or a map of a type and the endpoints of a private API."""
    return None if given is None else changed(given, _endpoint)


def _endpoint(node: Node) -> Plain:
    if not entries(node):
        return {"Types": [node]}
    return {
        "Types": [child(node, "Type")],
        "VpcEndpointIds": child(node, "VPCEndpointIds") or child(node, "VpcEndpointIds"),
        "IpAddressType": child(node, "IpAddressType"),
    }
