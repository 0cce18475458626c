"""Small networks in both dialects, with the answers worked out by hand: the shared scenarios, and twins of our own."""

from __future__ import annotations

import datetime
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from partywall import catalog, cloudformation, terraform
from partywall.address import V4, V6
from partywall.declared import Deployment
from partywall.engine import Finding, judge
from partywall.graph import Graph
from partywall.reason.network.trace import Question, trace
from partywall.truth import State

OWN = Path(__file__).parents[2] / "fixtures" / "network"
SHARED = Path(__file__).parents[3] / "shared" / "scenarios" / "network"
TODAY = datetime.date(2026, 11, 1)
WORDS = {State.YES: "yes", State.NO: "no", State.UNKNOWN: "undetermined"}

LATENT = tuple(f"NET{number}" for number in range(101, 112))
RULES = {
    "public-admin-port": ("NET138", "NET163"),
    "public-data-port": ("NET138", "NET233", "NET163"),
    "public-all-ports": ("NET163",),
    "public-service-port": ("NET164",),
    "sg-open-latent": LATENT,
    "lb-target-bypass": ("NET165",),
    "indirect-exposure": ("NET205",),
    "wide-allow-list": ("NET107",),
    "nacl-return-path-missing": ("NET125",),
    "nacl-return-path-partial": ("NET127",),
    "nacl-outbound-return-missing": ("NET126",),
    "nacl-rule-shadowed": ("NET128", "NET129"),
    "nacl-duplicate-rule-number": ("NET129",),
    "nacl-ephemeral-too-open": ("NET166",),
    "nacl-ipv6-gap": ("NET131",),
    "nacl-not-associated": ("NET133",),
    "nacl-allows-everything": ("NET124",),
    "default-sg-in-use": ("NET118", "NET117"),
    "sg-ref-unreachable": ("NET167",),
    "route-blackhole": ("NET168",),
    "nat-no-igw-route": ("NET169",),
    "main-route-table-public": ("NET140",),
    "peering-one-way": ("NET170",),
    "peering-route-outside-peer": ("NET145",),
    "auto-public-address": ("NET136",),
    "lb-target-unreachable": ("NET171",),
    "lb-scheme-subnet-mismatch": ("NET172",),
    "managed-public-flag-latent": ("NET201", "NET209", "NET223", "NET225"),
    "eks-public-endpoint-open": ("NET217",),
}
LOW_ONLY = {"sg-open-latent", "managed-public-flag-latent"}
"""Where the scenario is about the finding being quiet."""


def _cases(top: Path) -> list[Any]:
    if not top.exists():
        absent = pytest.mark.skip(reason="the shared scenarios are not beside this checkout")
        return [pytest.param(top, "tf", marks=absent, id="shared")]
    return [
        pytest.param(folder, dialect, id=f"{folder.name}-{dialect}")
        for folder in sorted(it for it in top.iterdir() if it.is_dir())
        for dialect in json.loads((folder / "expect.json").read_text(encoding="utf-8"))["dialects"]
    ]


CASES = [*_cases(OWN), *_cases(SHARED)]


@lru_cache(maxsize=4)
def _deployment(folder: Path, dialect: str) -> Deployment:
    if dialect == "tf":
        return terraform.load(str(folder), variables={}, variable_files=(), workspace=None)
    read = cloudformation.load(str(folder / "template.yaml"), parameters={}, project=str(folder))
    assert read is not None
    return read


def _expected(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
    return found


def _said(value: Any, dialect: str) -> Any:
    return value[dialect] if isinstance(value, dict) else value


@pytest.mark.parametrize(("folder", "dialect"), CASES)
def test_queries(folder: Path, dialect: str) -> None:
    graph = Graph(_deployment(folder, dialect))
    for query in _expected(folder)["queries"]:
        question = Question(
            _said(query["from"], dialect),
            _said(query["to"], dialect),
            query["protocol"],
            query.get("port", 0),
            {"ipv4": V4, "ipv6": V6, None: None}[query.get("family")],
            _said(query.get("via"), dialect),
            query.get("listener_port"),
        )
        (found,) = trace(graph, question, TODAY)
        assert WORDS[found.answer.state] == _said(query["reachable"], dialect), question
        if "because" in query:
            texts = " ".join(it.text for truth in found.answer.unknown for it in truth.because).lower()
            assert query["because"].replace("_", "") in texts.replace("_", ""), question


@lru_cache(maxsize=4)
def _findings(folder: Path, dialect: str) -> tuple[Finding, ...]:
    wanted = {it for ids in RULES.values() for it in ids}
    judgement = judge(_deployment(folder, dialect), [it for it in catalog.rules() if it.id in wanted], TODAY)
    assert not judgement.problems
    return judgement.findings


def _matching(label: dict[str, Any], folder: Path, dialect: str, verdict: str) -> list[Finding]:
    ids = RULES[label["rule"]]
    named = {_said(it, dialect) for it in (label["resource"], *label.get("also", ()))}
    return [
        it
        for it in _findings(folder, dialect)
        if it.rule.id in ids
        and it.verdict == verdict
        and not named.isdisjoint({it.resource, *it.related})
        and (verdict != "gap" or label["rule"] not in LOW_ONLY or it.severity.label == "low")
    ]


@pytest.mark.parametrize(("folder", "dialect"), CASES)
def test_findings(folder: Path, dialect: str) -> None:
    expected = _expected(folder)
    for label in expected.get("gaps", ()):
        if dialect in label.get("dialects", (dialect,)):
            assert _matching(label, folder, dialect, "gap"), label
    for label in expected.get("not_gaps", ()):
        assert not _matching(label, folder, dialect, "gap"), label
    for label in expected.get("undetermined", ()):
        found = _matching(label, folder, dialect, "unknown")
        assert found, label
        assert not _matching(label, folder, dialect, "gap"), label
        if "because" in label:
            word = _said(label["because"], dialect).removeprefix("var.").lower()
            assert any(word in reason.text.lower() for it in found for reason in it.because), label
