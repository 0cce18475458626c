"""A mark by which an owner accepts gaps: what it is about, why, and until when."""

from __future__ import annotations

import datetime
import re

from partywall.immutable import immutable
from partywall.source import Span

_END = 1 << 31
_UNTIL = re.compile(r"until:?\s+(\d{4}-\d\d-\d\d)\s*$")


@immutable()
class Mark:
    """Rules accepted at a stretch of a file, or for whole declarations and what lies inside them.

    `words` are the ids as written, `peer` the tool whose mark it is ("" is ours), `until` the last day it holds.
    """

    rules: frozenset[str]
    reason: str
    span: Span
    holds: Span
    owners: frozenset[str] = frozenset()
    until: datetime.date | None = None
    peer: str = ""
    words: tuple[str, ...] = ()

    def alive(self, today: datetime.date) -> bool:
        """Whether its last day has not passed."""
        return self.until is None or self.until >= today

    @property
    def whole(self) -> bool:
        """Whether it holds all of its file."""
        return self.holds.end_line == _END


def all_of(path: str) -> Span:
    """A file from its beginning to its end, wherever that is."""
    return Span(path, 1, 1, _END, 1)


def lines_of(path: str, first: int, last: int) -> Span:
    """Whole lines of a file, both included."""
    return Span(path, first, 1, last + 1, 1)


def reason_and_end(text: str) -> tuple[str, datetime.date | None]:
    """A reason, and the last day where one follows it: `public by design, until 2027-03-31`."""
    match = _UNTIL.search(text)
    if match is None:
        return text.strip(), None
    try:
        return text[: match.start()].strip().removesuffix(",").rstrip(), datetime.date.fromisoformat(match[1])
    except ValueError:
        return text.strip(), None
