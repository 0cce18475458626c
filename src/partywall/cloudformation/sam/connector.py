"""`AWS::Serverless::Connector` and `Connectors` of a resource: a policy between two resources.

Which statements a connector writes depends on the two types and is AWS's to change, so its policies are there, but
what they say is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from partywall.cloudformation.sam.serverless import Serverless
from partywall.cloudformation.sam.tree import Plain, child, each, get_att, literal, ref
from partywall.source import Span
from partywall.text.node import Node

_WITH_ROLE = ("AWS::Serverless::Function", "AWS::Serverless::StateMachine")
_CALLED = {
    "AWS::SNS::Topic": ("TopicPolicy", "AWS::SNS::TopicPolicy"),
    "AWS::SQS::Queue": ("QueuePolicy", "AWS::SQS::QueuePolicy"),
    "AWS::Lambda::Function": ("WriteLambdaPermission", "AWS::Lambda::Permission"),
    "AWS::Serverless::Function": ("WriteLambdaPermission", "AWS::Lambda::Permission"),
}
_PUSHING = (
    "AWS::SNS::Topic",
    "AWS::S3::Bucket",
    "AWS::Events::Rule",
    "AWS::Serverless::Api",
    "AWS::ApiGateway::RestApi",
)
"""Sources that act by a policy of what they call; all others act by the role they have."""


def connector(it: Serverless) -> None:
    """Expand a connector that is a resource of its own."""
    _connect(it, it.name, it.get("Source"), list(each(it.get("Destination"))), it.place)


def embedded(it: Serverless, name: str, properties: Node | None, span: Span) -> None:
    """Expand one entry of `Connectors`, whose source is the resource it stands in."""
    _connect(it, f"{it.name}{name}", None, list(each(child(properties, "Destination"))), span)


def _connect(it: Serverless, name: str, source: Node | None, destinations: Sequence[Node], span: Span) -> None:
    start = it.name if source is None else literal(child(source, "Id")) or ""
    kind = it.template.kind(start) or literal(child(source, "Type")) or ""
    for at, destination in enumerate(destinations):
        number = f"Destination{at}" if len(destinations) > 1 else ""
        end = literal(child(destination, "Id")) or ""
        called = _CALLED.get(it.template.kind(end) or literal(child(destination, "Type")) or "")
        unknown = f"the connector {name} writes it"
        if kind in _PUSHING and called is not None:
            suffix, made = called
            key = {"TopicPolicy": "Topics", "QueuePolicy": "Queues"}.get(suffix)
            named: dict[str, Plain] = {key: [ref(end)]} if key else {"FunctionName": get_att(end, "Arn")}
            it.make(f"{name}{suffix}{number}", made, "policy", span, named if end else {}, unknown=unknown)
        else:
            roles: dict[str, Plain] = {"Roles": [ref(f"{start}Role")]} if kind in _WITH_ROLE else {}
            it.make(f"{name}Policy{number}", "AWS::IAM::ManagedPolicy", "policy", span, roles, unknown=unknown)
