"""The answer to a question about the network: hop by hop for people, as JSON, as a diagram."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from partywall.address import INTERNET, V4, V6, show_blocks
from partywall.immutable import immutable
from partywall.reason.network.path import Answer, Hop
from partywall.reason.network.trace import Question, Trace
from partywall.report.mermaid import quoted
from partywall.report.style import Style
from partywall.truth import State, Truth

VERDICTS = {State.YES: "yes", State.NO: "no", State.UNKNOWN: "undetermined"}
_COLOURS = {State.YES: "red", State.NO: "green", State.UNKNOWN: "yellow"}
_FAMILIES = {V4: "ipv4", V6: "ipv6", None: None}


@immutable()
class Traced:
    """The answers of one deployment in one environment ("" where none is named).

    `described` gives the words for an option of an open variable.
    """

    deployment: str
    environment: str
    traces: tuple[Trace, ...]
    described: Mapping[tuple[str, str], str]

    @property
    def state(self) -> State:
        """The verdict over all worlds: undetermined where they differ."""
        states = {it.answer.state for it in self.traces}
        return states.pop() if len(states) == 1 else State.UNKNOWN

    def words(self, trace: Trace) -> tuple[str, ...]:
        """The conditions under which an answer holds."""
        return tuple(self.described.get((name, option), f"{name} is {option}") for name, option in trace.when)


def text(traced: Traced, style: Style) -> str:
    """Verdict first, then one line per hop with its place; then what would have to change, or would decide."""
    lines = []
    for trace in traced.traces:
        answer = trace.answer
        when = f" when {' and '.join(traced.words(trace))}" if trace.when else ""
        when += f" in {traced.environment}" if traced.environment else ""
        verdict = style.paint(VERDICTS[answer.state], "bold", _COLOURS[answer.state])
        lines.append(f"{_asked(trace.question)}: {verdict}{when}")
        lines += [_line(hop, style) for hop in answer.hops]
        lines += _ending(answer, trace.question)
    return "\n".join(lines) + "\n"


def _asked(question: Question) -> str:
    via = f" through {question.via}" if question.via else ""
    return f"{question.source} -> {question.target}{via} on {_service(question)}"


def _service(question: Question) -> str:
    if question.protocol in ("tcp", "udp", "6", "17"):
        return f"{question.protocol} {question.port}"
    if question.protocol in ("icmp", "icmpv6", "1", "58"):
        return f"{question.protocol} type {question.port}"
    return f"protocol {question.protocol}"


def _line(hop: Hop, style: Style) -> str:
    mark = style.paint("x", "red") if hop.stops else style.paint("?", "yellow") if hop.unknown else "-"
    place = style.paint(f"  {hop.span.path}:{hop.span.line}", "dim") if hop.span.line else ""
    name = f"{hop.at}: " if hop.at else ""
    because = f" ({hop.because})" if hop.because and hop.because not in f"{hop.at} {hop.check}" else ""
    return f"  {mark} {name}{hop.check}{because}{place}"


def _ending(answer: Answer, question: Question) -> list[str]:
    stop = next((hop for hop in answer.hops if hop.stops), None)
    if stop is not None and stop.change:
        return [f"  To change that: {stop.change}."]
    if answer.state is State.UNKNOWN:
        return [f"  Undecided: {reason}." for reason in _reasons(answer.unknown)]
    lines = []
    if answer.partial:
        lines.append(f"  Only in part: {answer.partial:.0%} of the client's ports get no reply.")
    if answer.state is State.YES and question.source == "internet" and answer.sources:
        lines.append(f"  From: {', '.join(_sources(answer))}.")
    return lines


def _reasons(doubts: Sequence[Truth]) -> list[str]:
    return list(dict.fromkeys(it.text for doubt in doubts for it in doubt.because if it.text))


def _sources(answer: Answer) -> list[str]:
    """The addresses of the other side; all of the internet is written as people write it."""
    if answer.bits is not None and answer.sources == INTERNET[answer.bits]:
        return ["0.0.0.0/0" if answer.bits == V4 else "::/0"]
    return show_blocks(answer.sources)


def as_json(traced: Traced) -> str:
    """One object: the question, the verdict over all worlds, the hops; `worlds` where conditions decide."""
    first = traced.traces[0]
    entry = {
        "deployment": traced.deployment,
        **({"environment": traced.environment} if traced.environment else {}),
        **_question(first.question, first.answer.bits),
        "verdict": VERDICTS[traced.state],
        **_answer(first.answer),
    }
    if len(traced.traces) > 1:
        entry["worlds"] = [
            {"when": list(traced.words(it)), "verdict": VERDICTS[it.answer.state], **_answer(it.answer)}
            for it in traced.traces
        ]
    return json.dumps(entry, indent=2, ensure_ascii=False) + "\n"


def _question(question: Question, bits: int | None) -> dict[str, object]:
    entry: dict[str, object] = {
        "from": question.source,
        "to": question.target,
        "protocol": question.protocol,
        "port": question.port,
        "family": _FAMILIES[question.bits if bits is None else bits],
    }
    return entry if question.via is None else {**entry, "via": question.via, "listener_port": question.listener_port}


def _answer(answer: Answer) -> dict[str, object]:
    return {
        "partial": round(answer.partial, 3) if answer.partial else None,
        "sources": _sources(answer),
        "hops": [_hop(hop) for hop in answer.hops],
        "unknown": _reasons(answer.unknown),
    }


def _hop(hop: Hop) -> dict[str, object]:
    entry: dict[str, object] = {"at": hop.at, "check": hop.check}
    if hop.because:
        entry["because"] = hop.because
    if hop.span.line:
        entry |= {"path": hop.span.path, "line": hop.span.line, "column": hop.span.column}
    if hop.stops:
        entry |= {"stops": True, "change": hop.change}
    if hop.unknown:
        entry["unknown"] = _reasons(hop.unknown)
    return entry


def mermaid(traced: Traced) -> str:
    """A flow chart of the hops; the one that stops it is crossed, one that is open is dotted."""
    lines = ["flowchart LR"]
    for number, trace in enumerate(traced.traces):
        question, answer = trace.question, trace.answer
        head = f"t{number}"
        lines.append(f'  {head}s(["{quoted(question.source)}"])')
        before = f"{head}s"
        for at, hop in enumerate(answer.hops):
            name = f"{head}h{at}"
            shape = ("{{", "}}") if hop.stops else ("[", "]")
            label = quoted(f"{hop.at}: {hop.check}" if hop.at else hop.check)
            lines.append(f'  {name}{shape[0]}"{label}"{shape[1]}')
            arrow = "-.-x" if hop.stops else "-.->" if hop.unknown else "-->"
            lines.append(f"  {before} {arrow} {name}")
            before = name
        if answer.state is not State.NO:
            lines.append(f'  {head}d(["{quoted(question.target)}"])')
            lines.append(f"  {before} {'-->' if answer.state is State.YES else '-.->'} {head}d")
    return "\n".join(lines) + "\n"
