"""What is said of a gap that several options have, and of one that may matter less."""

from __future__ import annotations

import datetime
from pathlib import Path

from partywall import catalog
from partywall.engine import Finding, judge
from partywall.rule import HIGH
from tests.cloudformation.reading import load

DATABASE = """\
Parameters:
  Version: {Type: String, AllowedValues: ['8.0', '5.5', '8.4']}
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: mysql, EngineVersion: !Ref Version}
"""

GROUP = """\
Parameters:
  Subnet: {Type: 'AWS::EC2::Subnet::Id'}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of the web
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
  Web:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-0123456789abcdef0, SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Group]}
"""


def found(rule: str, template: str, directory: Path) -> Finding:
    (asked,) = (it for it in catalog.rules() if it.id == rule)
    (one,) = judge(load(directory, template), [asked], datetime.date(2026, 11, 1)).findings
    return one


def test_of_several_options_the_worst_is_told(tmp_path: Path) -> None:
    finding = found("PAT204", DATABASE, tmp_path)
    assert finding.when == ("Version is 8.0 or 5.5",)
    assert finding.severity == HIGH
    assert "5.5, older than 5.6, out of support" in finding.message
    assert finding.because[0].trail[0].text == "an allowed value of parameter Version"


def test_what_would_matter_less_says_so(tmp_path: Path) -> None:
    finding = found("NET101", GROUP, tmp_path)
    assert finding.message.endswith("it may matter less: the subnet is unknown: parameter Subnet has no default")
