"""One target, from its files to its findings: deployments know nothing of each other."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from partywall import cloudformation, terraform
from partywall.configuration import Settings
from partywall.cover import covered
from partywall.declared import Deployment
from partywall.discover import Target
from partywall.engine import Finding, judge
from partywall.problem import Problem
from partywall.rule import Rule
from partywall.suppress import Used, suppressed
from partywall.value import Setting


@dataclass(frozen=True, slots=True)
class Linted:
    """What came of one deployment.

    `place` is its path in the project, `files` are the display paths that were read, `addresses` the types and
    addresses of its resources. `parameters` are those that a template has; None for anything else.
    """

    place: str
    files: tuple[str, ...]
    addresses: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    marks: tuple[Used, ...]
    parameters: frozenset[str] | None


def lint(
    target: Target,
    settings: Settings,
    selected: Sequence[Rule],
    rules: Sequence[Rule],
    today: datetime.date,
    given: Mapping[str, Setting],
    *,
    ignores: bool = True,
) -> Linted | None:
    """Load, judge by the selected rules and mark what is accepted; None for a file that is no template.

    `rules` are all there are: marks may name rules that are not selected. `given` are the parameters of templates.
    """
    deployment = load(target, settings, given)
    if deployment is None:
        return None
    place = os.path.relpath(target.path, target.project).replace(os.sep, "/")
    judgement = judge(deployment, selected, today, place)
    findings: Sequence[Finding] = judgement.findings
    problems = [*deployment.problems, *deployment.unseen, *judgement.problems]
    marks: tuple[Used, ...] = ()
    if ignores:
        accepted = suppressed(deployment, findings, rules, settings.ignores, today)
        findings, marks = accepted.findings, accepted.marks
        problems += accepted.problems
    return Linted(
        place,
        deployment.files,
        tuple((it.type, it.address) for it in deployment.resources if it.is_resource),
        tuple(it for it in covered(findings) if not target.named or _touches(it, target.named)),
        tuple(problems),
        marks,
        _parameters(deployment) if target.dialect == "cloudformation" else None,
    )


def _parameters(deployment: Deployment) -> frozenset[str]:
    return frozenset(it.address.removeprefix("Parameters.") for it in deployment.resources if it.type == "parameter")


def _touches(finding: Finding, named: frozenset[str]) -> bool:
    places = [finding.span, finding.declared_span, *(span for it in finding.because for span in it.places)]
    return any(span.path in named for span in places)


def load(target: Target, settings: Settings, given: Mapping[str, Setting]) -> Deployment | None:
    """Read and evaluate one target; None for a file that is no template."""
    if target.dialect == "terraform":
        return terraform.load(
            target.path,
            variables=settings.variables,
            variable_files=settings.variable_files,
            workspace=settings.workspace,
            project=target.project,
            region=settings.region,
            account=settings.account_id,
        )
    if target.dialect == "plan":
        return terraform.load_plan(target.path, project=target.project)
    pseudo = {"AWS::Region": settings.region, "AWS::AccountId": settings.account_id}
    survey = target.survey or cloudformation.Survey(target.project)
    return cloudformation.load(
        target.path,
        parameters={**survey.parameters(target.path), **given},
        surroundings=survey.surroundings(target.path, given, {key: it for key, it in pseudo.items() if it}),
    )
