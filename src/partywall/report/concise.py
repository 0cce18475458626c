"""One line for each finding, in the form editors know: path, line, column."""

from __future__ import annotations

from collections.abc import Sequence

from partywall.check import Report, kind
from partywall.report.style import SEVERITY, Style
from partywall.report.wording import grouped, headlines, place, problem_line, sentence, summary


def render(report: Report, verdicts: Sequence[str], style: Style) -> str:
    """The findings, then what could not be linted, then the count."""
    lines = []
    for copies in grouped(headlines(report.shown(verdicts))):
        it = copies[0]
        mark = "" if kind(it) == "gap" else f" [{kind(it)}]"
        name = style.paint(it.rule.id, *SEVERITY[it.severity.label])
        lines.append(f"{place(it.span)}: {name} {it.severity.label}{mark} {sentence(*copies)}")
    lines += [problem_line(it, style) for it in report.problems if it.kind != "note"]
    lines.append(summary(report, style))
    return "\n".join(lines) + "\n"
