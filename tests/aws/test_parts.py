"""Parts of a declaration under conditions: each is judged in every world, whichever form it takes there."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import catalog, cloudformation
from partywall.engine import judge

TEMPLATE = """\
Parameters:
  Stage: {{Type: String, AllowedValues: [dev, prod]}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: a group
      SecurityGroupIngress:
        {0}
"""
OPEN, CLOSED = (
    f"{{IpProtocol: tcp, FromPort: {22}, ToPort: {22}, CidrIp: {block}}}" for block in ("0.0.0.0/0", "10.0.0.0/8")
)


def _verdicts(rules: str, directory: Path) -> list[tuple[str, tuple[str, ...]]]:
    path = directory / "t.yaml"
    path.write_text(TEMPLATE.format(rules), encoding="utf-8")
    deployment = cloudformation.load(str(path), parameters={}, project=str(directory))
    assert deployment is not None
    (wanted,) = (rule for rule in catalog.rules() if rule.id == "NET101")
    found = judge(deployment, [wanted], datetime.date(2026, 11, 1)).findings
    return sorted((it.verdict, it.when) for it in found)


FALSE = ("condition IsProd is false",)


@pytest.mark.parametrize(
    ("rules", "verdicts"),
    [
        (f"- !If [IsProd, {CLOSED}, {OPEN}]", [("gap", FALSE)]),
        (f"- !If [IsProd, !Ref AWS::NoValue, {OPEN}]", [("gap", FALSE)]),
        (f"- !If [IsProd, {CLOSED}, !Ref AWS::NoValue]", [("met", ())]),
        (f"- !If [IsProd, !Ref AWS::NoValue, {CLOSED}]\n        - {OPEN}", [("gap", ()), ("met", ())]),
        (f"- {OPEN.replace('0.0.0.0/0', '!If [IsProd, 10.0.0.0/8, 0.0.0.0/0]')}", [("gap", FALSE)]),
    ],
)
def test_a_part_that_hangs_on_a_condition(
    rules: str, verdicts: list[tuple[str, tuple[str, ...]]], tmp_path: Path
) -> None:
    assert _verdicts(rules, tmp_path) == verdicts


def test_a_list_that_hangs_on_a_condition(tmp_path: Path) -> None:
    rules = f"Fn::If: [IsProd, [{CLOSED}], [{CLOSED}, {OPEN}]]"
    assert _verdicts(rules, tmp_path) == [("gap", FALSE), ("met", ())]
