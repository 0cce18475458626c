"""The role that SAM makes where the author gives none."""

from __future__ import annotations

from dataclasses import dataclass, field

from partywall.cloudformation.sam import policy
from partywall.cloudformation.sam.serverless import Serverless, inverse
from partywall.cloudformation.sam.tree import Plain, branches, either, get_att, grow, is_absent
from partywall.source import Span
from partywall.text.node import Node


@dataclass
class Grants:
    """What a role may do besides the author's `Policies`, each thing at the place that asks for it."""

    managed: list[Node] = field(default_factory=list)
    documents: list[Node] = field(default_factory=list)

    def attach(self, name: str, span: Span) -> None:
        """A managed policy of AWS by its name."""
        self.managed.append(grow(policy.managed(name), span))

    def allow(self, name: str, span: Span, *statements: dict[str, Plain]) -> None:
        """An inline policy of some statements."""
        self.documents.append(grow(policy.document(list(statements), name), span))


def allow(actions: str | list[str], resource: Plain) -> dict[str, Plain]:
    """A statement that allows actions on a resource."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def trust(service: str) -> dict[str, Plain]:
    """The trust policy for a service of AWS."""
    statement: dict[str, Plain] = {"Effect": "Allow", "Principal": {"Service": [service]}, "Action": ["sts:AssumeRole"]}
    return {"Version": "2012-10-17", "Statement": [statement]}


def role_of(it: Serverless, service: str, grants: Grants) -> Plain:
    """The ARN of the role of a resource: the author's, or one that is made, or either by a condition."""
    given = it.get("Role")
    if given is None:
        return _made(it, service, grants, None)
    parts = branches(given)
    if parts is None or not (is_absent(parts[1]) or is_absent(parts[2])):
        return given
    condition, this, that = parts
    if is_absent(this):
        return either(condition, _made(it, service, grants, {"Condition": condition}), that)
    return either(condition, this, _made(it, service, grants, inverse(condition)))


def _made(it: Serverless, service: str, grants: Grants, condition: Plain) -> Plain:
    name = f"{it.name}Role"
    given = it.get("Policies")
    for one in policy.unheard(given):
        it.note(one.span, "this is neither a policy document nor a policy template of SAM that is known here")
    properties: dict[str, Plain] = {
        "AssumeRolePolicyDocument": it.get("AssumeRolePolicyDocument") or trust(service),
        "ManagedPolicyArns": [*grants.managed, *policy.attached(given)],
        "Policies": [*grants.documents, *policy.inline(given, name)],
        "Path": it.get("RolePath"),
        "PermissionsBoundary": it.get("PermissionsBoundary"),
        "Tags": it.tags(),
    }
    it.make(name, "AWS::IAM::Role", "role", it.at("Policies"), properties, condition=condition)
    return get_att(name, "Arn")
