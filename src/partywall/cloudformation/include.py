"""`AWS::Include`: snippets of the project take the place of the transform; what is elsewhere leaves a map open."""

from __future__ import annotations

from collections.abc import Callable

from partywall.cloudformation.evaluation import items, word
from partywall.text.node import Entry, Mapping, Node, Sequence

Read = Callable[[Node], Node | None]
"""The snippet at a location, or None where it is not in the project."""


def included(root: Mapping, read: Read) -> Mapping:
    """A template with the snippets that are in the project; their keys join the map, whose own keys win."""
    made = _filled(root, read)
    assert isinstance(made, Mapping)
    for one in items(transform) if (transform := root.get("Transform")) is not None else ():
        made = _joined(made, _snippet(one, read))
    return made


def is_include(node: Node) -> bool:
    """Whether a transform is an include."""
    return isinstance(node, Mapping) and word(node.get("Name")) == "AWS::Include"


def _snippet(transform: Node, read: Read) -> Node | None:
    parameters = transform.get("Parameters") if isinstance(transform, Mapping) and is_include(transform) else None
    location = parameters.get("Location") if isinstance(parameters, Mapping) else None
    return read(location) if location is not None else None


def _joined(node: Mapping, snippet: Node | None) -> Mapping:
    if not isinstance(snippet, Mapping):
        return node
    entries = dict(node.entries)
    for key, entry in snippet.entries.items():
        entries.setdefault(key, entry)
    return Mapping(node.span, entries, node.tag, node.anchor)


def _filled(node: Node, read: Read) -> Node:
    if isinstance(node, Sequence):
        return Sequence(node.span, [_filled(item, read) for item in node.items], node.tag, node.anchor)
    if not isinstance(node, Mapping):
        return node
    entries = {key: Entry.at(entry.key, _filled(entry.value, read)) for key, entry in node.entries.items()}
    made = Mapping(node.span, entries, node.tag, node.anchor)
    transform = node.get("Fn::Transform")
    snippet = _snippet(transform, read) if transform is not None else None
    if snippet is None:
        return made
    del made.entries["Fn::Transform"]
    return _joined(made, snippet) if made.entries or isinstance(snippet, Mapping) else snippet
