"""One cause, one headline: exposure covers the open rule, and an open rule nobody is reached through is quiet."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import catalog, cloudformation, terraform
from partywall.cover import covered
from partywall.engine import Finding, judge

FIXTURES = Path(__file__).parents[2] / "fixtures"
EXPOSED = FIXTURES / "rules" / "network" / "instance" / "instance-reachable-from-internet-on-sensitive-port"
TODAY = datetime.date(2026, 11, 1)
RULES = ("NET101", "NET103", "NET138", "NET163", "NET164", "NET201", "NET233")
CONDITIONAL = """\
Parameters:
  Mode:
    Type: String
    AllowedValues: [open, closed]
Conditions:
  Open: !Equals [!Ref Mode, open]
Resources:
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      SecurityGroupIds: [!Ref Group]
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: what may come in
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: !If [Open, 0.0.0.0/0, 10.0.0.0/8]
"""


def _judged(directory: Path) -> dict[str, Finding]:
    deployment = terraform.load(str(directory), variables={}, variable_files=(), workspace=None)
    chosen = [it for it in catalog.rules() if it.id in RULES]
    found = covered(judge(deployment, chosen, TODAY).findings)
    return {it.rule.id: it for it in found if it.verdict != "met"}


def _project(directory: Path, text: str) -> Path:
    (directory / "main.tf").write_text(text, encoding="utf-8")
    return directory


def test_an_exposure_is_the_headline_of_the_rule_that_lets_it_happen(tmp_path: Path) -> None:
    found = _judged(_project(tmp_path, (EXPOSED / "gap.tf").read_text(encoding="utf-8")))
    assert found["NET138"].verdict == found["NET101"].verdict == "gap"
    assert found["NET101"].covered_by == found["NET138"].fingerprint
    assert found["NET101"].severity.label == "critical"
    assert found["NET138"].covered_by is None
    assert found["NET138"].span == found["NET101"].span


def test_the_path_is_the_evidence(tmp_path: Path) -> None:
    found = _judged(_project(tmp_path, (EXPOSED / "gap.tf").read_text(encoding="utf-8")))["NET138"]
    assert found.resource == "aws_instance.web"
    assert {"aws_security_group.web", "aws_route_table.public", "aws_internet_gateway.main"} <= set(found.related)
    assert found.message.startswith("the internet reaches aws_instance.web on tcp 22")
    assert all(it.resource for it in found.because if it.span.line)


def test_every_port_stands_in_for_single_ones(tmp_path: Path) -> None:
    every = EXPOSED.parent / "instance-reachable-from-internet-on-every-port" / "gap.tf"
    found = _judged(_project(tmp_path, every.read_text(encoding="utf-8")))
    assert found["NET163"].verdict == "gap"
    assert "NET138" not in found
    assert found["NET103"].covered_by == found["NET163"].fingerprint
    assert found["NET101"].covered_by == found["NET163"].fingerprint


def test_an_open_rule_without_a_path_is_low_and_says_what_stops_it(tmp_path: Path) -> None:
    text = (EXPOSED / "gap.tf").read_text(encoding="utf-8")
    closed = text.replace("associate_public_ip_address = true", "associate_public_ip_address = false")
    assert closed != text
    found = _judged(_project(tmp_path, closed))
    assert "NET138" not in found
    assert found["NET101"].verdict == "gap"
    assert found["NET101"].severity.label == "low"
    assert found["NET101"].covered_by is None
    assert "no path from the internet today" in found["NET101"].message


@pytest.mark.parametrize("changed", ["unattached", "undetermined"])
def test_an_open_rule_keeps_its_severity_while_nobody_knows_who_carries_it(tmp_path: Path, changed: str) -> None:
    text = (EXPOSED / "gap.tf").read_text(encoding="utf-8")
    if changed == "unattached":
        text = text[: text.index('resource "aws_instance"')]
    else:
        text = text.replace("aws_subnet.public.id\n  vpc_security", "var.subnet_id\n  vpc_security")
        text = 'variable "subnet_id" {}\n' + text.replace(
            "  subnet_id                   = aws_subnet.public.id", "  subnet_id                   = var.subnet_id"
        )
    found = _judged(_project(tmp_path, text))
    assert found["NET101"].severity.label == "critical"
    if changed == "undetermined":
        assert found["NET138"].verdict == "unknown"
        assert "subnet_id" in found["NET101"].message


def test_a_condition_is_part_of_the_finding(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(CONDITIONAL, encoding="utf-8")
    deployment = cloudformation.load(str(path), parameters={})
    assert deployment is not None
    chosen = [it for it in catalog.rules() if it.id == "NET138"]
    (found,) = judge(deployment, chosen, TODAY).findings
    assert found.verdict == "gap"
    assert found.when
