"""Marks in comments: ours on a line, above a block or for a file, and other tools' inside a resource."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from partywall.declared import Declared
from partywall.problem import Problem
from partywall.rule import Rule
from partywall.source import Source, Span
from partywall.suppress.mark import WHOLE_FILE, Mark, ours, reason_and_end, theirs

OWN = re.compile(r"(?:#|//)\s*partywall:\s*ignore(-file)?\[([^\]]*)\]\s*(.*)")
PEERS = (
    ("checkov", re.compile(r"(?:#|//)\s*checkov:skip=([\w,]+):?\s*(.*)")),
    ("trivy", re.compile(r"(?:#|//)\s*(?:trivy|tfsec):ignore:([\w*-]+)(?::exp:(?P<end>[\d-]+))?\s*(.*)")),
)
_HINTS = ("partywall", "skip=", ":ignore:")


@dataclass(frozen=True, slots=True)
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
        self._by_path = {
            path: [_Place(header, last, frozenset(owners)) for (header, last), owners in places.items()]
            for path, places in found.items()
        }
        self._headers = {(path, it.header): it for path, them in self._by_path.items() for it in reversed(them)}

    def at(self, path: str, line: int) -> _Place | None:
        """The declaration whose header stands on a line."""
        return self._headers.get((path, line))

    def around(self, path: str, line: int) -> _Place | None:
        """The innermost declaration that holds a line."""
        holding = [it for it in self._by_path.get(path, ()) if it.header <= line <= it.last]
        return max(holding, key=lambda it: it.header, default=None)


def marks(text: Source, places: Places, rules: Sequence[Rule], problems: list[Problem]) -> Iterator[Mark]:
    """Every mark in the comments of a file."""
    if not any(hint in text.text for hint in _HINTS):
        return
    lines = text.text.split("\n")
    code = _next_code(lines)
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
            yield _own(own, text, lines, (number, code[number]), places, rules, problems)
        for peer, match in found:
            yield _of_peer(peer, match, text, (number, code[number]), places, rules)


def _own(
    match: re.Match[str],
    text: Source,
    lines: Sequence[str],
    numbers: tuple[int, int],
    places: Places,
    rules: Sequence[Rule],
    problems: list[Problem],
) -> Mark:
    """`numbers` are those of the line and of the next one with code."""
    number, following = numbers
    words = tuple(word.strip() for word in match[2].split(",") if word.strip())
    span = Span(text.path, number, match.start() + 1, number, len(lines[number - 1]) + 1)
    ids, unknown = ours(words, rules)
    problems += [Problem(span, "note", f"no rule is called {word!r}") for word in unknown]
    if not words:
        problems.append(Problem(span, "note", "this ignore names no rule and accepts nothing"))
    reason, until = reason_and_end(match[3])
    if match[1]:
        return Mark(ids, reason, span, WHOLE_FILE, until=until, words=words)
    if lines[number - 1][: match.start()].strip():
        return Mark(ids, reason, span, (number, number), until=until, words=words)
    place = places.at(text.path, following)
    if place is not None:
        return Mark(ids, reason, span, (following, place.last), place.owners, until, words=words)
    return Mark(ids, reason, span, (following, _block_end(lines, following)), until=until, words=words)


def _of_peer(
    peer: str,
    match: re.Match[str],
    text: Source,
    numbers: tuple[int, int],
    places: Places,
    rules: Sequence[Rule],
) -> Mark:
    """Other tools mean the whole resource, from inside it or from the line above."""
    number, following = numbers
    words = tuple(word.strip() for word in match[1].split(",") if word.strip())
    span = Span(text.path, number, match.start() + 1, number, len(match.string) + 1)
    place = places.around(text.path, number) or places.at(text.path, following)
    reach = (place.header, place.last) if place is not None else (number, following)
    owners = place.owners if place is not None else frozenset[str]()
    until = _day(match.groupdict().get("end"))
    reason = match[match.lastindex or 0].strip() if match.lastindex else ""
    found = theirs(peer, words, rules)
    return Mark(found, reason or f"accepted for {peer}", span, reach, owners, until, peer, words)


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


def _block_end(lines: Sequence[str], first: int) -> int:
    """The last line of what begins at a line: up to the closing bracket, or as deep as it is indented."""
    if first > len(lines):
        return first
    end = min(len(lines), first + MAX_BLOCK)
    depth = _depth(lines[first - 1])
    last = first
    if depth > 0:
        while depth > 0 and last < end:
            last += 1
            depth += _depth(lines[last - 1])
        return last
    indent = _indent(lines[first - 1])
    while last < end and lines[last].strip() and _indent(lines[last]) > indent:
        last += 1
    return last


def _depth(line: str) -> int:
    return sum(line.count(mark) for mark in "{[(") - sum(line.count(mark) for mark in "}])")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
