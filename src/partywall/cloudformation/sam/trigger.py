"""Events in which another service starts the function: permissions, and what makes that service do it."""

from __future__ import annotations

from partywall.cloudformation.evaluation import referred
from partywall.cloudformation.sam.event import Event
from partywall.cloudformation.sam.event_source import mapping
from partywall.cloudformation.sam.role import allow
from partywall.cloudformation.sam.tree import (
    ABSENT,
    Plain,
    child,
    each,
    either,
    get_att,
    grow,
    is_function,
    literal,
    ref,
    sub,
)
from partywall.text.node import Node


def bucket(event: Event) -> None:
    """`S3`: the bucket, which must be of the same template, notifies the function."""
    event.permit("s3.amazonaws.com", account=ref("AWS::AccountId"))
    given = event.get("Bucket")
    name = None if given is None else referred(given)
    if name is None or event.owner.template.kind(name) != "AWS::S3::Bucket":
        event.owner.note(event.span, "an event of S3 needs a Ref to a bucket of this template")
        return
    notified: list[Plain] = []
    for one in each(event.get("Events")):
        to: dict[str, Plain] = {"Event": one, "Function": event.target.arn, "Filter": event.get("Filter")}
        condition = event.owner.condition
        notified.append(to if condition is None else either(condition, to, ABSENT))
    event.owner.template.add(name, {"NotificationConfiguration": {"LambdaConfigurations": notified}}, event.span)


def user_pool(event: Event) -> None:
    """`Cognito`: a user pool of the same template calls the function."""
    given = event.get("UserPool")
    name = None if given is None else referred(given)
    if name is None or event.owner.template.kind(name) != "AWS::Cognito::UserPool":
        event.owner.note(event.span, "an event of Cognito needs a Ref to a user pool of this template")
        return
    permission = f"{event.owner.name}CognitoPermission"
    event.permit("cognito-idp.amazonaws.com", get_att(name, "Arn"), name=permission)
    triggers = [literal(one) for one in each(event.get("Trigger"))]
    calls = {trigger: event.target.arn for trigger in triggers if trigger is not None}
    event.owner.template.add(name, {"LambdaConfig": calls}, event.span)


def topic(event: Event) -> None:
    """`SNS`: a subscription of the function, or of a queue between it and the topic."""
    source = event.get("Topic")
    between = event.get("SqsSubscription")
    if between is None or literal(between) == "false":
        event.permit("sns.amazonaws.com", source)
        _subscription(event, "lambda", event.target.arn)
        return
    arn, url = event.get("SqsSubscription", "QueueArn"), event.get("SqsSubscription", "QueueUrl")
    policy = literal(event.get("SqsSubscription", "QueuePolicyLogicalId")) or f"{event.id}QueuePolicy"
    if arn is None or is_function(between):
        queue = f"{event.id}Queue"
        event.make(queue, "AWS::SQS::Queue", {"FifoQueue": _is_fifo(event)}, part="queue", span=between.span)
        arn, url = grow(get_att(queue, "Arn"), between.span), grow(ref(queue), between.span)
    statement: dict[str, Plain] = {
        **allow("sqs:SendMessage", arn),
        "Principal": "*",
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    properties: dict[str, Plain] = {
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "Queues": [url] if url is not None else None,
    }
    event.make(policy, "AWS::SQS::QueuePolicy", properties, part="queue policy", span=between.span)
    _subscription(event, "sqs", arn)
    size: dict[str, Plain] = {"BatchSize": event.get("SqsSubscription", "BatchSize") or 10}
    fetch = Event(
        event.owner,
        f"{event.name}EventSourceMapping",
        "SQS",
        event.span,
        grow({"Queue": arn, "Enabled": True, **size}, between.span),
        event.target,
        event.grants,
    )
    mapping(fetch)


def _subscription(event: Event, protocol: str, endpoint: Plain) -> None:
    properties: dict[str, Plain] = {
        "Protocol": protocol,
        "Endpoint": endpoint,
        "TopicArn": event.get("Topic"),
        **event.picked("Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"),
    }
    event.make(event.id, "AWS::SNS::Subscription", properties)


def _is_fifo(event: Event) -> Node | None:
    source = event.get("Topic")
    entry = event.owner.template.resources.get(referred(source) or "") if source is not None else None
    return None if entry is None else child(child(entry.value, "Properties"), "FifoTopic")


def log_group(event: Event) -> None:
    """`CloudWatchLogs`: a subscription filter."""
    group = event.get("LogGroupName")
    arn = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${LogGroupName}:*"
    event.permit("logs.amazonaws.com", sub(arn, LogGroupName=group))
    properties: dict[str, Plain] = {
        "DestinationArn": event.target.arn,
        **event.picked("LogGroupName", "FilterPattern"),
    }
    event.make(event.id, "AWS::Logs::SubscriptionFilter", properties)


def iot_rule(event: Event) -> None:
    """`IoTRule`."""
    arn = "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${RuleName}"
    event.permit("iot.amazonaws.com", sub(arn, RuleName=ref(event.id)), account=ref("AWS::AccountId"))
    payload: dict[str, Plain] = {
        "Sql": event.get("Sql"),
        "AwsIotSqlVersion": event.get("AwsIotSqlVersion"),
        "RuleDisabled": False,
        "Actions": [{"Lambda": {"FunctionArn": event.target.arn}}],
    }
    event.make(event.id, "AWS::IoT::TopicRule", {"TopicRulePayload": payload})


def skill(event: Event) -> None:
    """`AlexaSkill`: only a permission; with `SkillId` for that skill alone."""
    event.permit("alexa-appkit.amazon.com", token=event.get("SkillId"))
