"""For people at a terminal: each gap with its place in the source, its evidence and the way out."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from partywall.check import Report, kind
from partywall.engine import Finding
from partywall.report.excerpt import Lines
from partywall.report.style import SEVERITY, Style
from partywall.report.wording import (
    copies_named,
    grouped,
    headlines,
    instead,
    place,
    problem_line,
    stands_for,
    summary,
    trail,
    whereabouts,
)
from partywall.source import Span

MAX_REASONS = 7
MAX_CAUSES = 8


def render(report: Report, verdicts: Sequence[str], style: Style) -> str:
    """Findings with excerpts, then problems, then the count."""
    lines = Lines.of(report)
    shown = report.shown(verdicts)
    also = stands_for(shown)
    blocks = [_finding(copies, also, style, lines) for copies in grouped(headlines(shown))]
    blocks += [[problem_line(it, style)] for it in report.problems if it.kind != "note"]
    out = ["\n".join(block) for block in blocks]
    if "unknown" not in verdicts:
        out += ["\n".join(block) for block in (_causes(report, style),) if block]
    out.append(summary(report, style))
    return "\n\n".join(out) + "\n"


def _finding(copies: Sequence[Finding], also: dict[str, list[str]], style: Style, lines: Lines) -> list[str]:
    it = copies[0]
    paint = style.paint
    word = it.severity.label if kind(it) == "gap" else kind(it)
    colours = SEVERITY[it.severity.label] if kind(it) == "gap" else ("bold", "cyan")
    out = [f"{paint(word, *colours)} {paint(it.rule.id, 'bold')} {paint(it.rule.name, 'bold')}"]
    gutter = len(str(max(it.span.line, it.span.end_line)))
    out.append(f"{' ' * gutter}{paint('-->', 'blue')} {place(it.span)}  {paint(copies_named(copies), 'cyan')}")
    out += _excerpt(it.span, gutter, style, lines, colours)
    wrap = _wrapped(gutter, style)
    out += wrap("duty", it.rule.title)
    out += _reasons(it, wrap)
    if it.when:
        out += wrap("when", " and ".join(it.when))
    if it.environments:
        out += wrap("in", ", ".join(it.environments))
    if it.fingerprint in also:
        out += wrap("also", ", ".join(also[it.fingerprint]))
    if it.suppressed is not None:
        out += wrap("accepted", it.suppressed)
    elif it.verdict == "gap":
        out += wrap("instead", instead(it))
    return out


def _excerpt(span: Span, gutter: int, style: Style, lines: Lines, colours: Sequence[str]) -> Iterator[str]:
    text = lines.at(span.path, span.line)
    if text is None:
        return
    bar = style.paint("|", "blue")
    shown = text.replace("\t", " ").rstrip()
    start = min(span.column - 1, len(shown))
    end = span.end_column - 1 if span.end_line == span.line else len(shown)
    end = max(min(end, len(shown)), start + 1)
    room = style.width - gutter - 3
    cut = 0
    if end > room:
        cut = max(0, min(start - room // 3, len(shown) - room))
        more = len(shown) > cut + room
        shown = ("…" if cut else "") + shown[cut + (1 if cut else 0) : cut + room - more] + ("…" if more else "")
    elif len(shown) > room:
        shown = shown[: room - 1] + "…"
    marks = " " * (start - cut) + "^" * max(1, min(end, cut + room) - start)
    yield f"{' ' * gutter} {bar}"
    yield f"{style.paint(str(span.line).rjust(gutter), 'blue')} {bar} {shown}"
    yield f"{' ' * gutter} {bar} {style.paint(marks, *colours)}"


def _wrapped(gutter: int, style: Style) -> Callable[[str, str], list[str]]:
    def wrap(label: str, text: str) -> list[str]:
        head = f"{' ' * gutter} {style.paint('=', 'blue')} {style.paint(label + ':', 'bold')} "
        indent = gutter + 3 + len(label) + 2
        width = max(style.width - indent, 30)
        rows = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
        return [head + rows[0], *(" " * indent + row for row in rows[1:])]

    return wrap


def _reasons(it: Finding, wrap: Callable[[str, str], list[str]]) -> Iterator[str]:
    """What decided it, each reason once, with its place and the way its value came where that is not the excerpt's."""
    label = "gap" if kind(it) == "gap" else "why"
    for reason in it.because[:MAX_REASONS]:
        words, places = trail(reason, it.span)
        text = ", ".join(part for part in (reason.text, *words) if part)
        if text:
            here = not reason.span.line or (reason.span.path, reason.span.line) == (it.span.path, it.span.line)
            yield from wrap(label, text if here else f"{text} ({whereabouts(reason.span, it.span)})")
            label = "and"
        if places:
            yield from wrap("from", ", ".join(places))


def _causes(report: Report, style: Style) -> list[str]:
    """What the unknown verdicts wait for, most often first."""
    counts = Counter(it.cause for it in report.shown(("unknown",)))
    if not counts:
        return []
    rows = sorted(counts.items(), key=lambda it: (-it[1], it[0]))
    width = len(str(rows[0][1]))
    out = [f"{style.paint('unknown', 'bold', 'cyan')} before deployment (--show unknown lists each verdict)"]
    for cause, count in rows[:MAX_CAUSES]:
        indent = " " * (width + 5)
        head = f"  {count:>{width}} x "
        out += textwrap.wrap(cause, style.width, initial_indent=head, subsequent_indent=indent, break_long_words=False)
    if len(rows) > MAX_CAUSES:
        out.append(f"  and {len(rows) - MAX_CAUSES} other causes")
    return out
