"""`Fn::ForEach` of the language extensions: loops written out, each copy at the place of its body."""

from __future__ import annotations

import re
from collections.abc import Mapping as Table

from partywall.cloudformation.evaluation import Evaluation, printed, referred, word
from partywall.cloudformation.intrinsic import evaluate
from partywall.problem import Problem
from partywall.text.node import MAX_NODES, Entry, Mapping, Node, Scalar, Sequence
from partywall.value import Known, Unknown

PREFIX = "Fn::ForEach::"
MAX_RESOURCES = 500
_NAME = re.compile(r"\$\{([A-Za-z0-9]+)\}|&\{([A-Za-z0-9]+)\}")


class _TooManyError(Exception):
    """The loops make more than is read of any document."""


def unrolled(root: Mapping, scope: Evaluation) -> Mapping:
    """A template without loops.

    A loop over something unknown leaves one copy, with an unknown identifier. More copies than a document may hold
    nodes are a problem, and leave the loops unread.
    """
    loops = _Loops(scope)
    try:
        made = loops.mapping(root, {})
    except _TooManyError:
        scope.problems.append(Problem(root.span, "error", f"the loops make more than {MAX_NODES} nodes"))
        return root
    resources = made.get("Resources")
    if isinstance(resources, Mapping) and len(resources.entries) > MAX_RESOURCES:
        message = f"the loops make more than {MAX_RESOURCES} resources, which no stack can have"
        scope.problems.append(Problem(made.entries["Resources"].key, "error", message))
        kept = dict(list(resources.entries.items())[:MAX_RESOURCES])
        made.entries["Resources"] = Entry.at(
            made.entries["Resources"].key, Mapping(resources.span, kept, resources.tag)
        )
    return made


class _Loops:
    """Copies made so far, under the names of the loops they are in."""

    def __init__(self, scope: Evaluation) -> None:
        self.scope = scope
        self.nodes = 0
        self.repeated: set[str] = set()

    def copy(self, node: Node, names: Table[str, str]) -> Node:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _TooManyError
        name = referred(node) if names else None
        if name is not None and name in names:
            return Scalar(node.span, names[name])
        if isinstance(node, Sequence):
            return Sequence(node.span, [self.copy(item, names) for item in node.items], node.tag, node.anchor)
        if isinstance(node, Mapping):
            return self.mapping(node, names)
        if names and isinstance(node.value, str) and _NAME.search(node.value):
            return Scalar(node.span, _filled(node.value, names), node.tag, node.anchor)
        return node

    def mapping(self, node: Mapping, names: Table[str, str]) -> Mapping:
        found: dict[str, Entry] = {}
        for key, entry in node.entries.items():
            if key.startswith(PREFIX):
                self.loop(entry, names, found)
            else:
                found[_filled(key, names)] = Entry.at(entry.key, self.copy(entry.value, names))
        return Mapping(node.span, found, node.tag, node.anchor)

    def loop(self, entry: Entry, names: Table[str, str], found: dict[str, Entry]) -> None:
        """The entries that a loop makes, added to the map it stands in."""
        node = entry.value
        parts = node.items if isinstance(node, Sequence) else []
        identifier = word(parts[0]) if parts else None
        if len(parts) != 3 or identifier is None or not isinstance(parts[2], Mapping):
            self.scope.note(entry.key, "Fn::ForEach needs an identifier, a collection and a map")
            return
        values = self.values(self.copy(parts[1], names), identifier)
        for value in [None] if values is None else values:
            inner = names if value is None else {**names, identifier: value}
            for key, made in self.mapping(parts[2], inner).entries.items():
                if key in found and key not in self.repeated:
                    self.repeated.add(key)
                    self.scope.note(made.key, f"the loop makes {key} twice; the last one counts")
                found[key] = made

    def values(self, collection: Node, identifier: str) -> list[str] | None:
        value = evaluate(collection, self.scope)
        if isinstance(value, Known) and isinstance(value.it, tuple):
            texts = [printed(it.it) for it in value.it if isinstance(it, Known)]
            if len(texts) == len(value.it):
                return texts
        why = value.why if isinstance(value, Unknown) else "it depends on conditions"
        self.scope.names[identifier] = Unknown(f"{identifier} is not known: {why}", collection.span, value.references)
        return None


def _filled(written: str, names: Table[str, str]) -> str:
    """Text with the identifiers of loops replaced; after `&` only letters and digits of the value count."""

    def value(match: re.Match[str]) -> str:
        found = names.get(match[1] or match[2])
        if found is None:
            return match[0]
        return found if match[1] else re.sub(r"[^A-Za-z0-9]", "", found)

    return _NAME.sub(value, written) if names else written
