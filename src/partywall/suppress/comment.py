"""Marks in comments: ours on a line, above a block or for a file, and other tools' inside a resource."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from partywall.declared import Declared
from partywall.immutable import immutable
from partywall.problem import Problem
from partywall.source import Source, Span
from partywall.suppress.mark import Mark, all_of, lines_of, reason_and_end
from partywall.suppress.names import Names
from partywall.suppress.stretches import Stretches

OWN = re.compile(r"(?:#|//)\s*partywall:\s*ignore(-file)?\[([^\]]*)\]\s*(.*)")
PEERS = (
    ("checkov", re.compile(r"(?:#|//)\s*checkov:skip=([\w,]+):?\s*(.*)")),
    ("trivy", re.compile(r"(?:#|//)\s*(?:trivy|tfsec):ignore:([\w*-]+)(?::exp:(?P<end>[\d-]+))?\s*(.*)")),
)
_HINTS = ("partywall", "skip=", ":ignore:")


@immutable()
class _Place:
    """A declaration in a file: its header line, its last line, its addresses."""

    header: int
    last: int
    owners: frozenset[str]


MAX_MARKS = 2_000
"""So many marks count in one file, so that no file takes long."""
MAX_BLOCK = 1_000


class Places:
    """Where declarations stand, by file; what a transform made of one stands in it."""

    def __init__(self, resources: Sequence[Declared]) -> None:
        found: dict[str, dict[tuple[int, int], set[str]]] = defaultdict(lambda: defaultdict(set))
        for declared in (it for it in resources if not it.part):
            extent = declared.extent if declared.extent.line else declared.span
            found[extent.path][declared.span.line, extent.end_line].add(declared.address)
        by_path = {
            path: [_Place(header, last, frozenset(owners)) for (header, last), owners in places.items()]
            for path, places in found.items()
        }
        self._headers = {(path, it.header): it for path, them in by_path.items() for it in reversed(them)}
        self._by_path = by_path
        self._around: dict[str, Stretches[int, _Place]] = {}

    def at(self, path: str, line: int) -> _Place | None:
        """The declaration whose header stands on a line."""
        return self._headers.get((path, line))

    def around(self, path: str, line: int) -> _Place | None:
        """The innermost declaration that holds a line."""
        if path not in self._around:
            places = self._by_path.get(path, ())
            self._around[path] = Stretches((it.header, it.last + 1, it) for it in places)
        return max(self._around[path].at(line), key=lambda it: it.header, default=None)


def marks(text: Source, places: Places, names: Names, problems: list[Problem]) -> Iterator[Mark]:
    """Every mark in the comments of a file."""
    if not any(hint in text.text for hint in _HINTS):
        return
    lines = text.text.split("\n")
    code = _next_code(lines)
    blocks = _Blocks(lines)
    count = 0
    for number, line in enumerate(lines, 1):
        own = OWN.search(line) if "partywall" in line else None
        matches = [] if own is not None or ":" not in line else [(peer, it.search(line)) for peer, it in PEERS]
        found = [(peer, match) for peer, match in matches if match is not None]
        count += bool(own) + len(found)
        if count > MAX_MARKS:
            message = f"the file has more than {MAX_MARKS} marks that accept gaps; those from here on do not count"
            problems.append(Problem(Span(text.path, number, 1, number, 1), "error", message))
            return
        if own is not None:
            yield _own(own, text, blocks, (number, code[number]), places, names, problems)
        for peer, match in found:
            yield _of_peer(peer, match, text, (number, code[number]), places, names)


def _own(
    match: re.Match[str],
    text: Source,
    blocks: _Blocks,
    numbers: tuple[int, int],
    places: Places,
    names: Names,
    problems: list[Problem],
) -> Mark:
    """`numbers` are those of the line and of the next one with code."""
    number, following = numbers
    lines = blocks.lines
    words = tuple(word.strip() for word in match[2].split(",") if word.strip())
    span = Span(text.path, number, match.start() + 1, number, len(lines[number - 1]) + 1)
    ids, unknown = names.ours(words)
    problems += [Problem(span, "note", f"no rule is called {word!r}") for word in unknown]
    if not words:
        problems.append(Problem(span, "note", "this ignore names no rule and accepts nothing"))
    reason, until = reason_and_end(match[3])
    if match[1]:
        return Mark(ids, reason, span, all_of(text.path), until=until, words=words)
    if lines[number - 1][: match.start()].strip():
        return Mark(ids, reason, span, lines_of(text.path, number, number), until=until, words=words)
    place = places.at(text.path, following)
    if place is not None:
        return Mark(ids, reason, span, lines_of(text.path, following, place.last), place.owners, until, words=words)
    return Mark(ids, reason, span, lines_of(text.path, following, blocks.end(following)), until=until, words=words)


def _of_peer(
    peer: str,
    match: re.Match[str],
    text: Source,
    numbers: tuple[int, int],
    places: Places,
    names: Names,
) -> Mark:
    """Other tools mean the whole resource, from inside it or from the line above."""
    number, following = numbers
    words = tuple(word.strip() for word in match[1].split(",") if word.strip())
    span = Span(text.path, number, match.start() + 1, number, len(match.string) + 1)
    place = places.around(text.path, number) or places.at(text.path, following)
    first, last = (place.header, place.last) if place is not None else (number, following)
    holds = lines_of(text.path, first, last)
    owners = place.owners if place is not None else frozenset[str]()
    until = _day(match.groupdict().get("end"))
    reason = match[match.lastindex or 0].strip() if match.lastindex else ""
    found = names.theirs(peer, words)
    return Mark(found, reason or f"accepted for {peer}", span, holds, owners, until, peer, words)


def _day(text: str | None) -> datetime.date | None:
    """A last day; one that cannot be read has passed."""
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return datetime.date.min


def _next_code(lines: Sequence[str]) -> list[int]:
    """For the number of each line, that of the first line after it that holds more than a comment."""
    found = [len(lines) + 1] * (len(lines) + 1)
    for number in range(len(lines) - 1, 0, -1):
        line = lines[number].strip()
        found[number] = number + 1 if line and not line.startswith(("#", "//")) else found[number + 1]
    return found


class _Blocks:
    """Where what begins at a line ends; every line is looked at once, and every block."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self._depths: dict[int, int] = {}
        self._ends: dict[int, int] = {}

    def end(self, first: int) -> int:
        """The last line of what begins at a line: up to the closing bracket, or as deep as it is indented."""
        if first not in self._ends:
            self._ends[first] = self._found(first)
        return self._ends[first]

    def _found(self, first: int) -> int:
        lines = self.lines
        if first > len(lines):
            return first
        end = min(len(lines), first + MAX_BLOCK)
        depth = self._depth(first)
        last = first
        if depth > 0:
            while depth > 0 and last < end:
                last += 1
                depth += self._depth(last)
            return last
        indent = _indent(lines[first - 1])
        while last < end and lines[last].strip() and _indent(lines[last]) > indent:
            last += 1
        return last

    def _depth(self, number: int) -> int:
        """How many more brackets a line opens than it closes."""
        found = self._depths.get(number)
        if found is None:
            line = self.lines[number - 1]
            found = sum(line.count(mark) for mark in "{[(") - sum(line.count(mark) for mark in "}])")
            self._depths[number] = found
        return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
