"""YAML → positioned data, built from the parser's events without recursion.

libyaml's own composer recurses, and 30,000 nested brackets end the process; events do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml import events

from partywall.immutable import immutable
from partywall.source import Source, Span, span_of
from partywall.text.node import (
    MAX_DEPTH,
    MAX_MERGED,
    MAX_NODES,
    Document,
    Entry,
    Mapping,
    Node,
    Repeated,
    Scalar,
    Sequence,
    TextError,
    aliased,
    entry_of,
    extent,
)
from partywall.text.structured import PlacedText
from partywall.text.yaml_scalar import typed

_BLOCK_STYLES = ("|", ">")
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]").search
"""What libyaml counts as the end of a line and nobody else does."""


def read_events(source: Source) -> Document:
    """The only document of a YAML text; raises TextError with the place of what is wrong."""
    builder = _Builder(source)
    try:
        root = builder.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = source.position(mark.index) if mark else (1, 1)
        raise TextError(error.problem or error.context or "the text is not YAML", line, column) from error
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        line, column = source.position(position) if isinstance(position, int) else (1, 1)
        raise TextError(
            f"a character is not allowed in YAML: {getattr(error, 'reason', error)}", line, column
        ) from error
    if root is None:
        raise TextError("the file is empty", 1, 1)
    if builder.anchors:
        size, depth = extent(root)
        _bound(size)
        if depth > MAX_DEPTH:
            raise TextError(f"its aliases are nested deeper than {MAX_DEPTH} levels", 1, 1)
    return Document(root, tuple(builder.repeated))


def _bound(nodes: int) -> None:
    if nodes > MAX_NODES:
        raise TextError(f"the document has more than {MAX_NODES} nodes", 1, 1)


@immutable(eq=False, guarded=False)
class _Mark:
    """A place as the parser gives it, counted from 0."""

    index: int
    line: int
    column: int


def _events(source: Source) -> Callable[[], Any]:
    """What gives the next event, at lines that everybody would count so."""
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        parser: Any = yaml.SafeLoader(source.text)
    else:
        parser = CParser(source.text)
    get: Callable[[], Any] = parser.get_event
    if _OTHER_BREAKS(source.text) is None:
        return get

    def mark(found: Any) -> _Mark:
        line, column = source.position(found.index)
        return _Mark(found.index, line - 1, column - 1)

    def event() -> Any:
        found = get()
        found.start_mark, found.end_mark = mark(found.start_mark), mark(found.end_mark)
        return found

    return event


class _Builder:
    """What is found out about a document while it is built: a call for each collection, MAX_DEPTH of them at most."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.path = source.path
        self.next = _events(source)
        self.repeated: list[Repeated] = []
        self.anchors: dict[str, Node] = {}
        self.size = 0
        self.merged = 0

    def document(self) -> Node | None:
        """The root of the only document; None where there is none."""
        self.next()  # The stream begins.
        if type(self.next()) is events.StreamEndEvent:
            return None
        root = self.node(self.next(), 0)
        self.next()  # The document ends.
        event = self.next()
        if type(event) is not events.StreamEndEvent:
            raise self.wrong(event, "the file holds several YAML documents")
        return root

    def node(self, event: Any, depth: int) -> Node:
        """What an event is or begins, inside of so many collections."""
        self.size += 1
        _bound(self.size)
        kind = type(event)
        node: Node
        if kind is events.ScalarEvent:
            node = self.scalar(event)
        elif kind is events.AliasEvent:
            return self.alias(event)
        else:
            if depth >= MAX_DEPTH:
                raise self.wrong(event, f"it is nested deeper than {MAX_DEPTH} levels")
            if event.anchor:  # Until it is complete again, nothing has this name.
                self.anchors.pop(event.anchor, None)
            fill = self.mapping if kind is events.MappingStartEvent else self.sequence
            node = fill(event, depth + 1)
        tag = event.tag
        if tag and tag != "!":
            node.tag = tag
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def scalar(self, event: Any) -> Scalar:
        """Text, or what it is by YAML's core schema where it is plain and has no tag."""
        style, text = event.style, event.value
        if style not in _BLOCK_STYLES:
            if not style and not event.tag:
                text = typed(text)
            return Scalar(self.span(event), text)
        span = self.block(event)
        return Scalar(span, self.placed(text, span) if style == "|" and "\n" in text else text)

    def mapping(self, start: Any, depth: int) -> Mapping:
        """A map that has begun."""
        path, following, entries = self.path, self.next, dict[str, Entry]()
        begin = last = self.span(start)
        while type(event := following()) is not events.MappingEndEvent:
            if type(event) is not events.ScalarEvent:
                raise self.wrong(event, "a key must be text")
            key: str = event.value
            at: Any = event.start_mark
            to: Any = event.end_mark
            node = self.node(following(), depth)
            last = node.span
            if key == "<<":
                self.merge(entries, node)
                continue
            if key in entries:
                before = entries.pop(key).key
                if before[1:3] >= begin[1:3]:  # What was merged stands elsewhere.
                    self.repeated.append(Repeated(key, before))
            entries[key] = entry_of((path, at.line + 1, at.column + 1, to.line + 1, to.column + 1, node))
        return Mapping(self.whole(start, last, event), entries)

    def sequence(self, start: Any, depth: int) -> Sequence:
        """A list that has begun."""
        following, items = self.next, list[Node]()
        while type(event := following()) is not events.SequenceEndEvent:
            items.append(self.node(event, depth))
        return Sequence(self.whole(start, items[-1].span if items else self.span(start), event), items)

    def alias(self, event: Any) -> Node:
        found = self.anchors.get(event.anchor)
        if found is None:
            raise self.wrong(event, f"no anchor {event.anchor} is complete before this alias")
        return aliased(found, self.span(event))

    def merge(self, entries: dict[str, Entry], node: Node) -> None:
        """Own keys beat merged ones, earlier merges beat later ones."""
        for one in node.items if isinstance(node, Sequence) else [node]:
            if not isinstance(one, Mapping):
                raise TextError("only maps can be merged", *node.span[1:3])
            self.merged += len(one.entries)
            if self.merged > MAX_MERGED:
                raise TextError(f"more than {MAX_MERGED} keys are merged", *node.span[1:3])
            for name, entry in one.entries.items():
                entries.setdefault(name, entry)

    def span(self, event: Any) -> Span:
        """The place of an event."""
        start, end = event.start_mark, event.end_mark
        return span_of((self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1))

    def block(self, event: Any) -> Span:
        """The place of a block scalar, which ends with its last line that is not blank."""
        start, end = event.start_mark, event.end_mark
        if end.column:
            return self.span(event)
        text, offset = self.source.text, end.index
        while offset > start.index and not text[text.rfind("\n", 0, offset - 1) + 1 : offset].strip():
            offset = text.rfind("\n", 0, offset - 1) + 1
        return Span(self.path, start.line + 1, start.column + 1, *self.source.position(offset - 1))

    def whole(self, start: Any, last: Span, end: Any) -> Span:
        """The place of a collection; a block ends where the last thing in it does, not where the next thing begins."""
        begin, mark = start.start_mark, end.end_mark
        _, _, _, line, column = last
        if start.flow_style is not False:
            line, column = mark.line + 1, mark.column + 1
        return span_of((self.path, begin.line + 1, begin.column + 1, line, column))

    def placed(self, text: str, span: Span) -> PlacedText:
        """A literal block, which is written line by line."""
        first = self.source.offset(span.line + 1)
        return PlacedText.read(text, self.source, first, self.source.offset(span.end_line + 1))

    def wrong(self, event: Any, message: str) -> TextError:
        mark = event.start_mark
        return TextError(message, mark.line + 1, mark.column + 1)
