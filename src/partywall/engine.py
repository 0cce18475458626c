"""Rules, subjects and worlds → findings."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Literal

from partywall.aws.resource import Resource
from partywall.declared import Deployment, Dialect
from partywall.graph import Graph, View
from partywall.immutable import immutable
from partywall.problem import Problem, fault
from partywall.rule import Rule, Severity
from partywall.source import NOWHERE, Span
from partywall.truth import Because, State, Truth
from partywall.value import BY_DEFAULT, never, plain, variables

Verdict = Literal["gap", "met", "unknown"]
MAX_WORLDS = 16
MAX_REASONS = 4
ABSENT = "is not set"


@immutable()
class Finding:
    """One verdict of one rule about one subject, located and explained.

    `resource` is the declaration as its author knows it; where a transform made another one of it, `address` is that
    one's and `part` what it is of the author's ("role"). `key` tells the rule and the subject by content, without line
    or file, and `former` are the keys it had while its declaration had other addresses; `place` is the deployment's
    path in the project, which makes the fingerprint together with the key. `environments` are those it holds in, where
    the configuration names some.
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
    label: str = ""
    covered_by: str | None = None
    suppressed: str | None = None
    environments: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for the same gap of the same deployment, wherever its lines move."""
        return hashlib.sha256(f"{self.place}|{self.key}".encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def because(self) -> tuple[Because, ...]:
        """The reasons, the deciding one first; what is merely absent explains only when it comes first."""
        reasons = self.truth.because
        return (*reasons[:1], *(it for it in reasons[1:] if not _is_absence(it)))

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


def _is_absence(reason: Because) -> bool:
    return reason.text.endswith(ABSENT) or any(step.text == BY_DEFAULT for step in reason.trail)


@immutable()
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
        if all(map(types.isdisjoint, rule.resources.values())):
            continue
        try:
            subjects = worlds.subjects(rule.subject, {})
        except Exception as error:  # noqa: BLE001 - our fault becomes data
            problems.append(_fault(rule, deployment, error))
            continue
        for key, subject in subjects.items():
            try:
                found = _verdict(rule, key, subject, worlds)
            except Exception as error:  # noqa: BLE001 - our fault becomes data
                problems.append(_fault(rule, deployment, error, subject.span))
            else:
                findings += [found] if found is not None else []
    findings.sort(key=lambda it: (it.span, it.rule.id, it.resource, it.fingerprint))
    return Judgement(tuple(findings), tuple(problems))


def _fault(rule: Rule, deployment: Deployment, error: Exception, span: Span | None = None) -> Problem:
    return fault(error, f"rule {rule.id}", span or Span(deployment.name, 0, 0, 0, 0))


def _verdict(rule: Rule, key: tuple[str, str], subject: Resource, worlds: _Worlds) -> Finding | None:
    """Judge once with choices open, and again under assumptions where those leave the answer unknown.

    Nothing is said of what exists in no world.
    """
    first = rule.judge(subject)
    open_ = variables(subject.declared.exists)
    if first.state is State.UNKNOWN:
        open_ |= first.variables
    if not open_:
        return _finding(rule, worlds.place, subject, first, ())
    judged = list(_answers(rule, key, subject, worlds, open_))
    answers = [it for it in judged if it.truth is not None]
    for state in (State.YES, State.UNKNOWN, State.NO):
        found = [it for it in answers if it.truth is not None and it.truth.state is state]
        if not found:
            continue
        at = found[0] if state is not State.YES else max(found, key=lambda it: rule.weighed(it.subject)[0])
        assert at.truth is not None
        when: tuple[str, ...] = ()
        if state is State.YES and len(found) < len(judged):
            when = _when(worlds.graph, [it.world for it in found], [it.world for it in answers])
        return _finding(rule, worlds.place, at.subject, at.truth, when)
    exists = subject.declared.exists
    if all(never(exists, it.world) for it in judged):
        return None
    return _finding(rule, worlds.place, subject, first, ())


@immutable()
class _Answer:
    """What a rule says in one world; None where the subject is not there."""

    world: Mapping[str, str]
    truth: Truth | None
    subject: Resource


def _answers(
    rule: Rule, key: tuple[str, str], subject: Resource, worlds: _Worlds, open_: frozenset[str]
) -> Iterator[_Answer]:
    """Each possible world that decides the answer, split on one variable at a time, those with few options first."""
    options = worlds.graph.options
    possible = worlds.graph.deployment.possible
    pending: list[tuple[dict[str, str], frozenset[str]]] = [({}, open_)]
    made = 0
    while pending:
        world, wanted = pending.pop()
        if never(possible, world):
            continue
        free = sorted((len(options[name]), name) for name in wanted if name not in world and name in options)
        if free and made < MAX_WORLDS:
            made += free[0][0]
            pending.extend(({**world, free[0][1]: option}, wanted) for option in reversed(options[free[0][1]]))
            continue
        if never(subject.declared.exists, world):
            yield _Answer(world, None, subject)
            continue
        here = worlds.subjects(rule.subject, world).get(key)
        if here is None:
            yield _Answer(world, None, subject)
            continue
        truth = rule.judge(here)
        more = truth.variables - set(world)
        if truth.state is State.UNKNOWN and more & set(options) and made < MAX_WORLDS:
            pending.append((world, wanted | more))
            continue
        yield _Answer(world, truth, here)


def _when(graph: Graph, gaps: Sequence[Mapping[str, str]], judged: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """In the words of the template, when the gap is there: one variable if one decides, else the worlds."""
    for name in sorted(gaps[0]):
        there = {world.get(name) for world in gaps}
        elsewhere = {world.get(name) for world in judged if world not in gaps}
        if there.isdisjoint(elsewhere) and there != set(graph.options[name]):
            options = [option for option in graph.options[name] if option in there]
            return (_alternatives(name, [_said(graph, name, option, there) for option in options]),)

    def alone(world: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(_said(graph, name, option, {option}) for name, option in sorted(world.items()))

    return alone(gaps[0]) if len(gaps) == 1 else (" or ".join(" and ".join(alone(world)) for world in gaps),)


def _alternatives(name: str, texts: Sequence[str]) -> str:
    """Several options of one variable in one phrase, each once: "Size is small, medium or large"."""
    told = list(dict.fromkeys(texts))
    head = f"{name} is "
    if len(told) > 1 and all(text.startswith(head) for text in told):
        values = [text.removeprefix(head) for text in told]
        return f"{head}{', '.join(values[:-1])} or {values[-1]}"
    return " or ".join(told)


def _said(graph: Graph, name: str, option: str, among: Container[str | None]) -> str:
    """The words for an option; those that stand for several options only where all of these are meant."""
    described = graph.deployment.described
    text = described.get((name, option))
    alike = (one for one in graph.options[name] if described.get((name, one)) == text)
    return text if text is not None and all(one in among for one in alike) else f"{name} is {option}"


_VERDICTS: dict[State, Verdict] = {State.YES: "gap", State.NO: "met", State.UNKNOWN: "unknown"}


def _finding(rule: Rule, place: str, subject: Resource, truth: Truth, when: tuple[str, ...]) -> Finding:
    declared = subject.declared
    severity = rule.severity
    if truth.state is State.YES:
        severity, told = rule.weighed(subject)
        truth = Truth(State.YES, (truth, *told), truth.variables) if told else truth
    span = next((it.span for it in truth.leaves if it.span.line), subject.span)
    if declared.made is not None:
        # Evidence without words of its own: how the declaration itself came to be.
        truth = Truth(truth.state, (truth, Because("", declared.span, trail=(declared.made,))), truth.variables)
    part = f"{subject.key and plain(subject.value)!r}"
    return Finding(
        rule=rule,
        verdict=_VERDICTS[truth.state],
        severity=severity,
        dialect=declared.dialect,
        deployment=subject.view.graph.deployment.name,
        resource=declared.author or declared.address,
        address=declared.address,
        part=declared.part,
        label=declared.label,
        type=declared.type,
        span=span,
        when=when,
        truth=truth,
        place=place,
        key=_key(rule, declared.address, part),
        declared_span=declared.span,
        former=tuple(_key(rule, address, part) for address in declared.former),
    )


def _key(rule: Rule, address: str, part: str) -> str:
    return hashlib.sha256(f"{rule.id}|{address}|{part}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
