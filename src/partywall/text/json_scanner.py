"""JSON → positioned data: one regular expression and a state, no recursion."""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined]

from partywall.source import Source, Span
from partywall.text.node import (
    MAX_DEPTH,
    MAX_NODES,
    Document,
    Entry,
    Mapping,
    Node,
    Repeated,
    Scalar,
    Sequence,
    TextError,
)

_TOKEN = re.compile(
    r'[ \t\r\n]*(?:([{}\[\],:])|"([^"\\\x00-\x1f]*)("?)'
    r"|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)|(true|false|null))"
).match
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_WHOLE = re.compile(r"(?:0|-?[1-9]\d{0,17})\Z").match

VALUE, KEY_OR_END, COLON, COMMA_OR_END, KEY, VALUE_OR_END = range(6)
_EXPECTED = ("a value", 'a key or "}"', '":"', '"," or the end', "a key", 'a value or "]"')


def read_json(source: Source, *, limit: int | None = MAX_NODES) -> Document:
    """The value that a JSON text spells; raises TextError with the place of what is wrong.

    `limit` is how many nodes it may have; nothing in JSON multiplies, so a text that may be of any size needs none.
    """
    scanner = _Scanner(source, limit)
    return Document(scanner.run(), tuple(scanner.repeated))


class _Scanner:
    """The collections that are open, the key that waits, and what may come next."""

    def __init__(self, source: Source, limit: int | None) -> None:
        self.source = source
        self.limit = limit
        self.open: list[tuple[Mapping | Sequence | None, tuple[str, Span] | None, int]] = []
        self.current: Mapping | Sequence | None = None
        self.key: tuple[str, Span] | None = None
        self.start = 0
        self.size = 0
        self.repeated: list[Repeated] = []

    def wrong(self, offset: int, message: str) -> TextError:
        line, column = self.source.position(min(offset, len(self.source.text)))
        return TextError(message, line, column)

    def run(self) -> Node:
        text, at, state = self.source.text, 0, VALUE
        while True:
            match = _TOKEN(text, at)
            if match is None:
                rest = len(text) - len(text[at:].lstrip())
                raise self.wrong(rest, f"expected {_EXPECTED[state]}")
            at = match.end()
            group = match.lastindex
            place = match.start(group or 0) - (1 if group in (2, 3) else 0)
            node: Node
            if group == 1:
                mark = match[1]
                if mark == ":" and state == COLON:
                    state = VALUE
                    continue
                if mark == "," and state == COMMA_OR_END:
                    state = KEY if isinstance(self.current, Mapping) else VALUE
                    continue
                if mark in "{[" and state in (VALUE, VALUE_OR_END):
                    state = self.begin(at - 1, mark)
                    continue
                closes = "}" if isinstance(self.current, Mapping) else "]"
                if mark != closes or self.current is None or state not in (KEY_OR_END, COMMA_OR_END, VALUE_OR_END):
                    raise self.wrong(at - 1, f"expected {_EXPECTED[state]}")
                node = self.current
                node.span = self.source.span(self.start, at)
                self.current, self.key, self.start = self.open.pop()
            elif group in {3, 2}:
                begin = match.start(2) - 1
                word = match[2]
                if not match[3]:
                    word, at = self.string(begin)
                if state in (KEY, KEY_OR_END):
                    self.key, state = (word, self.source.span(begin, at)), COLON
                    continue
                node = Scalar(self.source.span(begin, at), word)
            elif group == 4:
                digits = match[4]
                node = Scalar(self.source.span(place, at), int(digits) if _WHOLE(digits) else digits)
            else:
                node = Scalar(self.source.span(place, at), _CONSTANTS[match[5]])
            if group != 1 and state not in (VALUE, VALUE_OR_END):
                raise self.wrong(place, f"expected {_EXPECTED[state]}")
            state = COMMA_OR_END
            if self.current is None:
                if text[at:].strip():
                    raise self.wrong(len(text) - len(text[at:].lstrip()), "unexpected text after the document")
                return node
            self.add(node)

    def string(self, begin: int) -> tuple[str, int]:
        try:
            word, end = scanstring(self.source.text, begin + 1, True)  # noqa: FBT003 - takes no names
        except ValueError as error:
            raise self.wrong(getattr(error, "pos", begin), "a text is malformed") from error
        if "\\u" in self.source.text[begin:end]:
            # Half of a pair is no character; what else reads the text could not write it.
            word = word.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return str(word), int(end)

    def begin(self, at: int, mark: str) -> int:
        if len(self.open) >= MAX_DEPTH:
            raise self.wrong(at, f"it is nested deeper than {MAX_DEPTH} levels")
        self.open.append((self.current, self.key, self.start))
        span = self.source.span(at, at + 1)
        self.current, self.key, self.start = (Mapping(span) if mark == "{" else Sequence(span)), None, at
        return KEY_OR_END if mark == "{" else VALUE_OR_END

    def add(self, node: Node) -> None:
        self.size += 1
        if self.limit is not None and self.size > self.limit:
            raise TextError(f"the document has more than {self.limit} nodes", 1, 1)
        if isinstance(self.current, Mapping):
            assert self.key is not None
            name, span = self.key
            before = self.current.entries.pop(name, None)
            if before is not None:
                self.repeated.append(Repeated(name, before.key))
            self.current.entries[name] = Entry.at(span, node)
        elif self.current is not None:
            self.current.items.append(node)
