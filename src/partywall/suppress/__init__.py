"""Findings their owners accepted: comments, CloudFormation metadata, the configuration, and other tools' marks."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from partywall import source
from partywall.configuration import Ignore
from partywall.declared import Deployment
from partywall.engine import Finding
from partywall.immutable import immutable
from partywall.problem import Problem
from partywall.rule import Rule
from partywall.source import Span, UnreadableError
from partywall.suppress import comment, metadata
from partywall.suppress.claims import Claim, Claims
from partywall.suppress.configured import Configured
from partywall.suppress.mark import Mark
from partywall.suppress.names import Names

__all__ = ["Accepted", "Mark", "Used", "merged", "notes", "suppressed"]


@immutable()
class Used:
    """A mark, how many gaps it accepts, and whether its rules were judged at all."""

    mark: Mark
    gaps: int
    judged: bool


@immutable()
class Accepted:
    """Findings with the accepted gaps marked, the marks that did it or did not, and notes about malformed ones."""

    findings: tuple[Finding, ...]
    marks: tuple[Used, ...]
    problems: tuple[Problem, ...]


def suppressed(
    deployment: Deployment,
    findings: Sequence[Finding],
    rules: Sequence[Rule],
    ignores: Sequence[Ignore],
    today: datetime.date,
) -> Accepted:
    """Mark what is accepted in one deployment; a mark that has ended accepts nothing."""
    problems: list[Problem] = []
    marks = _marks(deployment, rules, problems)
    claims, configured = Claims(marks, today), Configured(ignores, today)
    uses: Counter[Claim] = Counter()
    made = []
    for finding in findings:
        covering = claims.covering(finding)
        if finding.verdict == "gap":
            uses.update(covering)
        alive = min((it.alive for it in covering if it.alive is not None), default=None)
        reason = configured.reason(finding) if alive is None else marks[alive].reason or "accepted"
        made.append(finding if reason is None else replace(finding, suppressed=reason))
    gaps: Counter[int] = Counter()
    for claim, count in uses.items():
        gaps.update(dict.fromkeys(claim.marks, count))
    judged = {finding.rule.id for finding in findings}
    used = [Used(mark, gaps[at], bool(mark.rules) and mark.rules <= judged) for at, mark in enumerate(marks)]
    return Accepted(tuple(made), tuple(used), tuple(problems))


def merged(marks: Iterable[Used]) -> list[Used]:
    """Each mark once, by place, with all its uses: a module's file is read by every deployment that calls it."""
    found: dict[tuple[Span, tuple[str, ...]], Used] = {}
    for one in marks:
        key = (one.mark.span, one.mark.words)
        before = found.get(key, Used(one.mark, 0, judged=False))
        found[key] = Used(one.mark, before.gaps + one.gaps, before.judged or one.judged)
    return [found[key] for key in sorted(found)]


def notes(marks: Iterable[Used], today: datetime.date) -> Iterator[Problem]:
    """What is to be said about marks of ours: that they ended, accept nothing, or give no reason."""
    for one in merged(marks):
        mark = one.mark
        if mark.peer:
            continue
        if not mark.alive(today):
            yield Problem(mark.span, "note", f"this ignore ended on {mark.until}")
        elif not one.gaps and one.judged:
            yield Problem(mark.span, "note", f"this ignore of {', '.join(sorted(mark.rules))} accepts nothing")
        if mark.rules and not mark.reason:
            yield Problem(mark.span, "note", "this ignore gives no reason")


def _marks(deployment: Deployment, rules: Sequence[Rule], problems: list[Problem]) -> list[Mark]:
    places, names = comment.Places(deployment.resources), Names(rules)
    found: list[Mark] = []
    for path in deployment.files:
        try:
            text = source.read(path)
        except UnreadableError:
            continue  # whoever read it for its content has said so
        found += comment.marks(text, places, names, problems)
    for declared in deployment.resources:
        found += metadata.marks(declared, names, problems)
    return _once(found)


def _once(marks: Iterable[Mark]) -> list[Mark]:
    """Each mark once, with all its owners: one text may be the text of many declarations."""
    owners: dict[Mark, set[str]] = defaultdict(set)
    for mark in marks:
        owners[replace(mark, owners=frozenset())] |= mark.owners
    return [replace(mark, owners=frozenset(them)) for mark, them in owners.items()]
