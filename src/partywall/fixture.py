"""Fixtures of rules: small templates that show a gap, its absence, or what cannot be known, and are checked.

`<folder>/<rule-name>/{gap,met,unknown}.{tf,yaml}`, at any depth. In a gap every line that a finding has to point to
ends with `# gap`, and no other line may have one.
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from partywall import cloudformation, terraform
from partywall.declared import Deployment
from partywall.engine import Finding, judge
from partywall.immutable import immutable
from partywall.rule import Rule

STEMS = ("gap", "met", "unknown")
SUFFIXES = (".tf", ".yaml")
MARK = "# gap"


@immutable()
class Case:
    """One template and the rule it shows."""

    path: Path
    rule: Rule

    @property
    def kind(self) -> str:
        """`gap`, `met` or `unknown`."""
        return self.path.stem


def cases(folder: Path, rules: Sequence[Rule]) -> Iterator[Case]:
    """The cases below a folder, sorted. Raises LookupError for one whose directory is called like no rule."""
    by_name = {rule.name: rule for rule in rules}
    for path in sorted(folder.rglob("*")):
        if path.stem in STEMS and path.suffix in SUFFIXES:
            if path.parent.name not in by_name:
                raise LookupError(f"{path}: no rule is called {path.parent.name}")
            yield Case(path, by_name[path.parent.name])


def faults(case: Case, directory: Path, today: datetime.date) -> list[str]:
    """What is wrong with a case, in sentences; nothing where the rule says what it has to. `directory` is empty."""
    deployment = _deployment(case.path, directory)
    if deployment is None:
        return ["it is no template"]
    judgement = judge(deployment, [case.rule], today)
    found = [f"{it.span.line}: {it.message}" for it in deployment.problems if it.kind != "note"]
    found += [it.message for it in judgement.problems]
    if found:
        return found
    if not judgement.findings:
        return ["the rule finds no subject in it"]
    return list(_wrong(case, judgement.findings))


def _wrong(case: Case, findings: Sequence[Finding]) -> Iterator[str]:
    verdicts = {it.verdict for it in findings}
    gaps = {it.span.line for it in findings if it.verdict == "gap"}
    if case.kind == "gap":
        lines = case.path.read_text(encoding="utf-8").splitlines()
        marked = {number for number, line in enumerate(lines, 1) if line.endswith(MARK)}
        if not marked:
            yield f"no line ends with {MARK}"
        for line in sorted(marked - gaps):
            yield f"line {line} is marked and has no gap"
        for line in sorted(gaps - marked):
            yield f"line {line} has a gap and is not marked"
    elif case.kind == "met":
        yield from (f"line {it.span.line} is {it.verdict}: {it.message}" for it in findings if it.verdict != "met")
    else:
        if "unknown" not in verdicts:
            yield f"nothing is unknown in it; there is {', '.join(sorted(verdicts))}"
        yield from (f"line {line} is an alarm from an unknown value" for line in sorted(gaps))


def _deployment(path: Path, directory: Path) -> Deployment | None:
    copy = directory / path.name
    shutil.copy(path, copy)
    if path.suffix == ".tf":
        return terraform.load(str(directory), variables={}, variable_files=(), workspace=None)
    return cloudformation.load(str(copy), parameters={}, project=str(directory))
