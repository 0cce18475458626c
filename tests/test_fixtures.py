"""Every rule against its fixtures: a gap on the marked lines and nowhere else, met, and unknown."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from partywall import catalog, cloudformation, terraform
from partywall.declared import Deployment
from partywall.engine import Finding, judge
from partywall.rule import Rule

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules"
CASES = sorted(
    path for path in FIXTURES.rglob("*") if path.stem in ("gap", "met", "unknown") and path.suffix in (".tf", ".yaml")
)
TODAY = datetime.date(2026, 11, 1)


def _deployment(path: Path, directory: Path) -> Deployment:
    copy = directory / path.name
    shutil.copy(path, copy)
    if path.suffix == ".tf":
        return terraform.load(str(directory), variables={}, variable_files=(), workspace=None)
    read = cloudformation.load(str(copy), parameters={}, project=str(directory))
    assert read is not None, "not a template"
    return read


def _rule(path: Path) -> Rule:
    name = path.parent.name
    (found,) = (rule for rule in catalog.rules() if rule.name == name)
    assert found.duty == path.parent.parent.parent.name
    return found


def _judge(path: Path, directory: Path) -> list[Finding]:
    deployment = _deployment(path, directory)
    assert not [problem for problem in deployment.problems if problem.kind != "note"]
    judgement = judge(deployment, [_rule(path)], TODAY)
    assert not judgement.problems
    assert judgement.findings, "the rule found no subject"
    return list(judgement.findings)


def _name(path: Path) -> str:
    return f"{path.parent.name}-{path.name}"


@pytest.mark.parametrize("path", [path for path in CASES if path.stem == "gap"], ids=_name)
def test_gap_is_found_on_the_marked_lines(path: Path, tmp_path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, 1) if line.endswith("# gap")}
    assert marked, "no line is marked"
    found = {finding.span.line for finding in _judge(path, tmp_path) if finding.verdict == "gap"}
    assert found == marked


@pytest.mark.parametrize("path", [path for path in CASES if path.stem == "met"], ids=_name)
def test_met_leaves_nothing_open(path: Path, tmp_path: Path) -> None:
    assert {finding.verdict for finding in _judge(path, tmp_path)} == {"met"}


@pytest.mark.parametrize("path", [path for path in CASES if path.stem == "unknown"], ids=_name)
def test_unknown_is_kept_and_raises_no_alarm(path: Path, tmp_path: Path) -> None:
    verdicts = {finding.verdict for finding in _judge(path, tmp_path)}
    assert "unknown" in verdicts
    assert "gap" not in verdicts
