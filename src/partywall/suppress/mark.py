"""A mark by which an owner accepts gaps: what it is about, why, and until when."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from partywall.engine import Finding
from partywall.rule import Rule
from partywall.source import Span

WHOLE_FILE = (1, 1 << 31)
_UNTIL = re.compile(r",?\s*until:?\s+(\d{4}-\d\d-\d\d)\s*$")


@dataclass(frozen=True, slots=True)
class Mark:
    """Rules accepted at some lines of a file, or for whole declarations and what lies inside them.

    `words` are the ids as written, `peer` the tool whose mark it is ("" is ours), `until` the last day it holds.
    """

    rules: frozenset[str]
    reason: str
    span: Span
    lines: tuple[int, int]
    owners: frozenset[str] = frozenset()
    until: datetime.date | None = None
    peer: str = ""
    words: tuple[str, ...] = ()

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is of its rules, and is about or rests on what it speaks of."""
        return finding.rule.id in self.rules and (self._owns(finding) or self._holds(finding))

    def _owns(self, finding: Finding) -> bool:
        """A module call or a nested stack owns what it makes, an instance belongs to its declaration."""
        address = finding.resource
        return any(
            address == owner or (address.startswith(owner) and address[len(owner)] in ".[") for owner in self.owners
        )

    def _holds(self, finding: Finding) -> bool:
        first, last = self.lines
        places = [finding.span, finding.declared_span, *(span for it in finding.because for span in it.places)]
        return any(span.path == self.span.path and first <= span.line <= last for span in places)

    def alive(self, today: datetime.date) -> bool:
        """Whether its last day has not passed."""
        return self.until is None or self.until >= today


def ours(words: Iterable[str], rules: Sequence[Rule]) -> tuple[frozenset[str], list[str]]:
    """The rules that ids or names mean, in any case; and the words that mean none."""
    ids: set[str] = set()
    unknown = []
    for word in words:
        found = {rule.id for rule in rules if word.upper() == rule.id or word.lower() == rule.name}
        ids |= found
        if not found:
            unknown.append(word)
    return frozenset(ids), unknown


@cache
def equivalents(rules: tuple[Rule, ...]) -> Mapping[tuple[str, str], frozenset[str]]:
    """For other tools' ids (peer, id in capitals; `*` for all of a peer) the ids of ours."""
    out: dict[tuple[str, str], set[str]] = {}
    for rule in rules:
        for one in rule.same_as:
            peer, _, name = one.partition(":")
            for key in (name.upper(), "*"):
                out.setdefault((peer, key), set()).add(rule.id)
    return {key: frozenset(found) for key, found in out.items()}


def theirs(peer: str, words: Iterable[str], rules: Sequence[Rule]) -> frozenset[str]:
    """Our rules for another tool's ids; Trivy's are written with and without their prefix."""
    known = equivalents(tuple(rules))
    out: set[str] = set()
    for word in words:
        upper = word.upper()
        for name in (upper, f"AVD-{upper}"):
            out |= known.get((peer, name), frozenset())
    return frozenset(out)


def reason_and_end(text: str) -> tuple[str, datetime.date | None]:
    """A reason, and the last day where one follows it: `public by design, until 2027-03-31`."""
    match = _UNTIL.search(text)
    if match is None:
        return text.strip(), None
    try:
        return text[: match.start()].strip(), datetime.date.fromisoformat(match[1])
    except ValueError:
        return text.strip(), None
