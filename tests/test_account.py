"""Duties of the account as a whole: asked for only where the account is set up."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import catalog, terraform
from partywall.engine import judge

PASSWORDS = 'resource "aws_iam_account_password_policy" "strict" {}\n'
DETECTOR = 'resource "aws_guardduty_detector" "region" {}\n'
TRAIL = 'resource "aws_cloudtrail" "audit" {\n  is_multi_region_trail = true\n}\n'


@pytest.mark.parametrize(
    ("source", "verdicts"),
    [
        (PASSWORDS + DETECTOR, [("aws_iam_account_password_policy.strict", "gap")]),
        (PASSWORDS + DETECTOR + TRAIL, [("aws_cloudtrail.audit", "met")]),
        (PASSWORDS, []),
        (DETECTOR + DETECTOR.replace("region", "other"), []),
    ],
    ids=["set up without a trail", "with a trail", "a single setting", "one kind of setting"],
)
def test_a_trail_is_missed_once_where_the_account_is_set_up(
    source: str, verdicts: list[tuple[str, str]], tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(source, encoding="utf-8")
    deployment = terraform.load(str(tmp_path), variables={}, variable_files=(), workspace=None)
    (trail,) = (rule for rule in catalog.rules() if rule.id == "LOG001")
    judgement = judge(deployment, [trail], datetime.date(2026, 11, 1))
    assert [(it.resource, it.verdict) for it in judgement.findings] == verdicts
