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
from partywall.value import Known, plain, settle, variables

Verdict = Literal["gap", "met", "unknown"]
MAX_WORLDS = 16
MAX_REASONS = 4
ABSENT = "is not set"


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict of one rule about one subject, located and explained.

    `resource` is the declaration as its author knows it; where a transform made another one of it, `address` is that
    one's and `part` what it is of the author's ("role"). `key` tells the rule and the subject by content, without line
    or file; `place` is the deployment's path in the project, and both together make the fingerprint.
    """

    rule: Rule
    verdict: Verdict
    severity: Severity
    dialect: Dialect
    deployment: str
    resource: str
    address: str
    part: str
    type: str
    span: Span
    when: tuple[str, ...]
    truth: Truth
    place: str
    key: str
    declared_span: Span = NOWHERE
    covered_by: str | None = None
    suppressed: str | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same gap of the same deployment, wherever its lines move."""
        return hashlib.sha256(f"{self.place}|{self.key}".encode()).hexdigest()[:32]

    @property
    def because(self) -> tuple[Because, ...]:
        """The reasons, the deciding one first; what is merely absent explains only when it comes first."""
        reasons = self.truth.because
        return (*reasons[:1], *(it for it in reasons[1:] if not it.text.endswith(ABSENT)))

    @property
    def related(self) -> tuple[str, ...]:
        """The other declarations that decided the verdict, sorted."""
        return tuple(sorted({self.address, *(it.resource for it in self.truth.leaves)} - {"", self.resource}))

    @property
    def cause(self) -> str:
        """What would have to be known for an unknown verdict to be decided."""
        return next((it.cause for it in self.truth.leaves if it.cause), "")

    @property
    def message(self) -> str:
        """The first reasons in one line."""
        texts = dict.fromkeys(it.text for it in self.because)
        said = "; ".join([text for text in texts if text][:MAX_REASONS]) or self.rule.title
        return f"{self.part} of {self.resource}: {said}" if self.part else said


@dataclass(frozen=True, slots=True)
class Judgement:
    """All verdicts about a deployment, and what went wrong on the way."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


class _Worlds:
    """The views of one graph, each made once."""

    def __init__(self, graph: Graph, today: datetime.date, place: str) -> None:
        self.graph = graph
        self.today = today
        self.place = place
        self._views: dict[tuple[tuple[str, str], ...], View] = {}

    def view(self, world: Mapping[str, str]) -> View:
        key = tuple(sorted(world.items()))
        found = self._views.get(key)
        if found is None:
            found = self._views[key] = View(self.graph, dict(key), self.today)
        return found

    def subjects(self, kind: type[Resource], world: Mapping[str, str]) -> Mapping[tuple[str, str], Resource]:
        view = self.view(world)
        found = view.memo.get(kind)
        if not isinstance(found, dict):
            found = view.memo[kind] = {(it.declared.address, it.key): it for it in kind.subjects(view)}
        return found


def judge(deployment: Deployment, rules: Sequence[Rule], today: datetime.date, place: str | None = None) -> Judgement:
    """Judge every subject of a deployment by every rule that is about it.

    `place` names the deployment in fingerprints, whatever directory the run is started from. A rule that fails is a
    problem of kind `internal`, never the end of the run.
    """
    worlds = _Worlds(Graph(deployment), today, deployment.name if place is None else place)
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
        return _finding(rule, worlds.place, subject, first, ())
    answers = list(_answers(rule, key, worlds, open_))
    gaps = [(world, truth) for world, truth, _ in answers if truth.state is State.YES]
    if gaps:
        when = _when(worlds.graph, [world for world, _ in gaps], [world for world, _, _ in answers])
        at = next(it for _, truth, it in answers if truth.state is State.YES)
        if len(gaps) == len(answers) and not variables(subject.declared.exists):
            when = ()
        return _finding(rule, worlds.place, at, gaps[0][1], when)
    unknowns = [(truth, it) for _, truth, it in answers if truth.state is State.UNKNOWN]
    if unknowns:
        return _finding(rule, worlds.place, unknowns[0][1], unknowns[0][0], ())
    if answers:
        return _finding(rule, worlds.place, answers[0][2], answers[0][1], ())
    return _finding(rule, worlds.place, subject, first, ())


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


def _finding(rule: Rule, place: str, subject: Resource, truth: Truth, when: tuple[str, ...]) -> Finding:
    declared = subject.declared
    span = next((it.span for it in truth.leaves if it.span.line), subject.span)
    content = f"{rule.id}|{declared.address}|{subject.key and plain(subject.value)!r}"
    return Finding(
        rule=rule,
        verdict=_VERDICTS[truth.state],
        severity=rule.severity_of(subject) if truth.state is State.YES else rule.severity,
        dialect=declared.dialect,
        deployment=subject.view.graph.deployment.name,
        resource=declared.author or declared.address,
        address=declared.address,
        part=declared.part,
        type=declared.type,
        span=span,
        when=when,
        truth=truth,
        place=place,
        key=hashlib.sha256(content.encode()).hexdigest()[:32],
        declared_span=declared.span,
    )
