"""`AWS::Serverless::Function`: the function, its role, its address, its alias, and what its events make."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Table

from partywall.cloudformation.sam import api_event, schedule, trigger
from partywall.cloudformation.sam.deployment import deployment
from partywall.cloudformation.sam.event import Event, Target
from partywall.cloudformation.sam.event_source import mapping, write_payloads
from partywall.cloudformation.sam.role import Grants, allow, role_of
from partywall.cloudformation.sam.serverless import Serverless, code, inverse
from partywall.cloudformation.sam.tree import (
    Plain,
    branches,
    changed,
    child,
    either,
    entries,
    get_att,
    grow,
    is_absent,
    leaves,
    literal,
    ref,
)
from partywall.text.node import Node

_PASSED = (
    "FunctionName", "Handler", "Runtime", "Description", "MemorySize", "Timeout", "VpcConfig", "Environment",
    "KmsKeyArn", "ReservedConcurrentExecutions", "Layers", "FileSystemConfigs", "ImageConfig", "PackageType",
    "Architectures", "SnapStart", "EphemeralStorage", "CodeSigningConfigArn", "RuntimeManagementConfig",
    "LoggingConfig", "TenancyConfig", "RecursiveLoop", "DurableConfig", "FunctionScalingConfig",
    "PublishToLatestPublished",
)  # fmt: skip
EVENTS: Table[str, Callable[[Event], None]] = {
    "AlexaSkill": trigger.skill,
    "Api": api_event.rest,
    "CloudWatchEvent": schedule.rule,
    "CloudWatchLogs": trigger.log_group,
    "Cognito": trigger.user_pool,
    "DocumentDB": mapping,
    "DynamoDB": mapping,
    "EventBridgeRule": schedule.rule,
    "HttpApi": api_event.http,
    "IoTRule": trigger.iot_rule,
    "Kinesis": mapping,
    "MQ": mapping,
    "MSK": mapping,
    "S3": trigger.bucket,
    "SNS": trigger.topic,
    "SQS": mapping,
    "Schedule": schedule.rule,
    "ScheduleV2": schedule.schedule,
    "SelfManagedKafka": mapping,
}
_OFF = "Disabled"


def function(it: Serverless) -> None:
    """Expand a function."""
    grants = _basics(it)
    target = Target(it.name, it.get("AutoPublishAlias"))
    if target.alias is not None:
        _alias(it, target.alias)
        deployment(it)
    if it.get("FunctionUrlConfig") is not None:
        _url(it, target)
    if it.get("EventInvokeConfig") is not None:
        _invocations(it, target, grants)
    events(it, target, grants, EVENTS)
    tracing, dead_letters = it.get("Tracing"), it.get("DeadLetterQueue", "TargetArn")
    properties: dict[str, Plain] = {
        **it.picked(*_PASSED),
        "Code": _code(it),
        "Role": role_of(it, "lambda.amazonaws.com", grants),
        "TracingConfig": None if tracing is None else grow({"Mode": tracing}, tracing.span),
        "DeadLetterConfig": None if dead_letters is None else grow({"TargetArn": dead_letters}, dead_letters.span),
        "Tags": it.tags(),
    }
    it.become("AWS::Lambda::Function", properties)


def events(it: Serverless, target: Target, grants: Grants, kinds: Table[str, Callable[[Event], None]]) -> None:
    """What the entries of `Events` make; one of a kind that is not known is said and left out."""
    for name, entry in entries(it.get("Events")).items():
        kind = literal(child(entry.value, "Type"))
        if is_absent(entry.value):
            continue
        make = kinds.get(kind or "")
        if make is None:
            it.note(entry.key, f"an event of type {kind} is not known here; what it makes is not judged")
        else:
            make(Event(it, name, kind or "", entry.key, child(entry.value, "Properties"), target, grants))


def _basics(it: Serverless) -> Grants:
    """What every role of a function is allowed, and what tracing, a network and a dead-letter queue need."""
    grants = Grants()
    durable = it.get("DurableConfig") is not None
    grants.attach("AWSLambdaBasicDurableExecutionRolePolicy" if durable else "AWSLambdaBasicExecutionRole", it.place)
    if it.get("Tracing") is not None and it.text("Tracing") != _OFF:
        grants.attach("AWSXrayWriteOnlyAccess", it.at("Tracing"))
    if it.get("VpcConfig") is not None:
        grants.attach("AWSLambdaVPCAccessExecutionRole", it.at("VpcConfig"))
    kind, queue = it.text("DeadLetterQueue", "Type"), it.get("DeadLetterQueue", "TargetArn")
    if queue is not None:
        action = "sns:Publish" if kind == "SNS" else "sqs:SendMessage"
        grants.allow("DeadLetterQueuePolicy", it.at("DeadLetterQueue"), allow(action, queue))
    return grants


def _code(it: Serverless) -> Plain:
    inline, image, address = it.get("InlineCode"), it.get("ImageUri"), it.get("CodeUri")
    if inline is not None:
        return {"ZipFile": inline}
    if image is not None:
        return {"ImageUri": image}
    return None if address is None else changed(address, code)


def _alias(it: Serverless, alias: Node) -> None:
    """A version and an alias to it; `F.Alias` and `F.Version` name them."""
    name = it.text("AutoPublishAlias") or ""
    version, made = f"{it.name}Version", f"{it.name}Alias{name.replace('-', 'D').replace('_', 'U')}"
    at = it.at("AutoPublishAlias")
    described: dict[str, Plain] = {"FunctionName": ref(it.name), "Description": it.get("VersionDescription")}
    it.make(version, "AWS::Lambda::Version", "version", at, described)
    properties: dict[str, Plain] = {
        "Name": alias,
        "FunctionName": ref(it.name),
        "FunctionVersion": get_att(version, "Version"),
        "ProvisionedConcurrencyConfig": it.get("ProvisionedConcurrencyConfig"),
    }
    it.make(made, "AWS::Lambda::Alias", "alias", at, properties)
    it.template.names |= {f"{it.name}.Alias": made, f"{it.name}.Version": version}


def _url(it: Serverless, target: Target) -> None:
    """The address of the function; without authentication everyone is permitted to call it."""
    config, at = it.get("FunctionUrlConfig"), it.at("FunctionUrlConfig")
    mode = it.get("FunctionUrlConfig", "AuthType")
    properties: dict[str, Plain] = {
        "TargetFunctionArn": ref(it.name),
        "Qualifier": target.alias,
        "AuthType": mode,
        "Cors": it.get("FunctionUrlConfig", "Cors"),
        "InvokeMode": it.get("FunctionUrlConfig", "InvokeMode"),
    }
    parts = branches(config) if config is not None else None
    there: Plain = None
    if parts is not None and is_absent(parts[2]):
        there = {"Condition": parts[0]}
    elif parts is not None and is_absent(parts[1]):
        there = inverse(parts[0])
    it.make(f"{it.name}Url", "AWS::Lambda::Url", "address", at, properties, condition=there)
    if literal(mode) != "NONE":
        return
    public: dict[str, Plain] = {"FunctionName": target.reference, "Principal": "*"}
    spoken: dict[str, Plain] = {**public, "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": mode}
    it.make(f"{it.name}UrlPublicPermissions", "AWS::Lambda::Permission", "public permission", at, spoken)
    invoked: dict[str, Plain] = {**public, "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": True}
    it.make(f"{it.name}URLInvokeAllowPublicAccess", "AWS::Lambda::Permission", "public permission", at, invoked)


_ACTIONS = {
    "SQS": "sqs:SendMessage",
    "SNS": "sns:publish",
    "EventBridge": "events:PutEvents",
    "Lambda": "lambda:InvokeFunction",
}


def _invocations(it: Serverless, target: Target, grants: Grants) -> None:
    """Where the results of asynchronous calls go; a queue or topic that is not named is made."""
    name, at = f"{it.name}EventInvokeConfig", it.at("EventInvokeConfig")
    destinations: dict[str, Plain] = {}
    for outcome in ("OnSuccess", "OnFailure"):
        if it.get("EventInvokeConfig", "DestinationConfig", outcome) is not None:
            destinations[outcome] = {"Destination": _destination(it, outcome, name + outcome, grants)}
    properties: dict[str, Plain] = {
        "FunctionName": ref(it.name),
        "Qualifier": target.alias or "$LATEST",
        "DestinationConfig": destinations,
        "MaximumEventAgeInSeconds": it.get("EventInvokeConfig", "MaximumEventAgeInSeconds"),
        "MaximumRetryAttempts": it.get("EventInvokeConfig", "MaximumRetryAttempts"),
    }
    it.make(name, "AWS::Lambda::EventInvokeConfig", "invocation settings", at, properties)


def _destination(it: Serverless, outcome: str, name: str, grants: Grants) -> Plain:
    path = ("EventInvokeConfig", "DestinationConfig", outcome)
    kind, given, at = it.text(*path, "Type"), it.get(*path, "Destination"), it.at("EventInvokeConfig")
    made = {"SQS": "Queue", "SNS": "Topic"}.get(kind or "")
    arn: Plain = given
    if made is not None and (given is None or any(is_absent(leaf) for leaf in leaves(given))):
        own = get_att(f"{name}Queue", "Arn") if kind == "SQS" else ref(f"{name}Topic")
        condition, arn = _filled(given, own)
        it.template.names[f"{it.name}.Destination{made}"] = f"{name}{made}"
        at = given.span if given is not None else at
        it.make(f"{name}{made}", f"AWS::{kind}::{made}", f"{outcome} {made.lower()}", at, {}, condition=condition)
    if arn is None:
        return None
    node = grow(arn, at)
    if kind == "S3Bucket":
        grants.allow(f"{name}S3Policy", node.span, *write_payloads(node))
    elif kind in _ACTIONS:
        grants.allow(f"{name}{kind}Policy", node.span, allow(_ACTIONS[kind], node))
    return node


def _filled(given: Node | None, own: dict[str, Plain]) -> tuple[Plain, Plain]:
    """When a destination has to be made (a formula), and the ARN that results."""
    parts = branches(given) if given is not None else None
    if parts is None:
        return None, own
    condition, this, that = parts
    if is_absent(this):
        return {"Condition": condition}, either(condition, own, that)
    return inverse(condition), either(condition, this, own)
