"""Rules of a group for its own members."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import catalog, cloudformation, terraform
from partywall.engine import judge

TODAY = datetime.date(2026, 11, 1)
RULES = [it for it in catalog.rules() if it.id == "NET111"]

ALONE = """resource "aws_security_group" "a" {}
resource "aws_security_group" "b" {}
resource "aws_security_group_rule" "r" {
  type                     = "ingress"
  protocol                 = "-1"
  from_port                = 0
  to_port                  = 0
  security_group_id        = aws_security_group.a.id
  source_security_group_id = aws_security_group.%s.id
}
"""


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ('resource "aws_security_group" "a" {\n  ingress {\n    protocol = -1\n    self = true\n  }\n}\n', "low"),
        (
            'resource "aws_security_group" "a" {\n  ingress {\n    protocol = -1\n    self = true\n'
            '    cidr_blocks = ["10.0.0.0/8"]\n  }\n}\n',
            "medium",
        ),
        (ALONE % "a", "low"),
        (ALONE % "b", "medium"),
    ],
)
def test_every_protocol_among_members_is_a_small_gap(text: str, severity: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    found = judge(terraform.load(str(tmp_path), variables={}, variable_files=(), workspace=None), RULES, TODAY).findings
    assert [(it.verdict, it.severity.label) for it in found] == [("gap", severity)]


def test_members_are_known_in_cloudformation(tmp_path: Path) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(
        """Resources:
  A:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: a}
  R:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !GetAtt A.GroupId
      SourceSecurityGroupId: !Ref A
      IpProtocol: "-1"
""",
        encoding="utf-8",
    )
    deployment = cloudformation.load(str(path), parameters={}, project=str(tmp_path))
    assert deployment is not None
    assert [(it.verdict, it.severity.label) for it in judge(deployment, RULES, TODAY).findings] == [("gap", "low")]
