"""Findings on a page: a line each, and below it the source, the reasons and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from partywall.check import Report, kind
from partywall.engine import Finding
from partywall.page.markup import Markup, element
from partywall.report.excerpt import Lines
from partywall.report.style import Style
from partywall.report.wording import (
    copies_named,
    counted,
    grouped,
    headlines,
    instead,
    place,
    problem_line,
    stands_for,
    trail,
    whereabouts,
)
from partywall.source import Span

MAX_REASONS = 7
Nodes = Callable[[Finding], Sequence[int]]
WORDS = {"unknown": "unknown", "suppressed": "accepted", "met": "met"}


def section(report: Report, verdicts: Sequence[str], nodes: Nodes) -> Markup:
    """The findings of some verdicts, the most severe first; `nodes` gives what a finding is about in the drawings."""
    lines, also = Lines.of(report), stands_for(report.shown(verdicts))
    items = [_finding(it, also, lines, nodes) for it in listed(report, verdicts)]
    problems = [element("li", problem_line(it, Style())) for it in report.problems if it.kind != "note"]
    return element(
        "section",
        element("h2", "Findings"),
        element("p", "Nothing is shown: the filters hide every finding.", class_="empty", hidden=True),
        element("div", *items, class_="findings") if items else element("p", "Nothing is open.", class_="nothing"),
        element("ul", *problems, class_="problems") if problems else None,
        id="findings",
    )


def listed(report: Report, verdicts: Sequence[str]) -> list[list[Finding]]:
    """The findings of some verdicts with their copies, gaps first and the most severe of them first."""
    return sorted(grouped(headlines(report.shown(verdicts))), key=lambda it: (kind(it[0]) != "gap", -it[0].severity))


def _finding(
    copies: Sequence[Finding],
    also: Mapping[str, Sequence[str]],
    lines: Lines,
    nodes: Nodes,
) -> Markup:
    it = copies[0]
    state = kind(it)
    word = it.severity.label if state == "gap" else WORDS[state]
    drawn = dict.fromkeys(node for one in copies for node in nodes(one))
    return element(
        "details",
        element(
            "summary",
            element("span", word, class_=f"mark {word if state == 'gap' else state}"),
            element("span", it.rule.id, class_="rule"),
            element("span", it.rule.title, class_="title"),
            element("span", copies_named(copies), class_="owner"),
            element("span", place(it.span), class_="place"),
        ),
        _excerpt(it.span, lines),
        element("dl", *_told(copies, also)),
        element(
            "p", *(element("button", "show in the drawing", type="button", data_show=node) for node in [*drawn][:1]),
            class_="links",
        ),
        class_="finding",
        data_duty=it.rule.id[:3],
        data_severity=it.severity.label,
        data_service=it.rule.service,
        data_state=state,
        data_nodes=" ".join(map(str, drawn)),
    )  # fmt: skip


def _excerpt(span: Span, lines: Lines) -> Markup | None:
    text = lines.at(span.path, span.line)
    if text is None:
        return None
    start = min(span.column - 1, len(text))
    end = span.end_column - 1 if span.end_line == span.line else len(text)
    end = max(min(end, len(text)), start)
    return element(
        "pre",
        element("span", str(span.line), class_="number"),
        element("code", text[:start], element("mark", text[start:end]), text[end:]),
        class_="excerpt",
        tabindex="0",
        aria_label=f"{span.path}, line {span.line}",
    )


def _told(copies: Sequence[Finding], also: Mapping[str, Sequence[str]]) -> Iterator[Markup]:
    it = copies[0]
    yield from _pair("because", *_reasons(it))
    if it.when:
        yield from _pair("when", " and ".join(it.when))
    if it.environments:
        yield from _pair("in", ", ".join(it.environments))
    if len(copies) > 1:
        yield from _pair(
            "copies", f"{counted(len(copies), 'time')}: {', '.join(sorted({one.resource for one in copies}))}"
        )
    if it.fingerprint in also:
        yield from _pair("also", ", ".join(also[it.fingerprint]))
    if it.suppressed is not None:
        yield from _pair("accepted", it.suppressed)
    elif it.verdict == "gap":
        yield from _pair("instead", instead(it))
    yield from _pair("rule", f"{it.rule.id} {it.rule.name}: {it.rule.duty}, {it.rule.service}")


def _pair(label: str, *texts: str) -> Iterator[Markup]:
    if any(texts):
        yield element("dt", label)
        for text in texts:
            yield element("dd", text)


def _reasons(it: Finding) -> Iterator[str]:
    for reason in it.because[:MAX_REASONS]:
        words, places = trail(reason, it.span)
        text = ", ".join(part for part in (reason.text, *words) if part)
        here = not reason.span.line or (reason.span.path, reason.span.line) == (it.span.path, it.span.line)
        if text and not here:
            text = f"{text} ({whereabouts(reason.span, it.span)})"
        came = f"from {', '.join(places)}" if places else ""
        if text or came:
            yield "; ".join(part for part in (text, came) if part)
