"""One cause, one headline: a finding that another one, said louder, already tells at the same place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from partywall.engine import Finding
from partywall.source import Span


def covered(findings: Sequence[Finding]) -> list[Finding]:
    """The findings of one deployment, each gap with the fingerprint of the gap that stands in for it, if any.

    A gap is covered by one of a rule that its own rule names, when that one rests on the same place: the place of the
    covered gap is among the places of the covering one's evidence. An accepted gap covers nothing.
    """
    loud: dict[str, dict[Span, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for it in findings:
        if it.verdict == "gap" and it.suppressed is None:
            for span in _places(it):
                loud[it.rule.id][span].append(it)
    return [_under(it, loud) for it in findings]


def _places(it: Finding) -> Iterable[Span]:
    return dict.fromkeys((it.span, *(span for reason in it.because for span in reason.places)))


def _under(it: Finding, loud: dict[str, dict[Span, list[Finding]]]) -> Finding:
    if it.verdict != "gap" or it.suppressed is not None:
        return it
    for name in it.rule.covered_by:
        for other in loud[name][it.span] if name in loud and it.span in loud[name] else ():
            if set(other.when) <= set(it.when):
                return replace(it, covered_by=other.fingerprint)
    return it
