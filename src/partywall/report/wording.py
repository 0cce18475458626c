"""What all reports for people say alike: which findings, in which words, how many."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from partywall.check import Report, kind
from partywall.engine import Finding
from partywall.problem import Problem
from partywall.report.style import Style
from partywall.rule import Severity
from partywall.source import Span
from partywall.truth import Because
from partywall.value import BY_DEFAULT, MOVED

MAX_COPIES = 3


def headlines(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those that another one stands in for."""
    here = {it.fingerprint for it in findings}
    return [it for it in findings if it.covered_by not in here]


def stands_for(findings: Sequence[Finding]) -> dict[str, list[str]]:
    """The rules that a headline stands in for, by its fingerprint."""
    out: dict[str, list[str]] = {}
    for it in findings:
        if it.covered_by is not None:
            names = out.setdefault(it.covered_by, [])
            if it.rule.id not in names:
                names.append(it.rule.id)
    return out


def grouped(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Copies of one finding together: the same rule and verdict at the same place."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for it in findings:
        groups.setdefault((it.rule.id, kind(it), it.span, it.when, it.message), []).append(it)
    return list(groups.values())


def copies_named(copies: Sequence[Finding]) -> str:
    """Whose the copies of one finding are, the first few by name."""
    names = list(dict.fromkeys(_name(it) for it in copies))
    more = len(names) - MAX_COPIES
    return ", ".join(names[:MAX_COPIES]) + (f" and {more} more" if more > 0 else "")


def _name(it: Finding) -> str:
    said = it.label or it.part
    return f"{it.resource} ({said})" if said else it.resource


def place(span: Span) -> str:
    """Where something is, as terminals and editors make links of it."""
    return f"{span.path}:{span.line}:{span.column}"


def sentence(*copies: Finding) -> str:
    """A finding, or several copies of one, in one line: whose, what, and under which condition."""
    it = copies[0]
    when = f" (when {' and '.join(it.when)})" if it.when else ""
    return f"{copies_named(copies)}: {it.message}{when}"


_PAIR = re.compile(r"(`[^`]+`) \((`[^`]+`)\)")
"""How a manual writes what the two dialects spell differently: Terraform's code, and CloudFormation's behind it."""


def instead(it: Finding) -> str:
    """How to close the gap, from the rule's manual, in the dialect of the declaration."""
    _, _, rest = it.rule.doc.partition("Instead:")
    spelling = r"\1" if it.dialect == "terraform" else r"\2"
    return _PAIR.sub(spelling, " ".join(rest.partition("\n\n")[0].split()))


def problem_line(it: Problem, style: Style) -> str:
    """One problem in one line."""
    word = {"error": "not linted", "note": "note", "internal": "internal error"}[it.kind]
    colour = "yellow" if it.kind == "note" else "red"
    where = place(it.span) if it.span.line else it.span.path
    return f"{style.paint(word, 'bold', colour)}: {where}: {it.message}"


def trail(reason: Because, at: Span) -> tuple[list[str], list[str]]:
    """The way a value came: what is said about it without a place, and its places, nearest first."""
    words: list[str] = []
    places: dict[str, str] = {}
    for step in reason.trail:
        if step.text == BY_DEFAULT:
            continue  # The reason says so.
        said = "" if step.text == MOVED else step.text
        if step.span.line and step.span != reason.span:
            where = whereabouts(step.span, at)
            places[where] = ", ".join(dict.fromkeys(it for it in (places.get(where, ""), said) if it))
        elif said:
            words.append(said)
    return words, [f"{said} ({where})" if said else where for where, said in places.items()]


def whereabouts(span: Span, at: Span) -> str:
    """Where something is, seen from another place: by line in the same file."""
    return f"line {span.line}" if span.path == at.path else f"{span.path}:{span.line}"


def summary(report: Report, style: Style) -> str:
    """One line: what was found in how much."""
    gaps = Counter(it.severity for it in headlines(report.shown(("gap",))))
    files = f"{counted(len(report.files), 'file')}, {counted(report.resources, 'resource')}"
    if gaps:
        total = sum(gaps.values())
        parts = ", ".join(f"{gaps[one]} {one.label}" for one in sorted(Severity, reverse=True) if gaps[one])
        head = style.paint(counted(total, "gap"), "bold", "red") + f" ({parts})"
    else:
        head = style.paint("no gaps", "bold", "green")
    rest = [f"{count} {word}" for word in ("unknown", "suppressed") if (count := report.count(word))]
    errors = len({it.span.path for it in report.problems if it.kind == "error"})
    tail = f"; {counted(errors, 'file')} with errors" if errors else ""
    if report.since:
        tail = f"; {counted(report.closed, 'gap')} closed since {report.since}{tail}"
    notes = sum(it.kind == "note" for it in report.problems)
    tail += f"; {counted(notes, 'note')} (-v)" if notes else ""
    return ", ".join([head, *rest]) + f" in {files}{tail}"


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def statistics(report: Report, style: Style) -> str:
    """How often each rule found a gap, most often first."""
    counts = Counter(it.rule.id for it in report.findings if kind(it) == "gap")
    rules = {rule.id: rule for rule in report.rules}
    rows = sorted(counts.items(), key=lambda it: (-it[1], it[0]))
    return "".join(f"{count:>6}  {style.paint(name, 'bold')}  {rules[name].title}\n" for name, count in rows)
