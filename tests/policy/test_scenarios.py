"""The policy scenarios: the same policies in both dialects, and what has to be reported about them."""

from __future__ import annotations

import datetime
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from partywall import catalog, cloudformation, terraform
from partywall.engine import Finding, judge

SCENARIOS = Path(__file__).parents[3] / "shared" / "scenarios" / "policy"
FILES = {"tf": "main.tf", "cfn": "template.yaml"}
TODAY = datetime.date(2026, 11, 1)

RULES = {
    "s3-policy-public": ("IAM301",),
    "s3-acl-public": ("IAM303",),
    "resource-policy-public": (
        "IAM309", "IAM311", "IAM312", "IAM313", "IAM314", "IAM315", "IAM317", "IAM320", "IAM321", "IAM210", "IAM216",
    ),
    "resource-policy-cross-account": ("IAM305", "IAM335"),
    "service-principal-confused-deputy": ("IAM336",),
    "policy-condition-ineffective": ("IAM334",),
    "s3-insecure-transport": ("TLS301",),
    "iam-admin": ("IAM001",),
    "iam-near-admin": ("IAM045",),
    "iam-privilege-escalation": ("IAM005",),
    "iam-passrole-unrestricted": ("IAM006",),
    "iam-wildcard-service": ("IAM003",),
    "iam-notresource-allow": ("IAM010",),
    "iam-boundary-ineffective": ("IAM046",),
    "mfa-condition-ineffective": ("IAM018",),
    "trust-public": ("IAM029",),
    "trust-oidc-unscoped": ("IAM032", "IAM033"),
    "trust-third-party-no-external-id": ("IAM031",),
    "deny-notprincipal": ("IAM047",),
    "policy-malformed": ("IAM036",),
}  # fmt: skip
"""The scenarios' words for a rule, and ours."""


def _cases() -> list[tuple[str, str]]:
    if not SCENARIOS.is_dir():
        return []
    return [
        (folder.name, dialect)
        for folder in sorted(SCENARIOS.iterdir())
        if folder.is_dir()
        for dialect in _expected(folder.name)["dialects"]
    ]


def _expected(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SCENARIOS / name / "expect.json").read_text(encoding="utf-8"))
    return read


@cache
def _findings(name: str, dialect: str) -> tuple[Finding, ...]:
    folder = SCENARIOS / name
    if dialect == "tf":
        deployment = terraform.load(str(folder), variables={}, variable_files=(), workspace=None)
    else:
        read = cloudformation.load(str(folder / FILES[dialect]), parameters={}, project=str(folder))
        assert read is not None
        deployment = read
    wanted = {rule for rules in RULES.values() for rule in rules}
    judgement = judge(deployment, [rule for rule in catalog.rules() if rule.id in wanted], TODAY)
    assert not judgement.problems
    return judgement.findings


def _found(name: str, dialect: str, label: dict[str, Any], verdict: str) -> list[Finding]:
    wanted = {label["resource"][dialect], *(other[dialect] for other in label.get("also", ()))}
    return [
        it
        for it in _findings(name, dialect)
        if it.rule.id in RULES[label["rule"]] and it.verdict == verdict and wanted & {it.resource, *it.related}
    ]


@pytest.mark.skipif(not SCENARIOS.is_dir(), reason="the shared scenarios are not beside this checkout")
def test_the_scenarios_are_there() -> None:
    assert _cases()


@pytest.mark.parametrize(("name", "dialect"), _cases())
def test_scenario(name: str, dialect: str) -> None:
    expected = _expected(name)
    for label in expected["gaps"]:
        assert _found(name, dialect, label, "gap"), f"{label['rule']} is not reported"
    for label in expected["not_gaps"]:
        assert not _found(name, dialect, label, "gap"), f"{label['rule']} is reported"
    for label in expected.get("undetermined", ()):
        assert not _found(name, dialect, label, "gap"), f"{label['rule']} is reported"
        (found, *_) = _found(name, dialect, label, "unknown")
        because = label["because"]
        word = because if isinstance(because, str) else because[dialect]
        assert word.removeprefix("var.") in " ".join(it.text for it in found.because)
