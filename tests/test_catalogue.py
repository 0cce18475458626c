"""The catalogue itself: what every rule must bring."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from partywall import catalog
from partywall.rule import Rule

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "catalogue" / "rules.yaml"
RULES = catalog.rules()


def test_there_are_rules() -> None:
    assert len(RULES) > 40


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_its_manual(rule: Rule) -> None:
    title, blank, *rest = rule.doc.splitlines()
    assert title.endswith(".")
    assert not blank
    assert any(line.startswith("Instead:") for line in rest)
    assert any(line.startswith("Sources:") for line in rest)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_fixtures_that_show_the_gap_and_its_absence(rule: Rule) -> None:
    (folder,) = (ROOT / "fixtures" / "rules" / rule.duty).glob(f"*/{rule.name}")
    stems = {path.stem for path in folder.iterdir()}
    assert {"gap", "met"} <= stems


@pytest.mark.skipif(not SHARED.exists(), reason="the shared catalogue is not beside this checkout")
def test_ids_names_and_severities_are_the_catalogues() -> None:
    listed = yaml.load(SHARED.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    entries = {entry["id"]: entry for entry in (listed if isinstance(listed, list) else listed["rules"])}
    for rule in RULES:
        assert rule.name == entries[rule.id]["name"]
        assert rule.severity.label == entries[rule.id]["severity"]
