"""`Policies` of a SAM resource: documents, managed policies by name or ARN, and SAM's policy templates.

`data/policies.json` is derived by scripts/sam_policy_templates.py from aws-sam-translator (Apache-2.0, see NOTICE).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from partywall.cloudformation.sam.tree import (
    ABSENT,
    OPAQUE,
    Plain,
    changed,
    each,
    entries,
    is_absent,
    is_function,
    leaves,
    literal,
    sub,
)
from partywall.text.node import Node


@cache
def _vendored() -> dict[str, dict[str, Any]]:
    text = (resources.files("partywall.cloudformation.sam") / "data/policies.json").read_text("utf-8")
    data: dict[str, dict[str, Any]] = json.loads(text)
    return data


def managed(name: str) -> Plain:
    """The ARN of a managed policy of AWS by its name, in whatever partition; an ARN as it is."""
    if name.startswith("arn:"):
        return name
    paths = _vendored()["managed"]
    path = next((f"{path}/" for path, names in paths.items() if name in names), "")
    return sub(f"arn:${{AWS::Partition}}:iam::aws:policy/{path}{name}")


def document(statements: Plain, name: str) -> dict[str, Plain]:
    """An inline policy of a role."""
    return {"PolicyName": name, "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}


def inline(node: Node | None, role: str) -> Iterator[Node]:
    """The inline policies among `Policies`, also under `Fn::If`."""
    for at, one in enumerate(each(node)):
        if any(_is_document(leaf) for leaf in leaves(one)):
            name = f"{role}Policy{at}"
            yield changed(one, lambda leaf, name=name: _inline(leaf, name) if _is_document(leaf) else ABSENT)  # type: ignore[misc]


def attached(node: Node | None) -> Iterator[Node]:
    """The managed policies among `Policies`, as ARNs, also under `Fn::If`."""
    for one in each(node):
        if any(not _is_document(leaf) and not is_absent(leaf) for leaf in leaves(one)):
            yield changed(one, lambda leaf: ABSENT if _is_document(leaf) else _attached(leaf))


def _is_document(node: Node) -> bool:
    return bool(entries(node))


def _attached(node: Node) -> Plain:
    name = None if is_function(node) else literal(node)
    return node if name is None else managed(name)


def _inline(node: Node, name: str) -> Plain:
    if "Statement" in entries(node):
        return {"PolicyName": name, "PolicyDocument": node}
    statements = template(node)
    return {"PolicyName": name, "PolicyDocument": OPAQUE if statements is None else {"Statement": statements}}


def template(node: Node) -> Plain:
    """The statements of a policy template with its parameters filled in; None for what is no template we know."""
    if len(entries(node)) != 1:
        return None
    ((name, entry),) = entries(node).items()
    found = _vendored()["templates"].get(name)
    values = {key: given.value for key, given in entries(entry.value).items()}
    if found is None or not values.keys() >= set(found["parameters"]):
        return None
    return _filled(found["statements"], values)


def _filled(value: Any, values: dict[str, Node]) -> Plain:
    if isinstance(value, dict):
        if value.keys() == {"Ref"} and value["Ref"] in values:
            return values[value["Ref"]]
        return {key: _filled(one, values) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, values) for one in value]
    assert isinstance(value, str | int)
    return value


def unheard(node: Node | None) -> Iterator[Node]:
    """The maps among `Policies` that are neither documents nor templates we can fill in."""
    for one in each(node):
        for leaf in leaves(one):
            if _is_document(leaf) and "Statement" not in entries(leaf) and template(leaf) is None:
                yield leaf
