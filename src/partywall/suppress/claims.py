"""Which marks cover a finding, found without asking every mark about every finding."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from partywall.engine import Finding
from partywall.source import Span
from partywall.suppress.mark import Mark
from partywall.suppress.stretches import Stretches


@dataclass(eq=False, slots=True)
class Claim:
    """Marks that accept the same rule at the same place, by their numbers, and the first of them that has not ended."""

    marks: list[int] = field(default_factory=list)
    alive: int | None = None


_ByRule = dict[str, Claim]
_Place = tuple[int, int]


class Claims:
    """The claims of some marks, by the lines they hold and by the declarations they own."""

    def __init__(self, marks: Sequence[Mark], today: datetime.date) -> None:
        places: dict[tuple[Span, frozenset[str]], _ByRule] = defaultdict(dict)
        for number, mark in enumerate(marks):
            claims = places[mark.holds, mark.owners]
            for rule in mark.rules:
                claim = claims.setdefault(rule, Claim())
                claim.marks.append(number)
                if claim.alive is None and mark.alive(today):
                    claim.alive = number
        reaching: dict[str, list[tuple[_Place, _Place, _ByRule]]] = defaultdict(list)
        self._owned: dict[str, list[_ByRule]] = defaultdict(list)
        for (holds, owners), claims in places.items():
            path, line, column, end_line, end_column = holds
            reaching[path].append(((line, column), (end_line, end_column), claims))
            for owner in owners:
                self._owned[owner].append(claims)
        self._held = {path: Stretches(them) for path, them in reaching.items()}
        self._lengths = sorted({len(owner) for owner in self._owned})

    def covering(self, finding: Finding) -> list[Claim]:
        """The claims on a finding's rule that are about it, or about what it rests on."""
        if not self._held:
            return []
        found = {id(it): it for it in (*self._about(finding.resource), *self._around(finding))}
        return [claims[finding.rule.id] for claims in found.values() if finding.rule.id in claims]

    def _about(self, address: str) -> Iterator[_ByRule]:
        """A module call or a nested stack owns what it makes, an instance belongs to its declaration."""
        for length in self._lengths:
            if length == len(address) or (length < len(address) and address[length] in ".["):
                yield from self._owned.get(address[:length], ())

    def _around(self, finding: Finding) -> Iterator[_ByRule]:
        places = (finding.span, finding.declared_span, *(span for it in finding.because for span in it.places))
        for path, line, column in {span[:3] for span in places if span.path in self._held}:
            yield from self._held[path].at((line, column))
