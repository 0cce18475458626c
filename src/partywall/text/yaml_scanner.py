"""YAML → positioned data, line by line: the block style that people write, faster than by a parser's events.

It reads what it knows for certain and raises UnusualError for everything else: anchors, complex keys, tabs, directives,
several documents, and whatever may be an error. `yaml_events` reads all of YAML, and says what is wrong with a text.
"""

from __future__ import annotations

import re

from partywall.source import Source, span_of
from partywall.text.node import MAX_NODES, Document, Entry, Mapping, Node, Repeated, Scalar, Sequence, entry_of
from partywall.text.structured import PlacedText
from partywall.text.yaml_flow import Flow
from partywall.text.yaml_scalar import UnusualError, flowed, folded, typed, unescaped

MAX_DEPTH = 60
"""A level takes up to five calls; what is nested deeper is left to the events, which take two."""

_LINE = re.compile(
    r"^( *)((?:- +)*(?:-$)?)(?:([\w/$][^ \t\n#]{0,200})(:(?: +|$)))?([^ \n].*[^ \n]|[^ \n]|) *$", re.MULTILINE
)
"""Indentation, dashes, key, colon with its space, and the rest."""
_ODD = re.compile("[^\n\t -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]").search
"""What YAML does not allow, and what some count as the end of a line and others do not."""
_KEY = re.compile(r"""(?:"([^"\\]{0,200})"|'([^']{0,200})'|([\w/$][^:#"'\n]{0,200}?))( *:(?: +|$))""").match
"""A key in quotes, with spaces in it or before its colon."""
_TAG = re.compile(r"![A-Za-z][\w:.-]*\Z", re.ASCII).match
_HEADER = re.compile(r"([|>])([+-]?)([1-9]?)([+-]?)(?: +#.*)?\Z").match
_SINGLE = re.compile(r"'((?:[^']|'')*)'(?= *$| +#)", re.MULTILINE).match
_DOUBLE = re.compile(r'"((?:[^"\\]|\\[^\n])*)"(?= *$| +#)', re.MULTILINE).match
_MARKER = re.compile(r"^(?:---|\.\.\.)", re.MULTILINE).search
_INDICATORS = frozenset("!&*|>'\"%@`,[]{}#?:-")
_BLANK, _END, _NOWHERE = -1, -2, -3


def scan(source: Source) -> Document:
    """The only document of a YAML text; raises UnusualError."""
    text = source.text
    if _ODD(text) or text.count("\n") + text.count(",") > MAX_NODES:
        raise UnusualError  # There may be too many nodes, and the events stop at the first that is.
    scanner = _Scanner(source)
    root = scanner.document()
    if scanner.size > MAX_NODES:
        raise UnusualError
    return Document(root, tuple(scanner.repeated))


class _Scanner:
    """The lines of a text and the one that is read next; lines and columns are counted from 0 here.

    `columns` holds where each line begins to say something. What follows a dash is read as a line of its own that is
    indented further. Wherever something is read inside of a block, `around` is the column of that block, and `beside`
    the one where a list may stand in spite of it: that of the map whose value it is.
    """

    def __init__(self, source: Source) -> None:
        text = source.text
        self.source, self.path = source, source.path
        self.raw = text.split("\n")
        self.lines: list[tuple[str, str, str, str, str]] = _LINE.findall(text)
        self.columns = [
            len(indent) if key or dashes or (rest and rest[0] != "#") else _BLANK
            for indent, dashes, key, _, rest in self.lines
        ]
        self.lines.append(("", "", "", "", ""))
        self.columns.append(_END)
        self.tabs = "\t" in text
        self.tags: set[str] = set()
        self.at = 0
        self.size = 1
        self.repeated: list[Repeated] = []

    def document(self) -> Node:
        """The root, which is a map or a list, and nothing behind it."""
        if self.skip() == 0 and self.raw[self.at].rstrip(" ") == "---":
            self.at += 1
        if self.skip() != 0:
            raise UnusualError
        root = self.node(0, _BLANK, 0)
        if self.skip() != _END or isinstance(root, Scalar):
            raise UnusualError
        return root

    def skip(self) -> int:
        """Go on to the next line that says something; its column."""
        at, columns = self.at, self.columns
        while columns[at] == _BLANK:
            at += 1
        self.at = at
        return columns[at]

    def node(self, column: int, around: int, depth: int) -> Node:
        """What begins with the current line."""
        _, dashes, key, _, rest = self.lines[self.at]
        if dashes:
            return self.sequence(column, depth)
        if key or _KEY(rest):
            return self.mapping(column, depth)
        found = self.value(rest, column, around, depth, _NOWHERE)
        if found is None:
            raise UnusualError
        return found

    def mapping(self, column: int, depth: int) -> Mapping:
        """The map whose keys stand in a column."""
        if depth >= MAX_DEPTH:
            raise UnusualError
        columns, lines, path = self.columns, self.lines, self.path
        entries: dict[str, Entry] = {}
        at = self.at
        begin = at + 1
        while True:
            _, dashes, key, gap, rest = lines[at]
            if dashes:
                raise UnusualError
            if key:
                after = column + len(key)
            else:
                key, after, gap, rest = self.key(rest, column)
            line = at + 1
            self.at = at
            node = self.value(rest, after + len(gap), column, depth + 1, column) if rest else None
            if node is None:
                node = self.below(column, depth + 1, column) or self.null(line, after + len(gap.rstrip(" ")))
            if key in entries:
                self.repeated.append(Repeated(key, entries.pop(key).key))
            entries[key] = entry_of((path, line, column + 1, line, after + 1, node))
            at = self.at
            while (following := columns[at]) == _BLANK:
                at += 1
            if following != column:
                break
        if following > column:
            raise UnusualError
        self.at = at
        self.size += len(entries)
        _, _, _, end_line, end_column = node.span
        return Mapping(span_of((path, begin, column + 1, end_line, end_column)), entries)

    def key(self, text: str, column: int) -> tuple[str, int, str, str]:
        """An unusual key: what it says, the column behind it, its colon with the space, and the rest of the line."""
        match = _KEY(text)
        if match is None or self.tabs or "<<" in match[0]:
            raise UnusualError
        name = next(group for group in match.groups() if group is not None)
        return name, column + match.start(4), match[4], text[match.end() :]

    def sequence(self, column: int, depth: int) -> Sequence:
        """The list whose dashes stand in a column."""
        if depth >= MAX_DEPTH:
            raise UnusualError
        lines = self.lines
        items: list[Node] = []
        begin = self.at + 1
        while True:
            at = self.at
            _, dashes, key, gap, rest = lines[at]
            if not dashes:
                break  # The list stands beside its key, and the map goes on.
            node: Node | None = None
            further = dashes[1:].lstrip(" ")
            inner = column + len(dashes) - len(further)
            if key or further or (":" in rest and _KEY(rest)):
                lines[at] = "", further, key, gap, rest
                self.columns[at] = inner
                node = self.sequence(inner, depth + 1) if further else self.mapping(inner, depth + 1)
            elif rest:
                node = self.value(rest, inner, column, depth + 1, _NOWHERE)
            items.append(node or self.below(column, depth + 1, _NOWHERE) or self.null(at + 1, column + 1))
            if self.skip() != column:
                break
        if self.columns[self.at] > column:
            raise UnusualError
        self.size += len(items)
        _, _, _, end_line, end_column = items[-1].span
        return Sequence(span_of((self.path, begin, column + 1, end_line, end_column)), items)

    def value(self, rest: str, start: int, around: int, depth: int, beside: int, tag: str = "") -> Node | None:
        """What begins in the current line, at the column `start`; None for a comment."""
        first = rest[0]
        if first not in _INDICATORS:
            line = self.at + 1
            if not (": " in rest or " #" in rest or rest[-1] == ":" or self.tabs):
                columns, at = self.columns, line
                while (following := columns[at]) == _BLANK:
                    at += 1
                if following <= around:
                    self.at = at
                    span = span_of((self.path, line, start + 1, line, start + 1 + len(rest)))
                    return Scalar(span, rest if tag else typed(rest))
            return self.plain(rest, start, around, tag)
        if self.tabs and "\t" in rest:
            raise UnusualError
        if first in ("'", '"'):
            return self.quoted(rest, start)
        if first == "!":
            return self.tagged(rest, start, around, depth, beside)
        if first in ("[", "{"):
            return self.flow(start, depth)
        if first in ("|", ">"):
            return self.block(rest, start, around)
        if first == "#":
            return None
        if first not in "-:?" or rest[1:2] in ("", " "):
            raise UnusualError
        return self.plain(rest, start, around, tag)

    def tagged(self, rest: str, start: int, around: int, depth: int, beside: int) -> Node:
        """A tag and what has it, behind it or below."""
        tag, _, behind = rest.partition(" ")
        if tag not in self.tags:
            if not _TAG(tag):
                raise UnusualError
            self.tags.add(tag)
        line = self.at + 1
        node: Node | None = None
        if behind:
            text = behind.lstrip(" ")
            node = self.value(text, start + len(rest) - len(text), around, depth, beside, tag)
        node = node or self.below(around, depth, beside) or Scalar(self.null(line, start + len(tag)).span, "")
        if node.tag or (isinstance(node, Scalar) and not isinstance(node.value, str)):
            raise UnusualError
        _, _, _, end_line, end_column = node.span
        node.span = span_of((self.path, line, start + 1, end_line, end_column))
        node.tag = tag
        return node

    def below(self, around: int, depth: int, beside: int) -> Node | None:
        """What the next lines hold for the current one, if anything."""
        columns, at = self.columns, self.at + 1
        while (column := columns[at]) == _BLANK:
            at += 1
        self.at = at
        if column > around:
            return self.node(column, around, depth)
        if column == beside and self.lines[at][1]:
            return self.sequence(column, depth)
        return None

    def null(self, line: int, column: int) -> Scalar:
        """What nobody wrote; the line is counted from 1."""
        return Scalar(span_of((self.path, line, column + 1, line, column + 1)), None)

    def flow(self, start: int, depth: int) -> Node:
        """A collection in brackets."""
        inside = Flow(self.path, self.raw, self.at, start, self.repeated)
        node = inside.root(MAX_DEPTH - depth)
        self.at = inside.line + 1
        self.size += inside.size
        return node

    def plain(self, rest: str, start: int, around: int, tag: str) -> Scalar:
        """A scalar without quotes, which goes on in lines that are indented further, but not after a comment."""
        line = self.at + 1
        text, comment, _ = rest.partition(" #")
        text = text.rstrip(" ")
        pieces = [text]
        at, end_line, end_column = line, line, start + len(text)
        while (column := self.columns[at]) > around or column == _BLANK:
            written = self.raw[at]
            piece = written.strip(" ")
            at += 1
            if column == _BLANK:
                comment = comment or piece
            elif comment:
                raise UnusualError
            else:
                end_line, end_column = at, len(written.rstrip(" "))
            pieces.append("" if column == _BLANK else piece)
        self.at = at
        if any(": " in piece or " #" in piece or "\t" in piece or piece.endswith(":") for piece in pieces):
            raise UnusualError
        text = flowed(pieces)
        span = span_of((self.path, line, start + 1, end_line, end_column + 1))
        return Scalar(span, text if tag else typed(text))

    def quoted(self, rest: str, start: int) -> Scalar:
        """A scalar in quotes, in one line or several."""
        line, quote, text = self.at + 1, rest[0], rest[1:-1]
        if rest[-1] == quote and quote not in text and "\\" not in text and len(rest) > 1:
            self.at = line
            return Scalar(span_of((self.path, line, start + 1, line, start + 1 + len(rest))), text)
        match = (_SINGLE if quote == "'" else _DOUBLE)(self.source.text, self.source.offset(line) + start)
        if match is None:
            raise UnusualError
        first, *others = match[1].split("\n")
        if others:
            last = others.pop().lstrip(" ")
            lines = [first.rstrip(" "), *(one.strip(" ") for one in others), last]
            if not lines[0] or not last or "\t" in match[1] or _MARKER(match[1]):
                raise UnusualError
            first = flowed(lines)
        end_line, end_column = self.source.position(match.end(1))
        self.at = end_line
        text = first.replace("''", "'") if quote == "'" else unescaped(first)
        return Scalar(span_of((self.path, line, start + 1, end_line, end_column + 1)), text)

    def block(self, rest: str, start: int, around: int) -> Scalar:
        """A literal or folded scalar, which ends with its last line that is not blank."""
        header = _HEADER(rest)
        raw, line = self.raw, self.at + 1
        first = line
        while first < len(raw) and not raw[first].strip(" "):
            first += 1
        if header is None or (header[2] and header[4]) or around < 0 or first == len(raw):
            raise UnusualError
        literal, chomp = header[1] == "|", header[2] or header[4]
        indent = around + int(header[3]) if header[3] else len(raw[first]) - len(raw[first].lstrip(" "))
        if indent <= around or raw[first][indent:][:1] == "\t" or any(len(one) > indent for one in raw[line:first]):
            raise UnusualError
        pad = " " * indent
        content: list[str] = []
        kept = end = 0
        for at in range(line, len(raw)):
            written = raw[at]
            if written.startswith(pad):
                content.append(written[indent:])
                kept = len(content) if content[-1] else kept
                end = at + 1 if written.strip() else end
            elif not written.strip(" "):
                content.append("")
            elif written.lstrip(" ")[0] == "\t":
                raise UnusualError
            else:
                break
        else:  # The last line ends the text and has no end itself.
            if content.pop():
                raise UnusualError
        if not end:
            raise UnusualError
        self.at = line + len(content)
        body = content[:kept]
        text = "\n".join(body) if literal else folded(body)
        if chomp != "-":
            text += "\n" * (1 + len(content) - kept if chomp else 1)
        if literal and "\n" in text:
            text = PlacedText.read(text, self.source, self.source.offset(line + 1), self.source.offset(end + 1))
        return Scalar(span_of((self.path, line, start + 1, end, len(raw[end - 1]) + 1)), text)
