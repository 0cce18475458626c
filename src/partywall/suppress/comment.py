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

    def at(self, path: str, line: int) -> _Place | None:
        """The declaration whose header stands on a line."""
        return next((it for it in self._by_path.get(path, ()) if it.header == line), None)

    def around(self, path: str, line: int) -> _Place | None:
        """The innermost declaration that holds a line."""
        holding = [it for it in self._by_path.get(path, ()) if it.header <= line <= it.last]
        return max(holding, key=lambda it: it.header, default=None)


def marks(text: Source, places: Places, rules: Sequence[Rule], problems: list[Problem]) -> Iterator[Mark]:
    """Every mark in the comments of a file."""
    if not any(hint in text.text for hint in _HINTS):
        return
    lines = text.text.split("\n")
    for number, line in enumerate(lines, 1):
        own = OWN.search(line) if "partywall" in line else None
        if own is not None:
            yield _own(own, text, lines, number, places, rules, problems)
            continue
        for peer, pattern in PEERS:
            match = pattern.search(line) if ":" in line else None
            if match is not None:
                yield _of_peer(peer, match, text, lines, number, places, rules)


def _own(
    match: re.Match[str],
    text: Source,
    lines: Sequence[str],
    number: int,
    places: Places,
    rules: Sequence[Rule],
    problems: list[Problem],
) -> Mark:
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
    following = next_code(lines, number)
    place = places.at(text.path, following)
    if place is not None:
        return Mark(ids, reason, span, (following, place.last), place.owners, until, words=words)
    return Mark(ids, reason, span, (following, _block_end(lines, following)), until=until, words=words)


def _of_peer(
    peer: str,
    match: re.Match[str],
    text: Source,
    lines: Sequence[str],
    number: int,
    places: Places,
    rules: Sequence[Rule],
) -> Mark:
    """Other tools mean the whole resource, from inside it or from the line above."""
    words = tuple(word.strip() for word in match[1].split(",") if word.strip())
    span = Span(text.path, number, match.start() + 1, number, len(lines[number - 1]) + 1)
    place = places.around(text.path, number) or places.at(text.path, next_code(lines, number))
    reach = (place.header, place.last) if place is not None else (number, next_code(lines, number))
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


def next_code(lines: Sequence[str], number: int) -> int:
    """The number of the first line after one that holds more than a comment."""
    following = number + 1
    while following <= len(lines) and (
        not lines[following - 1].strip() or lines[following - 1].lstrip().startswith(("#", "//"))
    ):
        following += 1
    return following


def _block_end(lines: Sequence[str], first: int) -> int:
    """The last line of what begins at a line: up to the closing bracket, or as deep as it is indented."""
    if first > len(lines):
        return first
    depth = _depth(lines[first - 1])
    last = first
    if depth > 0:
        while depth > 0 and last < len(lines):
            last += 1
            depth += _depth(lines[last - 1])
        return last
    indent = _indent(lines[first - 1])
    while last < len(lines) and lines[last].strip() and _indent(lines[last]) > indent:
        last += 1
    return last


def _depth(line: str) -> int:
    return sum(line.count(mark) for mark in "{[(") - sum(line.count(mark) for mark in "}])")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
