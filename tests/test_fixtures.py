"""Every rule against its fixtures: a gap on the marked lines and nowhere else, met, and unknown."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import catalog
from partywall.fixture import Case, cases, faults

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules"
TODAY = datetime.date(2026, 11, 1)


def _name(case: Case) -> str:
    return f"{case.rule.name}-{case.path.name}"


@pytest.mark.parametrize("case", list(cases(FIXTURES, catalog.rules())), ids=_name)
def test_the_rule_says_what_it_has_to(case: Case, tmp_path: Path) -> None:
    assert case.path.parent.parent.parent.name == case.rule.duty
    assert faults(case, tmp_path, TODAY) == []
