"""Findings their owners accepted: comments, CloudFormation metadata, the configuration, and other tools' marks."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from partywall import source
from partywall.configuration import Ignore
from partywall.declared import Deployment
from partywall.engine import Finding
from partywall.problem import Problem
from partywall.rule import Rule
from partywall.source import Span, UnreadableError
from partywall.suppress import comment, metadata
from partywall.suppress.mark import Mark

__all__ = ["Accepted", "Mark", "Used", "merged", "notes", "suppressed"]


@dataclass(frozen=True, slots=True)
class Used:
    """A mark, how many gaps it accepts, and whether its rules were judged at all."""

    mark: Mark
    gaps: int
    judged: bool


@dataclass(frozen=True, slots=True)
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
    uses: Counter[Mark] = Counter()
    made = []
    for finding in findings:
        reason = None
        for mark in marks:
            if mark.covers(finding):
                uses[mark] += finding.verdict == "gap"
                if reason is None and mark.alive(today):
                    reason = mark.reason or "accepted"
        if reason is None:
            reason = _configured(finding, ignores, today)
        made.append(finding if reason is None else replace(finding, suppressed=reason))
    judged = {finding.rule.id for finding in findings}
    used = tuple(Used(mark, uses[mark], bool(mark.rules) and mark.rules <= judged) for mark in marks)
    return Accepted(tuple(made), used, tuple(problems))


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
    places = comment.Places(deployment.resources)
    found: list[Mark] = []
    for path in deployment.files:
        try:
            text = source.read(path)
        except UnreadableError:
            continue  # whoever read it for its content has said so
        found += comment.marks(text, places, rules, problems)
    for declared in deployment.resources:
        found += metadata.marks(declared, rules, problems)
    return found


def _configured(finding: Finding, ignores: Iterable[Ignore], today: datetime.date) -> str | None:
    for one in ignores:
        named = one.rule.lower() in (finding.rule.id.lower(), finding.rule.name)
        alive = one.until is None or one.until >= today
        where = not one.paths or any(_glob(pattern)(finding.span.path) for pattern in one.paths)
        which = not one.resources or any(_glob(pattern)(finding.resource) for pattern in one.resources)
        if named and alive and where and which:
            return one.reason or "accepted in the configuration"
    return None


@cache
def _glob(pattern: str) -> Callable[[str], re.Match[str] | None]:
    """A pattern of paths or addresses: `*` and `?` stand for others, brackets for themselves, as in `a.b["key"]`."""
    marks = {"*": ".*", "?": "."}
    return re.compile("".join(marks.get(one, re.escape(one)) for one in pattern), re.DOTALL).fullmatch
