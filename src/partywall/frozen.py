"""What came of a deployment as plain data, to be kept on disk or handed to another process, and back.

Nothing in it can run: lists, texts and numbers. Reasons are worded, and those of met duties, which nobody is shown, are
left out unless asked for.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from partywall.cache import Data
from partywall.engine import Finding
from partywall.lint import Linted
from partywall.problem import Problem
from partywall.rule import Rule, Severity
from partywall.source import Span
from partywall.suppress import Mark, Used
from partywall.truth import Because, State, Truth

_STATES = {"gap": State.YES, "met": State.NO, "unknown": State.UNKNOWN}


def freeze(linted: Linted, *, met: bool) -> Data:
    """The plain data of one deployment; with `met` the reasons of met duties too."""
    return [
        linted.place,
        list(linted.files),
        [list(pair) for pair in linted.addresses],
        [_finding(it, reasons=met or it.verdict != "met") for it in linted.findings],
        [_problem(it) for it in linted.problems],
        [_used(it) for it in linted.marks],
        [_problem(it) for it in linted.unseen],
        None if linted.parameters is None else sorted(linted.parameters),
    ]


def thaw(data: Data, rules: Mapping[str, Rule]) -> Linted:
    """The deployment again; `rules` are those it was judged by. Raises an error for other data."""
    place, files, addresses, findings, problems, marks, unseen, parameters = data
    return Linted(
        place,
        tuple(files),
        tuple((kind, address) for kind, address in addresses),
        tuple(_thawed(it, rules) for it in findings),
        tuple(_thawed_problem(it) for it in problems),
        tuple(_thawed_used(it) for it in marks),
        tuple(_thawed_problem(it) for it in unseen),
        None if parameters is None else frozenset(parameters),
    )


def _finding(it: Finding, *, reasons: bool) -> Data:
    return [
        it.rule.id,
        it.verdict,
        int(it.severity),
        it.dialect,
        it.deployment,
        it.resource,
        it.address,
        it.part,
        it.type,
        list(_place(it.span)),
        list(it.when),
        [_because(one) for one in it.truth.because] if reasons else [],
        sorted(it.truth.variables) if it.verdict == "unknown" else [],
        it.place,
        it.key,
        list(_place(it.declared_span)),
        it.label,
        it.covered_by,
        it.suppressed,
        list(it.environments),
        list(it.former),
    ]


def _thawed(data: Data, rules: Mapping[str, Rule]) -> Finding:
    (
        rule, verdict, severity, dialect, deployment, resource, address, part, type_, span, when, because, variables,
        place, key, declared, label, covered, suppressed, environments, former,
    ) = data  # fmt: skip
    reasons = tuple(_thawed_because(one) for one in because)
    return Finding(
        rules[rule],
        verdict,
        Severity(severity),
        dialect,
        deployment,
        resource,
        address,
        part,
        type_,
        Span(*span),
        tuple(when),
        Truth(_STATES[verdict], reasons, frozenset(variables)),
        place,
        key,
        Span(*declared),
        label,
        covered,
        suppressed,
        tuple(environments),
        tuple(former),
    )


def _place(span: Span) -> tuple[str, int, int, int, int]:
    return span.path, span.line, span.column, span.end_line, span.end_column


def _because(it: Because) -> Data:
    return [it.text, _place(it.span), it.resource, [_because(one) for one in it.trail], it.cause]


def _thawed_because(data: Data) -> Because:
    text, span, resource, trail, cause = data
    return Because(text, Span(*span), resource, tuple(_thawed_because(one) for one in trail), cause)


def _problem(it: Problem) -> Data:
    return [_place(it.span), it.kind, it.message]


def _thawed_problem(data: Data) -> Problem:
    span, kind, message = data
    return Problem(Span(*span), kind, message)


def _used(it: Used) -> Data:
    mark = it.mark
    until = mark.until.isoformat() if mark.until is not None else None
    return [
        sorted(mark.rules), mark.reason, _place(mark.span), _place(mark.holds), sorted(mark.owners), until, mark.peer,
        mark.words, it.gaps, it.judged,
    ]  # fmt: skip


def _thawed_used(data: Data) -> Used:
    rules, reason, span, holds, owners, until, peer, words, gaps, judged = data
    day = datetime.date.fromisoformat(until) if until is not None else None
    mark = Mark(frozenset(rules), reason, Span(*span), Span(*holds), frozenset(owners), day, peer, tuple(words))
    return Used(mark, gaps, judged)


def by_id(rules: Sequence[Rule]) -> Mapping[str, Rule]:
    """Rules by their ids."""
    return {rule.id: rule for rule in rules}
