"""Markdown for a job's summary or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from partywall.check import Report, kind
from partywall.engine import Finding
from partywall.report.style import Style
from partywall.report.wording import copies_named, grouped, headlines, instead, place, summary

MAX_ROWS = 200
"""A comment on GitHub holds 65,536 characters; a reader holds less."""


def render(report: Report, verdicts: Sequence[str], style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """The count, a table of the findings from the most severe down, and what could not be linted."""
    lines = ["## partywall", "", f"{summary(report, Style())}.", ""]
    copies = sorted(grouped(headlines(report.shown(verdicts))), key=lambda it: (-it[0].severity, it[0].span))
    if copies:
        lines += ["| | rule | where | what | instead |", "| --- | --- | --- | --- | --- |"]
        lines += [_row(group) for group in copies[:MAX_ROWS]]
        if len(copies) > MAX_ROWS:
            lines += ["", f"{len(copies) - MAX_ROWS} more are in the other reports."]
        lines.append("")
    broken = [it for it in report.problems if it.kind != "note"]
    if broken:
        lines += ["**Not linted**", ""]
        lines += [f"- `{place(it.span)}`: {_cell(it.message)}" for it in broken]
        lines.append("")
    return "\n".join(lines)


def _row(copies: Sequence[Finding]) -> str:
    it = copies[0]
    word = it.severity.label if kind(it) == "gap" else kind(it)
    when = f" (when {' and '.join(it.when)})" if it.when else ""
    cells = (
        word,
        f"{it.rule.id} {_cell(it.rule.title)}",
        f"`{place(it.span)}` {_code(copies_named(copies))}",
        _cell(it.message + when),
        _cell(instead(it)),
    )
    return "| " + " | ".join(cells) + " |"


def _cell(text: str) -> str:
    """Text that cannot leave its cell or become markup, code in backquotes aside: a template's words are not ours."""
    pieces = text.replace("\n", " ").split("`")
    for at in range(0, len(pieces), 2):
        for mark in "\\<>*_[]":
            pieces[at] = pieces[at].replace(mark, f"\\{mark}")
    return "`".join(pieces).replace("|", "\\|")


def _code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("|", "\\|").replace("\n", " ") + "`"
