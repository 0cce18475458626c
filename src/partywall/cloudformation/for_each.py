"""`Fn::ForEach` of the language extensions: loops written out, each copy at the place of its body.

A collection may hang on what the template leaves open. Then every member that it can have makes a copy, under the
condition that the collection has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Table
from typing import TypeAlias

from partywall.choice import lifted
from partywall.cloudformation.evaluation import NO_VALUE, Evaluation, is_absent, printed, referred, spelled, word
from partywall.cloudformation.intrinsic import evaluate
from partywall.problem import Problem
from partywall.source import Span
from partywall.text.node import MAX_NODES, Entry, Mapping, Node, Scalar, Sequence
from partywall.value import Choice, Known, Setting, Unknown, choices, distinct

PREFIX = "Fn::ForEach::"
MAX_RESOURCES = 500
MAX_CASES = 100_000
"""So many members, each looked for in so many lists, are told apart in one collection."""

Guard: TypeAlias = Callable[[Entry, str], Entry]
"""Puts what a loop makes under a condition."""

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
        made = Mapping(root.span, {key: loops.section(key, entry) for key, entry in root.entries.items()}, root.tag)
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

    def count(self) -> None:
        """Another node, or another turn of a loop, which may make none."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _TooManyError

    def copy(self, node: Node, names: Table[str, str]) -> Node:
        self.count()
        name = referred(node) if names else None
        if name is not None and name in names:
            return Scalar(node.span, names[name])
        if isinstance(node, Sequence):
            return Sequence(node.span, [self.copy(item, names) for item in node.items], node.tag, node.anchor)
        if isinstance(node, Mapping):
            return self.mapping(node, names, _chosen)
        if names and isinstance(node.value, str) and _NAME.search(node.value):
            return Scalar(node.span, _filled(node.value, names), node.tag, node.anchor)
        return node

    def section(self, name: str, entry: Entry) -> Entry:
        """A section of the template, in which loops make declarations or conditions."""
        if not isinstance(entry.value, Mapping):
            return entry
        return Entry.at(entry.key, self.mapping(entry.value, {}, _GUARDS.get(name, _declared)))

    def mapping(self, node: Mapping, names: Table[str, str], guard: Guard) -> Mapping:
        found: dict[str, Entry] = {}
        for key, entry in node.entries.items():
            if key.startswith(PREFIX):
                self.loop(entry, names, found, guard)
            else:
                found[_filled(key, names)] = Entry.at(entry.key, self.copy(entry.value, names))
        return Mapping(node.span, found, node.tag, node.anchor)

    def loop(self, entry: Entry, names: Table[str, str], found: dict[str, Entry], guard: Guard) -> None:
        """The entries that a loop makes, added to the map it stands in."""
        node = entry.value
        parts = node.items if isinstance(node, Sequence) else []
        identifier = word(parts[0]) if parts else None
        if len(parts) != 3 or identifier is None or not isinstance(parts[2], Mapping):
            self.scope.note(entry.key, "Fn::ForEach needs an identifier, a collection and a map")
            return
        for member, condition in self.members(self.copy(parts[1], names), identifier):
            self.count()
            inner = names if member is None else {**names, identifier: member}
            for key, made in self.mapping(parts[2], inner, guard).entries.items():
                if key in found and key not in self.repeated:
                    self.repeated.add(key)
                    self.scope.note(made.key, f"the loop makes {key} twice; the last one counts")
                found[key] = guard(made, condition) if condition else made

    def members(self, collection: Node, identifier: str) -> Iterator[tuple[str | None, str]]:
        """What a collection may have, None for a member that is not known, and the condition that it has it.

        The condition is "" for what it has in any case.
        """
        value = evaluate(collection, self.scope)
        leaves = list(_leaves(value))
        texts = dict.fromkeys(map(_text, leaves))
        unknown: Setting | None = next((it for it in leaves if _text(it) is None), None)
        open_ = next(choices(value), None) is not None
        if open_ and len(texts) * len(leaves) > MAX_CASES:
            unknown, texts = Unknown("it depends on too many conditions"), {None: None}
        if unknown is not None:
            why = f"{identifier} is not known: {unknown.why if isinstance(unknown, Unknown) else 'it is no text'}"
            self.scope.names[identifier] = Unknown(why, collection.span, unknown.references)
        for text in texts:
            has = self.has(value, text, collection.span) if open_ else Known(True)
            if isinstance(has, Choice):
                name = f"{'something unknown' if text is None else text} in {spelled(collection)}"
                self.scope.copied[name] = has
                yield text, name
            else:
                yield text, ""

    def has(self, value: Setting, text: str | None, span: Span) -> Setting:
        """Whether a collection has a member; None is one that is not known."""
        if isinstance(value, Choice):
            return lifted((value,), lambda arms: self.has(arms[0], text, span), span)
        if isinstance(value, Known) and isinstance(value.it, tuple):
            each = [self.has(it, text, span) for it in value.it]
            return self.scope.conditions.folded([Known(False), *each], span, decided=True)
        return Known(not is_absent(value) and _text(value) == text, span)


def _leaves(value: Setting) -> Iterator[Known[object] | Unknown[object]]:
    """Every member that a collection may have, once for each list that has it."""
    pending: list[Setting] = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, Choice):
            pending.extend(reversed(distinct(one)))
        elif isinstance(one, Known) and isinstance(one.it, tuple):
            pending.extend(reversed(one.it))
        elif not is_absent(one):
            yield one


def _text(value: Setting) -> str | None:
    return printed(value.it) if isinstance(value, Known) and not isinstance(value.it, dict) else None


def _declared(made: Entry, condition: str) -> Entry:
    """A declaration that exists under its own condition and another."""
    node = made.value
    if not isinstance(node, Mapping):
        return made
    own, place = node.get("Condition"), made.key
    also: Node = Scalar(place, condition)
    if own is not None:
        both = [_call("Condition", it) if word(it) is not None else it for it in (own, also)]
        also = _call("Fn::And", Sequence(place, both))
    return Entry.at(place, Mapping(node.span, {**node.entries, "Condition": Entry.at(place, also)}, node.tag))


def _chosen(made: Entry, condition: str) -> Entry:
    """An entry that is there under a condition."""
    span = made.value.span
    parts = [Scalar(span, condition), made.value, _call("Ref", Scalar(span, NO_VALUE))]
    return Entry.at(made.key, _call("Fn::If", Sequence(span, parts)))


def _always(made: Entry, _condition: str) -> Entry:
    """A condition that nothing asks for does no harm."""
    return made


_GUARDS: Table[str, Guard] = {"Conditions": _always, "Mappings": _always}


def _call(name: str, argument: Node) -> Mapping:
    return Mapping(argument.span, {name: Entry.at(argument.span, argument)})


def _filled(written: str, names: Table[str, str]) -> str:
    """Text with the identifiers of loops replaced; after `&` only letters and digits of the value count."""

    def value(match: re.Match[str]) -> str:
        found = names.get(match[1] or match[2])
        if found is None:
            return match[0]
        return found if match[1] else re.sub(r"[^A-Za-z0-9]", "", found)

    return _NAME.sub(value, written) if names else written
