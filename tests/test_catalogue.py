"""The catalogue itself: what every rule must bring."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from partywall import catalog
from partywall.rule import Rule

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "catalogue" / "rules.yaml"
RULES = catalog.rules()

CANNOT_BE: Mapping[str, Mapping[str, str]] = {
    "IAM022": {"unknown.yaml": "CloudFormation makes plain parameters only, so that every flow is decided"},
    "IAM041": {
        "unknown.tf": "`sensitive` and defaults are literals, so that nothing is unknown",
        "unknown.yaml": "`NoEcho` and defaults are literals, so that nothing is unknown",
    },
    "ENC103": {"gap.yaml": "CloudFormation has no snapshots, so that what a volume is restored from lies elsewhere"},
    "IAM015": {"unknown.yaml": "the login is a part of the user: it is there, or a condition says when"},
    "NET114": {
        "gap.tf": "Terraform takes AWS's outbound rule away",
        "unknown.tf": "Terraform takes AWS's outbound rule away",
        "unknown.yaml": "outbound rules are written or not; a condition says when",
    },
    "NET117": {"met.yaml": "CloudFormation cannot take AWS's own rules out of the default group"},
    "NET140": {
        "gap.yaml": "CloudFormation cannot touch the main route table, so that what it declares is no such table",
        "unknown.yaml": "CloudFormation cannot touch the main route table, so that what it declares is no such table",
    },
}
"""Fixtures that cannot be, and why."""


def test_there_are_rules() -> None:
    assert len(RULES) > 40


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_its_manual(rule: Rule) -> None:
    title, blank, *rest = rule.doc.splitlines()
    assert title.endswith(".")
    assert not blank
    assert any(line.startswith("Instead:") for line in rest)
    assert any(line.startswith("Sources:") for line in rest)


def _dialects(rule: Rule) -> list[str]:
    return [suffix for suffix, types in zip((".tf", ".yaml"), rule.resources.values(), strict=True) if types]


def _shown(rule: Rule) -> set[str]:
    (folder,) = (ROOT / "fixtures" / "rules" / rule.duty).glob(f"*/{rule.name}")
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_shows_gap_met_and_unknown_in_every_dialect(rule: Rule) -> None:
    wanted = {kind + suffix for kind in ("gap", "met", "unknown") for suffix in _dialects(rule)}
    assert _shown(rule) == wanted - CANNOT_BE.get(rule.id, {}).keys()


def test_what_cannot_be_is_said_of_rules_that_are_there() -> None:
    assert CANNOT_BE.keys() <= {rule.id for rule in RULES}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared catalogue is not beside this checkout")
def test_ids_names_severities_fixes_and_equivalents_are_the_catalogues() -> None:
    listed = yaml.load(SHARED.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    entries = {entry["id"]: entry for entry in listed}
    for rule in RULES:
        entry = entries[rule.id]
        assert rule.name == entry["name"]
        assert rule.severity.label == entry["severity"]
        assert (rule.id, rule.fixable) == (rule.id, entry["fixable"])
        equivalents = {f"{peer}:{check}" for peer, checks in entry["equivalents"].items() for check in checks}
        assert (rule.id, set(rule.same_as)) == (rule.id, equivalents)
