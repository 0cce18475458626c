"""YAML → positioned data, built from the parser's events without recursion.

libyaml's own composer recurses, and 30,000 nested brackets end the process; events do not.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml import events

from partywall.source import Source, Span
from partywall.text.node import (
    MAX_DEPTH,
    MAX_MERGED,
    MAX_NODES,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    TextError,
    size,
)
from partywall.text.structured import PlacedText

_PLAIN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_WHOLE = re.compile(r"(?:0|-?[1-9]\d{0,17})\Z").match


def read_yaml(source: Source) -> Node:
    """The only document of a YAML text; raises TextError with the place of what is wrong."""
    builder = _Builder(source)
    try:
        parser = _parser(source.text)
        while True:
            event = parser.get_event()
            if isinstance(event, events.StreamEndEvent):
                break
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = error.problem or error.context or "the text is not YAML"
        raise TextError(message, mark.line + 1 if mark else 1, mark.column + 1 if mark else 1) from error
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        line, column = source.position(position) if isinstance(position, int) else (1, 1)
        raise TextError(
            f"a character is not allowed in YAML: {getattr(error, 'reason', error)}", line, column
        ) from error
    if builder.root is None:
        raise TextError("the file is empty", 1, 1)
    if size(builder.root) > MAX_NODES:
        raise TextError(f"the document has more than {MAX_NODES} nodes", 1, 1)
    return builder.root


def _parser(text: str) -> Any:
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        return yaml.SafeLoader(text)
    return CParser(text)


class _Builder:
    """The state of building: the collections that are open, and the key that waits for its value."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.path = source.path
        self.root: Node | None = None
        self.documents = 0
        self.merged = 0
        self.open: list[tuple[Mapping | Sequence, str | None, str | None, Span | None]] = []
        self.anchors: dict[str, Node] = {}
        self.current: Mapping | Sequence | None = None
        self.key: str | None = None
        self.key_span: Span | None = None

    def span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is events.ScalarEvent:
            self.scalar(event)
        elif kind is events.MappingStartEvent or kind is events.SequenceStartEvent:
            self.start(
                event, Mapping(self.span(event)) if kind is events.MappingStartEvent else Sequence(self.span(event))
            )
        elif kind is events.MappingEndEvent or kind is events.SequenceEndEvent:
            self.end(event)
        elif kind is events.AliasEvent:
            found = self.anchors.get(event.anchor)
            if found is None:
                raise self.wrong(event, f"the alias {event.anchor} has no anchor")
            self.add(found, event)
        elif kind is events.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                raise self.wrong(event, "the file holds several YAML documents")

    def wrong(self, event: Any, message: str) -> TextError:
        return TextError(message, event.start_mark.line + 1, event.start_mark.column + 1)

    def scalar(self, event: Any) -> None:
        text = event.value
        if isinstance(self.current, Mapping) and self.key is None:
            self.key, self.key_span = text, self.span(event)
            return
        tag = event.tag or ""
        value: str | int | bool | None = text
        if event.implicit[0] and not event.style:
            if text in _PLAIN:
                value = _PLAIN[text]
            elif text in _NULL:
                value = None
            elif _WHOLE(text):
                value = int(text)
        span = self.span(event)
        if event.style == "|" and "\n" in text:
            first = self.source.offset(span.line + 1)
            value = PlacedText.read(text, self.source, first, self.source.offset(span.end_line + 1))
        node = Scalar(span, value, "" if tag == "!" else tag)
        if event.anchor:
            self.anchors[event.anchor] = node
        self.add(node, event)

    def start(self, event: Any, node: Mapping | Sequence) -> None:
        if isinstance(self.current, Mapping) and self.key is None:
            raise self.wrong(event, "a key must be text")
        if len(self.open) >= MAX_DEPTH:
            raise self.wrong(event, f"it is nested deeper than {MAX_DEPTH} levels")
        node.tag = "" if event.tag in (None, "!") else event.tag
        if event.anchor:
            self.anchors[event.anchor] = node
        if self.current is not None:
            self.open.append((self.current, self.key, None, self.key_span))
        else:
            self.open.append((node, None, "root", None))
        self.current, self.key, self.key_span = node, None, None

    def end(self, event: Any) -> None:
        node = self.current
        assert node is not None
        outer, key, mark, key_span = self.open.pop()
        last = node.items[-1] if isinstance(node, Sequence) and node.items else None
        if isinstance(node, Mapping) and node.entries:
            last = next(reversed(node.entries.values())).value
        if last is not None and last.span.end_line >= node.span.line and event.end_mark.column == 0:
            first = node.span
            node.span = Span(first.path, first.line, first.column, last.span.end_line, last.span.end_column)
        else:
            first, stop = node.span, event.end_mark
            node.span = Span(first.path, first.line, first.column, stop.line + 1, stop.column + 1)
        if mark == "root":
            self.current, self.key = None, None
            self.root = node
        else:
            self.current, self.key, self.key_span = outer, key, key_span
            self.add(node, event)

    def add(self, node: Node, event: Any) -> None:
        current = self.current
        if current is None:
            self.root = node
        elif isinstance(current, Sequence):
            current.items.append(node)
        else:
            if self.key is None or self.key_span is None:
                raise self.wrong(event, "a key must be text")
            if self.key == "<<":
                self.merge(current, node, event)
            else:
                before = current.entries.pop(self.key, None)
                if before is not None:
                    current.repeated.append((self.key, before.key))
                current.entries[self.key] = Entry(self.key_span, node)
            self.key = None

    def merge(self, current: Mapping, node: Node, event: Any) -> None:
        """Own keys beat merged ones, earlier merges beat later ones."""
        for one in node.items if isinstance(node, Sequence) else [node]:
            if not isinstance(one, Mapping):
                raise self.wrong(event, "only maps can be merged")
            self.merged += len(one.entries)
            if self.merged > MAX_MERGED:
                raise self.wrong(event, f"more than {MAX_MERGED} keys are merged")
            for name, entry in one.entries.items():
                current.entries.setdefault(name, entry)
