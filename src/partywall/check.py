"""The whole way once: paths → deployments → findings, accepted ones marked, and what could not be linted."""

from __future__ import annotations

import datetime
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from partywall import cloudformation, discover, terraform
from partywall.configuration import Settings, chosen
from partywall.cover import covered
from partywall.declared import Deployment
from partywall.discover import Target
from partywall.engine import Finding, judge
from partywall.problem import Problem
from partywall.rule import Rule
from partywall.suppress import Used, notes, suppressed

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What one run found out; every format is made from it.

    `files` are the display paths that were read; `findings` hold all verdicts, also those not shown; `marks` what
    accepts gaps in the sources, and how many each accepts.
    """

    deployments: int
    files: tuple[str, ...]
    resources: int
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    rules: tuple[Rule, ...]
    marks: tuple[Used, ...] = ()

    def count(self, verdict: str) -> int:
        """How many verdicts of a kind there are; `suppressed` counts accepted gaps, which `gap` leaves out."""
        if verdict == "suppressed":
            return sum(it.suppressed is not None and it.verdict == "gap" for it in self.findings)
        return sum(it.verdict == verdict and (it.suppressed is None or verdict != "gap") for it in self.findings)

    def shown(self, verdicts: Sequence[str]) -> list[Finding]:
        """The findings of the kinds asked for."""
        return [it for it in self.findings if kind(it) in verdicts]


def kind(finding: Finding) -> str:
    """The verdict, or `suppressed` for a gap that its owner accepted."""
    return "suppressed" if finding.suppressed is not None and finding.verdict == "gap" else finding.verdict


def check(
    paths: Sequence[str],
    settings: Settings,
    rules: Sequence[Rule],
    today: datetime.date,
    *,
    triggers: bool = False,
    ignores: bool = True,
    progress: Progress | None = None,
) -> Report:
    """Lint some files and directories. Raises ConfigurationError for a selection that names no rule."""
    selected = chosen(settings, rules)
    targets, problems = discover.targets(paths, settings.exclude, triggers=triggers)
    findings: list[Finding] = []
    files: dict[str, None] = {}
    marks: tuple[Used, ...] = ()
    deployments = resources = 0
    collecting = gc.isenabled()
    gc.disable()  # A run makes many immutable objects and little garbage: collecting costs a fifth of its time.
    try:
        for number, target in enumerate(targets):
            if progress is not None:
                progress(number, len(targets), target.path)
            deployment = load(target, settings)
            if deployment is None:
                continue
            deployments += 1
            resources += sum(declared.is_resource for declared in deployment.resources)
            files |= dict.fromkeys(deployment.files)
            judgement = judge(deployment, selected, today)
            made: Sequence[Finding] = judgement.findings
            if ignores:
                accepted = suppressed(deployment, made, rules, settings.ignores, today)
                made, marks = accepted.findings, (*marks, *accepted.marks)
                problems += accepted.problems
            findings += [it for it in covered(made) if not target.named or _touches(it, target.named)]
            problems += [*deployment.problems, *deployment.unseen, *judgement.problems]
    finally:
        if collecting:
            gc.enable()
    problems += notes(marks, today)
    findings.sort(key=lambda it: (it.span, it.rule.id, it.resource, it.deployment, it.fingerprint))
    told = tuple(sorted(set(problems)))
    return Report(deployments, tuple(files), resources, tuple(findings), told, tuple(rules), marks)


def _touches(finding: Finding, named: frozenset[str]) -> bool:
    places = [finding.span, finding.declared_span, *(span for it in finding.because for span in it.places)]
    return any(span.path in named for span in places)


def load(target: Target, settings: Settings) -> Deployment | None:
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
    return cloudformation.load(
        target.path,
        parameters=settings.parameters,
        project=target.project,
        region=settings.region,
        account=settings.account_id,
    )
