"""JSON → positioned data: a regular expression for a key, one for a value with what ends it, and no recursion."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import TypeAlias

from partywall.source import Source, span_of
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
    entry_of,
)

_Pattern: TypeAlias = Callable[[str, int], re.Match[str] | None]

_SPACE = r"[ \t\r\n]*"
_TEXT = r'"([^"\\\x00-\x1f]*)"'
_NUMBER = r"(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)"
_KEY = re.compile(rf"{_SPACE}{_TEXT}{_SPACE}:").match
_VALUE = re.compile(rf"{_SPACE}(?:{_TEXT}|{_NUMBER}|(true|false|null)|([{{\[])){_SPACE}([,}}\]]?)").match
_MARK = re.compile(rf"{_SPACE}([,}}\]]?)").match
_QUOTE = re.compile(rf'{_SPACE}("?)').match
_COLON = re.compile(rf"{_SPACE}(:?)").match
_SPACES = re.compile(rf"{_SPACE}()").match
_WORD, _DIGITS, _CONSTANT, _BRACKET, _ENDING = range(1, 6)
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_INSIDE = {"{": ("}", 'a key or "}"'), "[": ("]", 'a value or "]"')}
"""What ends a collection that is empty, and what else may come first."""
_WHOLE = re.compile(r"(?:0|-?[1-9]\d{0,17})\Z").match


def read_json(source: Source, *, limit: int | None = MAX_NODES) -> Document:
    """The value that a JSON text spells; raises TextError with the place of what is wrong.

    `limit` is how many nodes it may have; nothing in JSON multiplies, so a text that may be of any size needs none.
    """
    scanner = _Scanner(source, limit)
    return Document(scanner.run(), tuple(scanner.repeated))


class _Scanner:
    """A text, read from its begin to its end.

    `current` is the innermost collection that is open, `entries` are its own if it is a map, `name` and `place` belong
    to the key that waits in it; `around` keeps the same of the collections outside of it. Until it ends, a collection
    has the span of its bracket.
    """

    def __init__(self, source: Source, limit: int | None) -> None:
        self.source, self.text, self.path, self.limit = source, source.text, source.path, limit
        self.starts = source.starts()
        self.root: Node | None = None
        self.current: Mapping | Sequence | None = None
        self.entries: dict[str, Entry] | None = None
        self.name = ""
        self.place = (source.path, 0, 0, 0, 0)
        self.around: list[tuple[Mapping | Sequence | None, str, tuple[str, int, int, int, int]]] = []
        self.size = 0
        self.repeated: list[Repeated] = []

    def run(self) -> Node:
        """The only value; raises TextError, as all of this does."""
        text, path, starts = self.text, self.path, self.starts
        at = 0
        while self.root is None:
            if self.entries is not None:
                at = self.key(at)
            match = _VALUE(text, at)
            if match is None:
                word, begin, end = self.string(at, "a value")
                digits = constant = bracket = None
                mark, at = self.mark(end)
            else:
                word, digits, constant, bracket, mark = match.groups()
                at = match.end()
                if word is not None:
                    begin = match.start(1) - 1
                    end = begin + len(word) + 2
                else:
                    begin, end = match.span(2 if digits else 3 if constant else 4)
            line = bisect_right(starts, begin)
            before = starts[line - 1] - 1
            span = span_of((path, line, begin - before, line, end - before))
            if bracket:
                self.open(Mapping(span) if bracket == "{" else Sequence(span), begin)
                if mark:
                    closing, wanted = _INSIDE[bracket]
                    if mark != closing:
                        raise self.wrong(at - 1, f"expected {wanted}")
                    at = self.close(mark, at)
                continue
            value: str | int | bool | None = word
            if digits:
                value = int(digits) if _WHOLE(digits) else digits
            elif constant:
                value = _CONSTANTS[constant]
            self.add(Scalar(span, value), end)
            if mark != ",":
                at = self.close(mark, at)
        return self.root

    def key(self, at: int) -> int:
        """Read the next key of a map and its colon; where that ends."""
        match = _KEY(self.text, at)
        if match is not None:
            name, begin, at = match[1], match.start(1) - 1, match.end()
            end = begin + len(name) + 2
        else:
            name, begin, end = self.string(at, "a key" if self.entries else _INSIDE["{"][1])
            colon, at = self.mark(end, _COLON)
            if not colon:
                raise self.wrong(at, 'expected ":"')
        line = bisect_right(self.starts, begin)
        before = self.starts[line - 1] - 1
        self.name, self.place = name, (self.path, line, begin - before, line, end - before)
        return at

    def string(self, at: int, wanted: str) -> tuple[str, int, int]:
        """Text, escapes and all: what it says, its begin and its end."""
        quote, after = self.mark(at, _QUOTE)
        if not quote:
            raise self.wrong(after, f"expected {wanted}")
        try:
            word, end = scanstring(self.text, after, True)  # noqa: FBT003 - takes no names
        except ValueError as error:
            raise self.wrong(getattr(error, "pos", after - 1), "a text is malformed") from error
        if "\\u" in self.text[after:end]:
            # Half of a pair is no character; what else reads the text could not write it.
            word = word.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return str(word), after - 1, int(end)

    def mark(self, at: int, pattern: _Pattern = _MARK) -> tuple[str, int]:
        """The mark that comes next behind space, "" where there is none, and where it ends."""
        match = pattern(self.text, at)
        assert match is not None  # Nothing is a match, too.
        return match[1], match.end()

    def add(self, node: Node, end: int) -> None:
        """Put a value, which ends somewhere, into the innermost collection; outside of all it is the root."""
        entries, current = self.entries, self.current
        if entries is not None:
            if self.name in entries:
                self.repeated.append(Repeated(self.name, entries.pop(self.name).key))
            entries[self.name] = entry_of((*self.place, node))
        elif isinstance(current, Sequence):
            current.items.append(node)
        else:
            self.root = node
            _, behind = self.mark(end, _SPACES)
            if behind < len(self.text):
                raise self.wrong(behind, "unexpected text after the document")

    def open(self, collection: Mapping | Sequence, begin: int) -> None:
        """Begin a collection."""
        if len(self.around) >= MAX_DEPTH:
            raise self.wrong(begin, f"it is nested deeper than {MAX_DEPTH} levels")
        self.around.append((self.current, self.name, self.place))
        self.current = collection
        self.entries = collection.entries if isinstance(collection, Mapping) else None

    def close(self, mark: str, at: int) -> int:
        """End collections until a comma says that one goes on, or the document ends; where that is."""
        while mark != "," and self.root is None:
            done = self.current
            if done is None or mark != ("]" if self.entries is None else "}"):
                raise self.wrong(at - len(mark), 'expected "," or the end')
            line = bisect_right(self.starts, at - 1)
            done.span = span_of((*done.span[:3], line, at - self.starts[line - 1] + 1))
            self.size += len(done.items if isinstance(done, Sequence) else done.entries)
            if self.limit is not None and self.size > self.limit:
                raise TextError(f"the document has more than {self.limit} nodes", 1, 1)
            self.current, self.name, self.place = self.around.pop()
            self.entries = self.current.entries if isinstance(self.current, Mapping) else None
            self.add(done, at)
            mark, at = self.mark(at)
        return at

    def wrong(self, offset: int, message: str) -> TextError:
        line, column = self.source.position(min(offset, len(self.text)))
        return TextError(message, line, column)
