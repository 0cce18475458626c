"""Whole configurations answer as `terraform plan` does, and a plan shows the gaps of its configuration.

Runs the real `terraform` with the AWS provider, where both are at hand; `benchmarks/terraform_oracle.py` does the same
with any number of roots.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from terraform_comparison import compare
from terraform_oracle import load
from terraform_planner import Planner, binary

from partywall import catalog
from partywall.declared import Deployment
from partywall.engine import Finding, judge
from partywall.terraform import load_plan

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "terraform"
ROOTS = ("application", "exposed", "policy_documents")
LATE = "aws_security_group.web.egress: depends on aws_instance.web.secondary_private_ips has elements"
"""The one thing in them that only AWS can tell."""

Key = tuple[str, str]
"""A rule and the address of a resource."""
Verdicts = dict[Key, set[str]]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(binary() is None, reason="terraform or an unpacked AWS provider is not on this machine"),
]


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    return Planner(tmp_path_factory.mktemp("oracle"))


class Planned:
    """A root module where terraform could plan it, and its plan."""

    def __init__(self, planner: Planner, name: str) -> None:
        root = str(FIXTURES / name)
        self.root, self.project = planner.copied(root, root)
        made = planner.plan(self.root, root, {})
        assert isinstance(made, dict), made
        self.plan: dict[str, Any] = made

    def written(self) -> Deployment:
        """What the configuration says."""
        return load(self.root, self.project, {})

    def as_file(self, directory: Path) -> Deployment:
        """What the plan says, as a file in a directory."""
        path = directory / "plan.json"
        path.write_text(json.dumps(self.plan), encoding="utf-8")
        return load_plan(str(path), project=str(directory))


@pytest.fixture(scope="module", params=ROOTS)
def planned(planner: Planner, request: pytest.FixtureRequest) -> Planned:
    return Planned(planner, request.param)


def test_every_written_attribute_is_known_and_equal(planned: Planned) -> None:
    found = compare(planned.plan, planned.written())
    assert found.contradicted == []
    assert found.read == []
    assert [line for line in found.unknown if not line.startswith(LATE)] == []
    assert found.known > 50


def _judged(deployment: Deployment) -> Sequence[Finding]:
    judgement = judge(deployment, catalog.rules(), datetime.date(2026, 11, 1))
    assert not judgement.problems
    return judgement.findings


def _verdicts(deployment: Deployment) -> Verdicts:
    out: Verdicts = {}
    for it in _judged(deployment):
        out.setdefault((it.rule.id, it.resource), set()).add(it.verdict)
    return out


def _gaps(deployment: Deployment) -> set[tuple[str, str, str, int]]:
    found = (it for it in _judged(deployment) if it.verdict == "gap")
    return {(it.rule.id, it.resource, Path(it.span.path).name, it.span.line) for it in found}


def _surprises(written: Verdicts, planned: Verdicts, *, less: bool) -> dict[Key, tuple[set[str], set[str]]]:
    """Where a plan disagrees: it may know what its configuration does not, and with `less` the other way round."""
    out = {}
    for key in written.keys() | planned.keys():
        before, after = written.get(key, set()), planned.get(key, set())
        more_known = after == before - {"unknown"} and after
        less_known = less and "unknown" in after and after - {"unknown"} <= before
        if not (before == after or more_known or less_known):
            out[key] = before, after
    return out


def test_a_plan_beside_its_configuration_shows_the_same_gaps_at_the_same_lines(planned: Planned) -> None:
    from_plan = planned.as_file(Path(planned.root))
    assert not from_plan.problems
    assert _surprises(_verdicts(planned.written()), _verdicts(from_plan), less=False) == {}
    assert _gaps(planned.written()) == _gaps(from_plan)


def test_a_plan_alone_shows_the_same_gaps_but_for_what_it_does_not_know_yet(planned: Planned, tmp_path: Path) -> None:
    alone = planned.as_file(tmp_path)
    assert _surprises(_verdicts(planned.written()), _verdicts(alone), less=True) == {}
