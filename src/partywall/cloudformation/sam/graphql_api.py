"""`AWS::Serverless::GraphQLApi`: the API of AppSync, its schema, keys, cache, domain and log."""

from __future__ import annotations

from partywall.cloudformation.sam import policy
from partywall.cloudformation.sam.role import trust
from partywall.cloudformation.sam.serverless import Serverless
from partywall.cloudformation.sam.tree import Plain, child, each, entries, get_att, grow, literal
from partywall.text.node import Node

_PASSED = (
    "Visibility", "OwnerContact", "XrayEnabled", "IntrospectionConfig", "QueryDepthLimit", "ResolverCountLimit",
)  # fmt: skip
_AUTHORIZERS = {
    "LambdaAuthorizerConfig": "LambdaAuthorizer",
    "OpenIDConnectConfig": "OpenIDConnect",
    "UserPoolConfig": "UserPool",
}


def graphql_api(it: Serverless) -> None:
    """Expand an API of AppSync; its data sources, functions and resolvers are said to be left out."""
    auth = it.get("Auth")
    providers = [_provider(one) for one in each(it.get("Auth", "Additional"))]
    properties: dict[str, Plain] = {
        "Name": it.get("Name") or it.name,
        **(_provider(auth) if auth is not None else {}),
        "AdditionalAuthenticationProviders": [grow(one, it.at("Auth")) for one in providers] or None,
        "LogConfig": _log(it),
        **it.picked(*_PASSED),
        "Tags": it.tags(),
    }
    it.become("AWS::AppSync::GraphQLApi", properties)
    api = get_att(it.name, "ApiId")
    schema: dict[str, Plain] = {
        "ApiId": api,
        "Definition": it.get("SchemaInline"),
        "DefinitionS3Location": it.get("SchemaUri"),
    }
    it.make(f"{it.name}Schema", "AWS::AppSync::GraphQLSchema", "schema", it.place, schema)
    for name, entry in entries(it.get("ApiKeys")).items():
        key: dict[str, Plain] = {
            "ApiId": api,
            "ApiKeyId": child(entry.value, "ApiKeyId"),
            "Description": child(entry.value, "Description"),
            "Expires": child(entry.value, "ExpiresOn"),
        }
        it.make(f"{it.name}{name}", "AWS::AppSync::ApiKey", f"API key {name}", entry.key, key)
    cache = entries(it.get("Cache"))
    if cache:
        settings: dict[str, Plain] = {"ApiId": api, **{name: entry.value for name, entry in cache.items()}}
        it.make(f"{it.name}ApiCache", "AWS::AppSync::ApiCache", "cache", it.at("Cache"), settings)
    for name in ("DataSources", "Functions", "Resolvers"):
        if it.get(name) is not None:
            it.note(it.at(name), f"{name} of a GraphQL API are not expanded; what they make is not judged")


def _provider(node: Node) -> dict[str, Plain]:
    configured: dict[str, Plain] = {name: child(node, key) for name, key in _AUTHORIZERS.items()}
    return {"AuthenticationType": child(node, "Type"), **configured}


def _log(it: Serverless) -> Plain:
    """Unless it is switched off there is a log, of everything where nothing else is said."""
    given = it.get("Logging")
    if literal(given) == "false":
        return None
    role: Plain = it.get("Logging", "CloudWatchLogsRoleArn")
    place = it.at("Logging")
    if role is None:
        name = f"{it.name}CloudWatchRole"
        properties: dict[str, Plain] = {
            "AssumeRolePolicyDocument": trust("appsync.amazonaws.com"),
            "ManagedPolicyArns": [policy.managed("AWSAppSyncPushToCloudWatchLogs")],
        }
        it.make(name, "AWS::IAM::Role", "log role", place, properties)
        role = get_att(name, "Arn")
    settings: dict[str, Plain] = {
        "FieldLogLevel": it.get("Logging", "FieldLogLevel") or "ALL",
        "ExcludeVerboseContent": it.get("Logging", "ExcludeVerboseContent"),
        "CloudWatchLogsRoleArn": role,
    }
    return grow(settings, place)
