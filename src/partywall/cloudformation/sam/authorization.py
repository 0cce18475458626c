"""`Auth` of an API: who may call a method."""

from __future__ import annotations

from partywall.cloudformation.sam.serverless import Made, Serverless
from partywall.cloudformation.sam.tree import OPAQUE, Plain, child, each, entries, grow, literal, ref, sub
from partywall.text.node import Node

NOBODY, IAM, KEY = "NONE", "AWS_IAM", "api_key"


def requirement(it: Serverless, own: Node | None, method: str) -> Plain:
    """The `security` of a method: its own authorizer or the API's, and an API key; None where nothing is asked for."""
    preflight = (
        method.lower() == "options" and literal(it.get("Auth", "AddDefaultAuthorizerToCorsPreflight")) == "false"
    )
    chosen = child(own, "Authorizer") or (None if preflight else it.get("Auth", "DefaultAuthorizer"))
    keyed = child(own, "ApiKeyRequired") or it.get("Auth", "ApiKeyRequired")
    asked: list[Plain] = []
    if chosen is not None:
        name = it.template.text(chosen)
        if name is None:
            return OPAQUE
        if name != NOBODY:
            scopes = child(own, "AuthorizationScopes") or it.get("Auth", "Authorizers", name, "AuthorizationScopes")
            asked.append(grow({name: scopes or []}, chosen.span))
    if keyed is not None and literal(keyed) != "false":
        asked.append(grow({KEY: []}, keyed.span))
    return asked or None


def definitions(it: Serverless) -> dict[str, Plain]:
    """The authorizers by name, as far as they tell what kind they are."""
    found: dict[str, Plain] = {}
    for name, entry in entries(it.get("Auth", "Authorizers")).items():
        pool, called = child(entry.value, "UserPoolArn"), child(entry.value, "FunctionArn")
        jwt = child(entry.value, "JwtConfiguration")
        kind = "cognito_user_pools" if pool is not None else "custom" if called is not None else "oauth2"
        found[name] = {
            "type": "oauth2" if jwt is not None else "apiKey",
            "x-amazon-apigateway-authtype": kind,
            "x-amazon-apigateway-authorizer": {"providerARNs": pool, "function": called, "jwtConfiguration": jwt},
        }
    if IAM in (literal(it.get("Auth", "DefaultAuthorizer")), literal(it.get("Auth", "EnableIamAuthorizer"))):
        found[IAM] = {"type": "apiKey", "x-amazon-apigateway-authtype": "awsSigv4"}
    return found


def is_kept(it: Serverless, asked: Node) -> bool:
    """Whether something that a method asks for is no authorizer, so that the API's comes on top."""
    return bool(entries(asked)) and not ({NOBODY, IAM, *definitions(it)} & entries(asked).keys())


def permit_authorizers(it: Serverless, *, asked: bool) -> None:
    """The permissions of the API to call the functions that authorize; for an HTTP API only when asked for."""
    for name, entry in entries(it.get("Auth", "Authorizers")).items():
        called = child(entry.value, "FunctionArn")
        wanted = literal(child(entry.value, "EnableFunctionDefaultPermissions")) == "true"
        declined = literal(child(entry.value, "DisableFunctionDefaultPermissions")) == "true"
        if called is None or (not wanted if asked else declined):
            continue
        arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/authorizers/*"
        properties: dict[str, Plain] = {
            "Action": "lambda:InvokeFunction",
            "FunctionName": called,
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": sub(arn, ApiId=ref(it.name)),
        }
        part = f"permission of authorizer {name}"
        it.make(f"{it.name}{name}AuthorizerPermission", "AWS::Lambda::Permission", part, entry.key, properties)


def usage_plan(it: Serverless, stage: str) -> None:
    """`Auth.UsagePlan`: a plan with a key, for this API or shared by all."""
    plan = it.get("Auth", "UsagePlan")
    shared = it.text("Auth", "UsagePlan", "CreateUsagePlan")
    if plan is None or shared not in ("PER_API", "SHARED"):
        return
    name = "Serverless" if shared == "SHARED" else it.name
    names = {part: f"{name}{part}" for part in ("UsagePlan", "ApiKey", "UsagePlanKey")}
    it.template.names |= {f"{it.name}.{part}": made for part, made in names.items()}
    place = [{"ApiId": ref(it.name), "Stage": ref(stage)}]
    before = it.template.made.get(names["UsagePlan"])
    settings = {key: child(plan, key) for key in ("UsagePlanName", "Description", "Quota", "Tags", "Throttle")}
    properties: dict[str, Plain] = {"ApiStages": [*_stages(before), *place], **settings}
    at = it.at("Auth")
    it.make(names["UsagePlan"], "AWS::ApiGateway::UsagePlan", "usage plan", at, properties)
    stages = [{"RestApiId": ref(it.name), "StageName": ref(stage)}]
    it.make(names["ApiKey"], "AWS::ApiGateway::ApiKey", "API key", at, {"Enabled": True, "StageKeys": stages})
    joined: dict[str, Plain] = {
        "KeyId": ref(names["ApiKey"]),
        "KeyType": "API_KEY",
        "UsagePlanId": ref(names["UsagePlan"]),
    }
    it.make(names["UsagePlanKey"], "AWS::ApiGateway::UsagePlanKey", "key of the usage plan", at, joined)


def _stages(before: Made | None) -> list[Node]:
    """The stages that a shared plan has so far."""
    listed = None if before is None else child(child(before.entry.value, "Properties"), "ApiStages")
    return list(each(listed))
