"""Workflow commands that GitHub Actions turns into annotations of a pull request.

Source: GitHub documentation, Workflow commands for GitHub Actions (escapes); ten annotations of a kind are rendered
for one step, so the most severe come first and the rest is counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from partywall.check import Report, kind
from partywall.engine import Finding
from partywall.report.style import Style
from partywall.report.wording import grouped, headlines, sentence, summary
from partywall.rule import CRITICAL, HIGH, LOW, MEDIUM

MAX_ANNOTATIONS = 10
_LEVELS = {CRITICAL: "error", HIGH: "error", MEDIUM: "warning", LOW: "notice"}


def render(report: Report, verdicts: Sequence[str], style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """At most ten annotations, unreadable files before gaps, then the count of everything."""
    broken = [it for it in report.problems if it.kind != "note"]
    copies = sorted(grouped(headlines(report.shown(verdicts))), key=lambda it: (-it[0].severity, it[0].span))
    lines = [
        _command("error", "partywall could not lint this", it.message, it.span.path, it.span.line, it.span.column)
        for it in broken[:MAX_ANNOTATIONS]
    ]
    room = MAX_ANNOTATIONS - len(lines)
    lines += [_annotation(group) for group in copies[:room]]
    left = len(copies) - len(copies[:room])
    if left:
        lines.append(_command("notice", "partywall", f"{left} more are in the log and in the other reports"))
    lines.append(summary(report, Style()))
    return "\n".join(lines) + "\n"


def _annotation(copies: Sequence[Finding]) -> str:
    it = copies[0]
    level = _LEVELS[it.severity] if kind(it) == "gap" else "notice"
    title = f"{it.rule.id} {it.rule.title}"
    return _command(level, title, sentence(*copies), it.span.path, it.span.line, it.span.column, it.span.end_line)


def _command(
    level: str, title: str, message: str, path: str = "", line: int = 0, column: int = 0, end_line: int = 0
) -> str:
    places = {"file": path, "line": line, "endLine": end_line, "col": column}
    values = [f"{name}={_property(str(value))}" for name, value in places.items() if value]
    return f"::{level} {','.join([*values, f'title={_property(title)}'])}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
