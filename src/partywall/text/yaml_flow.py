"""YAML's flow style → positioned data: lists and maps in brackets, in one line or several."""

from __future__ import annotations

import re

from partywall.source import NOWHERE, span_of
from partywall.text.node import Entry, Mapping, Node, Repeated, Scalar, Sequence, entry_of
from partywall.text.yaml_scalar import UnusualError, typed, unescaped

MAX_KEY = 200
"""YAML refuses keys of more than 1,024 characters; those of some length are left to the events."""

_TOKEN = re.compile(
    r" *(?:"
    r"([\[\]{},])"
    r"|'((?:[^']|'')*)'"
    r'|"((?:[^"\\]|\\.)*)"'
    r"|(![A-Za-z][A-Za-z0-9_:.-]*)(?= |\Z)"
    r"|((?:[^\s\[\]{},:#&*!|>'\"%@`?-]|-(?=[^\s\[\]{},:?]))(?:[^\[\]{},:#?]|:(?=[^\s\[\]{},?])|(?<=[^ ])[#?])*)"
    r"|(:)(?= |\Z)"
    r"|(?:#.*)?\Z)"
).match
_MARK, _SINGLE, _DOUBLE, _TAG, _PLAIN, _COLON = range(1, 7)


class Flow:
    """One collection. `line` is where the last token was read, counted from 0; `size` how many nodes are in it.

    Raises UnusualError for what it does not know for certain.
    """

    def __init__(self, path: str, lines: list[str], line: int, column: int, repeated: list[Repeated]) -> None:
        """`column` is where the first bracket is; `repeated` takes the keys that do not count."""
        self.path, self.lines, self.line, self.column = path, lines, line, column
        self.text = lines[line]
        self.repeated = repeated
        self.size = 0
        self.begin, self.word = column, ""

    def root(self, depth: int) -> Node:
        """The collection, which may be so deep, with nothing but a comment behind it."""
        node = self.value(self.token(), depth)
        behind = self.text[self.column :]
        if behind.strip(" ") and not (behind[0] == " " and behind.lstrip(" ")[0] == "#"):
            raise UnusualError
        return node

    def token(self) -> int:
        """Go on to the next token; its kind."""
        while True:
            match = _TOKEN(self.text, self.column)
            if match is None:
                raise UnusualError
            kind = match.lastindex
            if kind is not None:
                self.begin, self.column = match.start(kind), match.end()
                self.word = match[kind]
                if kind in (_SINGLE, _DOUBLE):
                    self.begin -= 1
                return kind
            self.line += 1
            if self.line == len(self.lines):
                raise UnusualError
            self.text, self.column = self.lines[self.line], 0
            if self.text.startswith(("---", "...")):
                raise UnusualError

    def value(self, kind: int, depth: int, tag: str = "") -> Node:
        """What the token that was read last is or begins."""
        line, column = self.line + 1, self.begin + 1
        node: Node
        if kind == _MARK:
            if self.word not in "[{" or not depth:
                raise UnusualError
            node = self.sequence(depth - 1) if self.word == "[" else self.mapping(depth - 1)
            node.span = span_of((self.path, line, column, self.line + 1, self.column + 1))
        elif kind == _TAG and not tag:
            tag = self.word
            node = self.value(self.token(), depth, tag)
            _, _, _, end_line, end_column = node.span
            node.span = span_of((self.path, line, column, end_line, end_column))
            node.tag = tag
        else:
            node = self.scalar(kind, tag)
        return node

    def sequence(self, depth: int) -> Sequence:
        """A list that has begun, without its place."""
        items: list[Node] = []
        while (kind := self.token()) != _MARK or self.word != "]":
            items.append(self.value(kind, depth))
            if self.ends("]"):
                break
        self.size += len(items)
        return Sequence(NOWHERE, items)

    def mapping(self, depth: int) -> Mapping:
        """A map that has begun, without its place."""
        entries: dict[str, Entry] = {}
        while (kind := self.token()) != _MARK or self.word != "}":
            written = self.scalar(kind, "!")
            key, line = written.value, self.line
            if not isinstance(key, str) or key == "<<" or len(key) > MAX_KEY:
                raise UnusualError
            if kind != _PLAIN and self.text.startswith(":", self.column):
                self.column += 1
            elif self.token() != _COLON or self.line != line:
                raise UnusualError
            node = self.value(self.token(), depth)
            if key in entries:
                self.repeated.append(Repeated(key, entries.pop(key).key))
            entries[key] = entry_of((*written.span, node))
            if self.ends("}"):
                break
        self.size += len(entries)
        return Mapping(NOWHERE, entries)

    def ends(self, mark: str) -> bool:
        """Whether a collection ends behind a value, or goes on behind a comma."""
        if self.token() != _MARK or self.word not in (",", mark):
            raise UnusualError
        return self.word == mark

    def scalar(self, kind: int, tag: str) -> Scalar:
        """The token that was read last as text, or as what a plain word is without a tag."""
        line, word, end = self.line + 1, self.word, self.column
        value: str | int | bool | None
        if kind == _PLAIN:
            text = word.rstrip(" ")
            end -= len(word) - len(text)
            value = text if tag else typed(text)
        elif kind == _SINGLE:
            value = word.replace("''", "'")
        elif kind == _DOUBLE:
            value = unescaped(word)
        else:
            raise UnusualError
        return Scalar(span_of((self.path, line, self.begin + 1, line, end + 1)), value)
