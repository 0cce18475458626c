"""Address blocks of which only the end is known."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import catalog
from partywall.engine import judge
from tests.cloudformation.reading import load

GROUP = """\
Parameters:
  Ip: {Type: String}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of the web
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Sub '${Ip}END'}
"""


@pytest.mark.parametrize(
    ("end", "admin", "wide"),
    [
        ("/0", "gap", "met"),
        (".0.0.0/0", "gap", "met"),
        ("/32", "met", "met"),
        ("/8", "unknown", "unknown"),
        ("", "unknown", "unknown"),
    ],
)
def test_the_prefix_may_settle_it(end: str, admin: str, wide: str, tmp_path: Path) -> None:
    deployment = load(tmp_path, GROUP.replace("END", end))
    rules = [it for it in catalog.rules() if it.id in ("NET101", "NET107")]
    found = {it.rule.id: it.verdict for it in judge(deployment, rules, datetime.date(2026, 1, 1)).findings}
    assert found == {"NET101": admin, "NET107": wide}


@pytest.mark.parametrize(("end", "verdict"), [("/32", "met"), ("/8", "unknown")])
def test_the_prefix_behind_an_address_of_ones_own_counts(end: str, verdict: str, tmp_path: Path) -> None:
    text = GROUP.replace("${Ip}END", f"${{Address.PublicIp}}{end}") + "  Address: {Type: AWS::EC2::EIP}\n"
    rules = [it for it in catalog.rules() if it.id == "NET101"]
    found = judge(load(tmp_path, text), rules, datetime.date(2026, 1, 1)).findings
    assert [it.verdict for it in found] == [verdict]
