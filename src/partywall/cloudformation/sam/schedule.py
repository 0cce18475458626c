"""Events on a schedule or a pattern, for functions and state machines: rules of EventBridge and its Scheduler."""

from __future__ import annotations

from partywall.cloudformation.sam.event import Event
from partywall.cloudformation.sam.role import allow, trust
from partywall.cloudformation.sam.tree import Plain, changed, get_att, grow, literal, ref
from partywall.text.node import Node

_PASSED = ("Input", "InputPath", "InputTransformer", "RetryPolicy")


def rule(event: Event) -> None:
    """`Schedule`, `EventBridgeRule` and `CloudWatchEvent`: a rule that starts a function."""
    _rule(event, None)
    event.permit("events.amazonaws.com", get_att(event.id, "Arn"))


def rule_with_role(event: Event) -> None:
    """The same for a state machine, which a role has to start."""
    given = event.get("RoleArn")
    if given is None:
        _role(event, "events.amazonaws.com", [_start(event)])
    _rule(event, given or get_att(f"{event.id}Role", "Arn"))


def schedule(event: Event) -> None:
    """`ScheduleV2` of a function."""
    _schedule(event, allow("lambda:InvokeFunction", event.target.arn))


def machine_schedule(event: Event) -> None:
    """`ScheduleV2` of a state machine."""
    _schedule(event, _start(event))


def _start(event: Event) -> dict[str, Plain]:
    return allow("states:StartExecution", event.target.arn)


def _role(event: Event, service: str, statements: list[dict[str, Plain]]) -> None:
    properties: dict[str, Plain] = {
        "AssumeRolePolicyDocument": trust(service),
        "Policies": [
            {"PolicyName": f"{event.id}Policy{at}", "PolicyDocument": {"Statement": [statement]}}
            for at, statement in enumerate(statements)
        ],
        "PermissionsBoundary": event.get("PermissionsBoundary") or event.owner.get("PermissionsBoundary"),
    }
    event.make(f"{event.id}Role", "AWS::IAM::Role", properties, part="role")


def start_by(event: Event, service: str) -> dict[str, Plain]:
    """The ARN of a role with which a service starts the state machine."""
    _role(event, service, [_start(event)])
    return get_att(f"{event.id}Role", "Arn")


def _rule(event: Event, role: Plain) -> None:
    target: dict[str, Plain] = {
        "Arn": event.target.arn,
        "Id": event.get("Target", "Id") or f"{event.id}{'LambdaTarget' if role is None else 'StepFunctionsTarget'}",
        "RoleArn": role,
        "DeadLetterConfig": _dead_letters(event, rule_arn=get_att(event.id, "Arn")),
        **event.picked(*_PASSED),
    }
    properties: dict[str, Plain] = {
        "ScheduleExpression": event.get("Schedule"),
        "EventPattern": event.get("Pattern"),
        "Name": event.get("Name") or event.get("RuleName"),
        "State": event.get("State") or _state(event.get("Enabled")),
        "Targets": [target],
        **event.picked("Description", "EventBusName"),
    }
    event.make(event.id, "AWS::Events::Rule", properties)


def _state(enabled: Node | None) -> Plain:
    if enabled is None:
        return None
    return changed(enabled, lambda leaf: "DISABLED" if literal(leaf) == "false" else "ENABLED")


def _schedule(event: Event, start: dict[str, Plain]) -> None:
    dead_letters = _dead_letters(event, rule_arn=None)
    given = event.get("RoleArn")
    if given is None:
        statements = [start]
        if dead_letters is not None:
            statements.append(allow("sqs:SendMessage", dead_letters["Arn"]))
        _role(event, "scheduler.amazonaws.com", statements)
    target: dict[str, Plain] = {
        "Arn": event.target.arn,
        "RoleArn": given or get_att(f"{event.id}Role", "Arn"),
        "DeadLetterConfig": dead_letters,
        **event.picked("Input", "RetryPolicy"),
    }
    properties: dict[str, Plain] = {
        "FlexibleTimeWindow": event.get("FlexibleTimeWindow") or {"Mode": "OFF"},
        "Name": event.get("Name") or (None if literal(event.get("OmitName")) == "true" else event.id),
        "Target": target,
        **event.picked(
            "ScheduleExpression", "ScheduleExpressionTimezone", "State", "Description", "StartDate", "EndDate",
            "GroupName", "KmsKeyArn",
        ),
    }  # fmt: skip
    event.make(event.id, "AWS::Scheduler::Schedule", properties)


def _dead_letters(event: Event, rule_arn: Plain) -> dict[str, Plain] | None:
    """The queue for what could not be delivered: the author's, or one that is made; a rule needs a policy to write."""
    config = event.get("DeadLetterConfig")
    if config is None:
        return None
    given = event.get("DeadLetterConfig", "Arn")
    if given is not None:
        return {"Arn": given}
    queue = literal(event.get("DeadLetterConfig", "QueueLogicalId")) or f"{event.id}Queue"
    event.make(queue, "AWS::SQS::Queue", {}, part="dead-letter queue", span=config.span)
    if rule_arn is not None:
        statement: dict[str, Plain] = {
            **allow("sqs:SendMessage", get_att(queue, "Arn")),
            "Principal": {"Service": "events.amazonaws.com"},
            "Condition": {"ArnEquals": {"aws:SourceArn": grow(rule_arn, event.span)}},
        }
        document: dict[str, Plain] = {"Version": "2012-10-17", "Statement": [statement]}
        event.make(
            f"{event.id}QueuePolicy",
            "AWS::SQS::QueuePolicy",
            {"PolicyDocument": document, "Queues": [ref(queue)]},
            part="dead-letter queue's policy",
            span=config.span,
        )
    return {"Arn": get_att(queue, "Arn")}
