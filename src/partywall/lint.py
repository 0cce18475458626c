"""One target, from its files to its findings: deployments know nothing of each other."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

from partywall import source
from partywall.configuration import Inputs, Settings
from partywall.cover import covered
from partywall.declared import Deployment
from partywall.discover import Target
from partywall.engine import Finding, judge
from partywall.immutable import immutable
from partywall.problem import Problem, fault
from partywall.rule import Rule
from partywall.source import Span
from partywall.suppress import Used, suppressed
from partywall.value import Setting


@immutable()
class Linted:
    """What came of one deployment.

    `place` is its path in the project, `files` are the display paths that were read, `addresses` the types and
    addresses of its resources, `unseen` what the sources name but do not hold. `parameters` are those that a template
    has; None for anything else.
    """

    place: str
    files: tuple[str, ...]
    addresses: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    marks: tuple[Used, ...]
    unseen: tuple[Problem, ...]
    parameters: frozenset[str] | None


@immutable()
class Given:
    """What deployments are given in an environment ("" where none is named), files of parameters read."""

    environment: str
    inputs: Inputs
    parameters: Mapping[str, Setting]
    problems: tuple[Problem, ...] = ()


def given_for(settings: Settings) -> tuple[Given, ...]:
    """What the settings give: once for each environment, or once for all."""
    named = {name: one.over(settings.inputs) for name, one in settings.environments.items()} or {"": settings.inputs}
    return tuple(Given(name, one, *_parameters_of(one)) for name, one in named.items())


def _parameters_of(inputs: Inputs) -> tuple[Mapping[str, Setting], tuple[Problem, ...]]:
    if not (inputs.parameters or inputs.parameter_files):
        return {}, ()
    from partywall import cloudformation

    return cloudformation.given(inputs.parameters, inputs.parameter_files)


def lint(
    target: Target,
    given: Sequence[Given],
    settings: Settings,
    selected: Sequence[Rule],
    rules: Sequence[Rule],
    today: datetime.date,
    *,
    ignores: bool = True,
) -> Linted | None:
    """Load, judge by the selected rules and mark what is accepted; None for a file that is no template.

    A target that makes us fail is a problem of kind `internal`, never the end of the run. `rules` are all there are:
    marks may name rules that are not selected. The target is judged in every environment, and what is the same in
    several is one finding.
    """
    made = []
    for values in given:
        try:
            with target.fenced(*values.inputs.variable_files):
                one = _linted(target, values, settings, selected, rules, today, ignores=ignores)
        except Exception as error:  # noqa: BLE001 - our fault becomes data
            one = failed(target, fault(error, "reading this", whole(target)))
        if one is None:
            return None
        made.append(one)
    return made[0] if len(made) == 1 else _together(made)


def failed(target: Target, wrong: Problem) -> Linted:
    """What comes of a target that could not be linted."""
    return Linted(target.place, (), (), (), (wrong,), (), (), None)


def whole(target: Target) -> Span:
    """The place of a problem with all of a target."""
    return Span(source.display(target.path), 0, 0, 0, 0)


def _together(made: Sequence[Linted]) -> Linted:
    """One deployment as it is in several environments."""
    found: dict[tuple[object, ...], Finding] = {}
    for it in (finding for one in made for finding in one.findings):
        same = (it.fingerprint, it.verdict, it.span, it.when, it.suppressed)
        before = found.get(same)
        names = it.environments if before is None else (*before.environments, *it.environments)
        found[same] = replace(it, environments=names)
    return Linted(
        made[0].place,
        tuple(dict.fromkeys(path for one in made for path in one.files)),
        tuple(dict.fromkeys(pair for one in made for pair in one.addresses)),
        tuple(found.values()),
        tuple(dict.fromkeys(problem for one in made for problem in one.problems)),
        tuple(mark for one in made for mark in one.marks),
        tuple(dict.fromkeys(problem for one in made for problem in one.unseen)),
        made[0].parameters,
    )


def _linted(
    target: Target,
    given: Given,
    settings: Settings,
    selected: Sequence[Rule],
    rules: Sequence[Rule],
    today: datetime.date,
    *,
    ignores: bool,
) -> Linted | None:
    loaded = load(target, given)
    if loaded is None:
        return None
    deployment = replace(loaded, owner=settings.owner)
    judgement = judge(deployment, selected, today, target.place)
    findings: Sequence[Finding] = judgement.findings
    problems = [*deployment.problems, *judgement.problems]
    if given.environment:
        findings = [replace(it, environments=(given.environment,)) for it in findings]
    marks: tuple[Used, ...] = ()
    if ignores:
        accepted = suppressed(deployment, findings, rules, settings.ignores, today)
        findings, marks = accepted.findings, accepted.marks
        problems += accepted.problems
    return Linted(
        target.place,
        deployment.files,
        tuple((it.type, it.address) for it in deployment.resources if it.is_resource),
        tuple(it for it in covered(findings) if not target.named or _touches(it, target.named)),
        tuple(problems),
        marks,
        deployment.unseen,
        _parameters(deployment) if target.dialect == "cloudformation" else None,
    )


def _parameters(deployment: Deployment) -> frozenset[str]:
    return frozenset(it.address.removeprefix("Parameters.") for it in deployment.resources if it.type == "parameter")


def _touches(finding: Finding, named: frozenset[str]) -> bool:
    places = [finding.span, finding.declared_span, *(span for it in finding.because for span in it.places)]
    return any(span.path in named for span in places)


def load(target: Target, given: Given) -> Deployment | None:
    """Read and evaluate one target; None for a file that is no template."""
    # The front ends are imported where a target needs one: each costs a fifth of a start.
    inputs = given.inputs
    if target.dialect == "cloudformation":
        return _template(target, given)
    from partywall import terraform

    if target.dialect == "terraform":
        return terraform.load(
            target.path,
            variables=inputs.variables,
            variable_files=inputs.variable_files,
            workspace=inputs.workspace,
            project=target.project,
            region=inputs.region,
            account=inputs.account_id,
            environment=inputs.environment,
        )
    return terraform.load_plan(target.path, project=target.project)


def _template(target: Target, given: Given) -> Deployment | None:
    from partywall import cloudformation

    inputs = given.inputs
    pseudo = {"AWS::Region": inputs.region, "AWS::AccountId": inputs.account_id}
    survey = target.survey or cloudformation.Survey(target.project)
    return cloudformation.load(
        target.path,
        parameters={**survey.parameters(target.path), **given.parameters},
        surroundings=survey.surroundings(
            target.path, given.parameters, {key: it for key, it in pseudo.items() if it is not None}
        ),
    )
