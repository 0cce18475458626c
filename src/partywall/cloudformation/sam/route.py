"""A route of an API."""

from __future__ import annotations

import re

from partywall.cloudformation.sam.tree import Plain
from partywall.immutable import immutable
from partywall.source import Span
from partywall.text.node import Node

ANY = "x-amazon-apigateway-any-method"
_PARAMETER = re.compile(r"\{[a-zA-Z0-9._-]+\+?\}")


@immutable()
class Route:
    """A method of an API that a function or a state machine answers."""

    path: str
    method: str
    span: Span
    integration: Plain
    auth: Node | None
    condition: Node | None
    owner: str


def normal(method: str) -> str:
    """A method as a definition has it."""
    return ANY if method.lower() in ("any", "*", ANY) else method.lower()


def in_arn(method: str, path: str) -> str:
    """Method and path as ARNs of API Gateway have them: no slash at the end, any value for a parameter."""
    verb = "*" if normal(method) == ANY else method.upper()
    return verb + _PARAMETER.sub("*", path[:-1] if path.endswith("/") and len(path) > 1 else path)
