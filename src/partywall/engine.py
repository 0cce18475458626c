"""Rules, subjects and worlds → findings."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from partywall.aws.resource import Resource
from partywall.declared import Deployment, Dialect
from partywall.graph import Graph, View
from partywall.problem import Problem
from partywall.rule import Rule, Severity
from partywall.source import NOWHERE, Span
from partywall.truth import Because, State, Truth
from partywall.value import MOVED, Known, plain, settle, variables

Verdict = Literal["gap", "met", "unknown"]
MAX_WORLDS = 16
ABSENT = "is not set"
"""What is not there explains a finding only when it comes first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict of one rule about one subject, located and explained."""

    rule: Rule
    verdict: Verdict
    severity: Severity
    dialect: Dialect
    deployment: str
    resource: str
    type: str
    related: tuple[str, ...]
    span: Span
    message: str
    when: tuple[str, ...]
    because: tuple[Because, ...]
    fingerprint: str
    declared_span: Span = NOWHERE
    covered_by: str | None = None
    suppressed: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """All verdicts about a deployment, and what went wrong on the way."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


class _Worlds:
    """The views of one graph, each made once."""

    def __init__(self, graph: Graph, today: datetime.date) -> None:
        self.graph = graph
        self.today = today
        self._views: dict[tuple[tuple[str, str], ...], View] = {}

    def view(self, world: Mapping[str, str]) -> View:
        key = tuple(sorted(world.items()))
        found = self._views.get(key)
        if found is None:
            found = self._views[key] = View(self.graph, dict(key))
            found.memo["today"] = self.today
        return found

    def subjects(self, kind: type[Resource], world: Mapping[str, str]) -> Mapping[tuple[str, str], Resource]:
        view = self.view(world)
        found = view.memo.get(kind)
        if not isinstance(found, dict):
            found = view.memo[kind] = {(it.declared.address, it.key): it for it in kind.subjects(view)}
        return found


def judge(deployment: Deployment, rules: Sequence[Rule], today: datetime.date) -> Judgement:
    """Judge every subject of a deployment by every rule that is about it.

    A rule that fails is a problem of kind `internal`, never the end of the run.
    """
    worlds = _Worlds(Graph(deployment), today)
    findings: list[Finding] = []
    problems: list[Problem] = []
    types = worlds.graph.types
    for rule in rules:
        if types.isdisjoint(rule.subject.cloudformation) and types.isdisjoint(rule.subject.terraform):
            continue
        try:
            subjects = worlds.subjects(rule.subject, {})
        except Exception as error:  # noqa: BLE001 - our fault becomes data
            problems.append(_fault(rule, deployment, error))
            continue
        for key, subject in subjects.items():
            try:
                findings.append(_verdict(rule, key, subject, worlds))
            except Exception as error:  # noqa: BLE001 - our fault becomes data
                problems.append(_fault(rule, deployment, error, subject.span))
    findings.sort(key=lambda it: (it.span, it.rule.id, it.resource, it.fingerprint))
    return Judgement(tuple(findings), tuple(problems))


def _fault(rule: Rule, deployment: Deployment, error: Exception, span: Span | None = None) -> Problem:
    place = span or Span(deployment.name, 0, 0, 0, 0)
    message = f"rule {rule.id} failed ({type(error).__name__}: {error}); this is a fault of partywall, please report it"
    return Problem(place, "internal", message)


def _verdict(rule: Rule, key: tuple[str, str], subject: Resource, worlds: _Worlds) -> Finding:
    """Judge once with choices open, and again under assumptions where those leave the answer unknown."""
    first = rule.judge(subject)
    open_ = variables(subject.declared.exists)
    if first.state is State.UNKNOWN:
        open_ |= first.variables
    if not open_:
        return _finding(rule, subject, first, ())
    answers = list(_answers(rule, key, worlds, open_))
    gaps = [(world, truth) for world, truth, _ in answers if truth.state is State.YES]
    if gaps:
        when = _when(worlds.graph, [world for world, _ in gaps], [world for world, _, _ in answers])
        at = next(it for _, truth, it in answers if truth.state is State.YES)
        if len(gaps) == len(answers) and not variables(subject.declared.exists):
            when = ()
        return _finding(rule, at, gaps[0][1], when)
    unknowns = [(truth, it) for _, truth, it in answers if truth.state is State.UNKNOWN]
    if unknowns:
        return _finding(rule, unknowns[0][1], unknowns[0][0], ())
    if answers:
        return _finding(rule, answers[0][2], answers[0][1], ())
    return _finding(rule, subject, first, ())


def _answers(
    rule: Rule, key: tuple[str, str], worlds: _Worlds, open_: frozenset[str]
) -> Iterator[tuple[Mapping[str, str], Truth, Resource]]:
    """Each world that decides the answer, split on one variable at a time."""
    options = worlds.graph.options
    pending: list[tuple[dict[str, str], frozenset[str]]] = [({}, open_)]
    made = 0
    while pending:
        world, wanted = pending.pop()
        free = sorted(name for name in wanted if name not in world and name in options)
        if free and made < MAX_WORLDS:
            made += len(options[free[0]])
            pending.extend(({**world, free[0]: option}, wanted) for option in reversed(options[free[0]]))
            continue
        subject = worlds.subjects(rule.subject, world).get(key)
        if subject is None:
            continue
        exists = settle(subject.declared.exists, world)
        if isinstance(exists, Known) and exists.it is False:
            continue
        truth = rule.judge(subject)
        more = truth.variables - set(world)
        if truth.state is State.UNKNOWN and more & set(options) and made < MAX_WORLDS:
            pending.append((world, wanted | more))
            continue
        yield world, truth, subject


def _when(graph: Graph, gaps: Sequence[Mapping[str, str]], judged: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """In the words of the template, when the gap is there: one variable if one decides, else the worlds."""

    def said(name: str, option: str) -> str:
        return graph.deployment.described.get((name, option), f"{name} is {option}")

    for name in sorted(gaps[0]):
        there = {world.get(name) for world in gaps}
        if there.isdisjoint(world.get(name) for world in judged if world not in gaps):
            texts = dict.fromkeys(said(name, option) for option in graph.options[name] if option in there)
            everywhere = there == set(graph.options[name])
            if not everywhere:
                return (" or ".join(texts),)
    if len(gaps) == 1:
        return tuple(said(name, option) for name, option in sorted(gaps[0].items()))
    return (" or ".join(" and ".join(said(*pair) for pair in sorted(world.items())) for world in gaps),)


_VERDICTS: dict[State, Verdict] = {State.YES: "gap", State.NO: "met", State.UNKNOWN: "unknown"}


def _finding(rule: Rule, subject: Resource, truth: Truth, when: tuple[str, ...]) -> Finding:
    declared = subject.declared
    because = truth.because
    first = next((it for it in because if it.span.line), None)
    span = first.span if first is not None and first.span.path else subject.span
    named = declared.author or declared.address
    related = tuple(sorted({declared.address, *(it.resource for it in because)} - {"", named}))
    texts = list(dict.fromkeys(it.text for it in because if it.text not in ("", MOVED)))
    said = "; ".join(text for at, text in enumerate(texts[:4]) if not at or not text.endswith(ABSENT)) or rule.title
    if declared.part:
        said = f"{declared.part} of {declared.author}: {said}"
    content = f"{rule.id}|{declared.address}|{declared.span.path}|{subject.key and plain(subject.value)!r}"
    return Finding(
        rule=rule,
        verdict=_VERDICTS[truth.state],
        severity=rule.severity_of(subject) if truth.state is State.YES else rule.severity,
        dialect=declared.dialect,
        deployment=subject.view.graph.deployment.name,
        resource=named,
        type=declared.type,
        related=related,
        span=span,
        message=said,
        when=when,
        because=because,
        fingerprint=hashlib.sha256(content.encode()).hexdigest()[:32],
        declared_span=declared.span,
    )
