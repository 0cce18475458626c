"""The whole way once: paths → deployments → findings, accepted ones marked, and what could not be linted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from partywall import discover
from partywall.configuration import Settings, chosen
from partywall.engine import Finding
from partywall.immutable import immutable
from partywall.lint import Given, Linted, given_for
from partywall.problem import Problem
from partywall.rule import Rule
from partywall.run import Means, Work, run
from partywall.source import Span
from partywall.suppress import Used, notes

if TYPE_CHECKING:
    from partywall.drawing import Drawing

Progress = Callable[[int, int, str], None]


@immutable()
class Report:
    """What one run found out; every format is made from it.

    `findings` hold all verdicts, also those not shown; `marks` what accepts gaps in the sources, and how many each
    accepts. Compared with what was there before, `since` names that and `closed` counts the gaps that are gone.
    `drawings` are there where a format wants them.
    """

    deployments: tuple[Linted, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    rules: tuple[Rule, ...]
    marks: tuple[Used, ...] = ()
    since: str = ""
    closed: int = 0
    drawings: tuple[Drawing, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The display paths that were read."""
        return tuple(dict.fromkeys(path for one in self.deployments for path in one.files))

    @property
    def resources(self) -> int:
        """How many resources and data sources there are, instances counted."""
        return sum(len(one.addresses) for one in self.deployments)

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
    means: Means = Means(),  # noqa: B008 - immutable
) -> Report:
    """Lint some files and directories. Raises ConfigurationError for a selection that names no rule."""
    selected = chosen(settings, rules)
    targets, problems = discover.targets(paths, settings.exclude, triggers=triggers, cache=means.cache)
    given = given_for(settings)
    problems += [problem for one in given for problem in one.problems]
    if progress is not None and targets:
        progress(0, len(targets), targets[0].path)
    work = Work(given, settings, selected, rules, today, ignores, "met" in settings.show)
    told = (lambda done, path: progress(done, len(targets), path)) if progress is not None else (lambda *_: None)
    made = run(targets, work, means, told)
    marks = tuple(mark for one in made for mark in one.marks)
    problems += [problem for one in made for problem in (*one.problems, *one.unseen)]
    problems += notes(marks, today)
    problems += _idle(given, made, triggers=triggers)
    if not triggers:
        problems += _unread(targets, made, problems)
    findings = [finding for one in made for finding in one.findings]
    findings.sort(key=lambda it: (it.span, it.rule.id, it.resource, it.deployment, it.fingerprint))
    return Report(tuple(made), tuple(findings), tuple(sorted(set(problems))), tuple(rules), marks)


def _unread(
    targets: Sequence[discover.Target], made: Sequence[Linted], problems: Sequence[Problem]
) -> Iterator[Problem]:
    """Files that were named, belong to a deployment by their place, and yet have no part in it."""
    known = {path for one in made for path in one.files} | {problem.span.path for problem in problems}
    for path in sorted({path for target in targets for path in target.named} - known):
        yield Problem(Span(path, 1, 1, 1, 1), "note", "was not read: no deployment takes this file in")


def _idle(given: Sequence[Given], made: Sequence[Linted], *, triggers: bool) -> Iterator[Problem]:
    """Parameters that no template has; a hook does not see all templates."""
    if not any(one.parameters is not None for one in made):
        return
    known = {name for one in made for name in one.parameters or ()}
    for name, value in (pair for one in given for pair in one.parameters.items()):
        if name not in known:
            written = bool(value.span.line)
            span = value.span if written else Span("--parameter", 0, 0, 0, 0)
            yield Problem(span, "error" if written and not triggers else "note", f"no template has a parameter {name}")
