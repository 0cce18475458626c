"""YAML → positioned data, built from the parser's events without recursion.

libyaml's own composer recurses, and 30,000 nested brackets end the process; events do not.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import yaml
from yaml import events

from partywall.source import NOWHERE, Source, Span
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
    extent,
)
from partywall.text.structured import PlacedText

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}
_WHOLE = re.compile(r"(?:0|-?[1-9]\d{0,17})\Z").match
_BLOCK_STYLES = ("|", ">")
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]").search
"""What libyaml counts as the end of a line and nobody else does."""


def read_yaml(source: Source) -> Document:
    """The only document of a YAML text; raises TextError with the place of what is wrong."""
    builder = _Builder(source)
    try:
        builder.run(_parser(source.text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = builder.position(mark) if mark else (1, 1)
        raise TextError(error.problem or error.context or "the text is not YAML", line, column) from error
    except yaml.YAMLError as error:
        position = getattr(error, "position", None)
        line, column = source.position(position) if isinstance(position, int) else (1, 1)
        raise TextError(
            f"a character is not allowed in YAML: {getattr(error, 'reason', error)}", line, column
        ) from error
    if builder.root is None:
        raise TextError("the file is empty", 1, 1)
    size, depth = extent(builder.root) if builder.anchors else (builder.size, 0)
    if size > MAX_NODES:
        raise TextError(f"the document has more than {MAX_NODES} nodes", 1, 1)
    if depth > MAX_DEPTH:
        raise TextError(f"its aliases are nested deeper than {MAX_DEPTH} levels", 1, 1)
    return Document(builder.root, tuple(builder.repeated))


def _parser(text: str) -> Any:
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        return yaml.SafeLoader(text)
    return CParser(text)


class _Open(NamedTuple):
    """What waits while an inner collection is built, and what is to be known of that one at its end."""

    outer: Mapping | Sequence | None
    key: str | None
    key_span: Span | None
    anchor: str | None
    block: bool


class _Builder:
    """The state of building: the collections that are open, and the key that waits for its value."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.by_offset = _OTHER_BREAKS(source.text) is not None
        self.root: Node | None = None
        self.repeated: list[Repeated] = []
        self.anchors: dict[str, Node] = {}
        self.size = self.documents = self.merged = 0
        self.open: list[_Open] = []
        self.current: Mapping | Sequence | None = None
        self.key: str | None = None
        self.key_span: Span | None = None
        self.last = NOWHERE

    def run(self, parser: Any) -> None:
        """Take every event; scalars, three events in four, are met here and in no other method, for speed."""
        path, by_offset, get = self.source.path, self.by_offset, parser.get_event
        while True:
            event = get()
            kind = type(event)
            if kind is events.ScalarEvent:
                style, text = event.style, event.value
                if by_offset or style in _BLOCK_STYLES:
                    span = self.span(event)
                else:
                    start, end = event.start_mark, event.end_mark
                    span = Span(path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
                self.last = span
                current = self.current
                if self.key is None and type(current) is Mapping:
                    self.key, self.key_span = text, span
                    continue
                tag = event.tag
                if not style and not tag:
                    text = int(text) if _WHOLE(text) else _WORDS.get(text, text)
                elif style == "|" and "\n" in text:
                    text = self.placed(text, span)
                self.size += 1
                node = Scalar(span, text, tag if tag and tag != "!" else "")
                if event.anchor:
                    self.anchors[event.anchor] = node
                if type(current) is Sequence:
                    current.items.append(node)
                else:
                    self.add(node, event)
            elif kind is events.MappingStartEvent:
                self.start(event, Mapping(self.span(event)))
            elif kind is events.SequenceStartEvent:
                self.start(event, Sequence(self.span(event)))
            elif kind is events.MappingEndEvent or kind is events.SequenceEndEvent:
                self.close(event)
            elif kind is events.AliasEvent:
                self.alias(event)
            elif kind is events.DocumentStartEvent:
                self.documents += 1
                if self.documents > 1:
                    raise self.wrong(event, "the file holds several YAML documents")
            elif kind is events.StreamEndEvent:
                return

    def position(self, mark: Any) -> tuple[int, int]:
        """The line and column of a mark, from 1."""
        return self.source.position(mark.index) if self.by_offset else (mark.line + 1, mark.column + 1)

    def span(self, event: Any) -> Span:
        """The place of an event; a block scalar ends with its last line that is not blank."""
        end = self.position(event.end_mark)
        if event.end_mark.column == 0 and getattr(event, "style", None) in _BLOCK_STYLES:
            text, offset = self.source.text, event.end_mark.index
            while offset > event.start_mark.index and not text[text.rfind("\n", 0, offset - 1) + 1 : offset].strip():
                offset = text.rfind("\n", 0, offset - 1) + 1
            end = self.source.position(offset - 1)
        return Span(self.source.path, *self.position(event.start_mark), *end)

    def wrong(self, event: Any, message: str) -> TextError:
        return TextError(message, *self.position(event.start_mark))

    def placed(self, text: str, span: Span) -> PlacedText:
        """A literal block, which is written line by line."""
        first = self.source.offset(span.line + 1)
        return PlacedText.read(text, self.source, first, self.source.offset(span.end_line + 1))

    def start(self, event: Any, node: Mapping | Sequence) -> None:
        if self.key is None and isinstance(self.current, Mapping):
            raise self.wrong(event, "a key must be text")
        if len(self.open) >= MAX_DEPTH:
            raise self.wrong(event, f"it is nested deeper than {MAX_DEPTH} levels")
        self.size += 1
        if event.tag and event.tag != "!":
            node.tag = event.tag
        if event.anchor:
            self.anchors.pop(event.anchor, None)
        self.last = node.span
        self.open.append(_Open(self.current, self.key, self.key_span, event.anchor, event.flow_style is False))
        self.current, self.key, self.key_span = node, None, None

    def close(self, event: Any) -> None:
        """A block ends where the last thing in it does, not where the next thing begins."""
        node = self.current
        assert node is not None
        outer, key, key_span, anchor, block = self.open.pop()
        if not block:
            self.last = self.span(event)
        first, last = node.span, self.last
        node.span = self.last = Span(first[0], first[1], first[2], last[3], last[4])
        if anchor:
            self.anchors[anchor] = node
        self.current, self.key, self.key_span = outer, key, key_span
        self.add(node, event)

    def alias(self, event: Any) -> None:
        found = self.anchors.get(event.anchor)
        if found is None:
            raise self.wrong(event, f"no anchor {event.anchor} is complete before this alias")
        span = self.span(event)
        self.last = span
        self.size += 1
        self.add(aliased(found, span), event)

    def add(self, node: Node, event: Any) -> None:
        """Put a node where the builder is."""
        current = self.current
        if current is None:
            self.root = node
        elif isinstance(current, Sequence):
            current.items.append(node)
        else:
            key, span = self.key, self.key_span
            if key is None or span is None:
                raise self.wrong(event, "a key must be text")
            self.key = None
            if key == "<<":
                self.merge(current, node, event)
                return
            before = current.entries.pop(key, None)
            if before is not None and before.key[1:3] >= current.span[1:3]:  # What was merged stands elsewhere.
                self.repeated.append(Repeated(key, before.key))
            current.entries[key] = Entry(span, node)

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
