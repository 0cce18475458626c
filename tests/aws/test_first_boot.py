"""Scripts of the first boot of which a piece is unknown: what it may be decides whether the rest tells enough."""

from __future__ import annotations

import datetime
import time
from pathlib import Path

import pytest

from partywall import catalog
from partywall.engine import judge
from tests.cloudformation.reading import load

TEMPLATE = """\
Parameters:
  Open: {{Type: String}}
Resources:
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      UserData:
        Fn::Base64: !Sub |
          #!/bin/bash
          {0}
"""


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("/opt/aws/bin/cfn-init --stack ${AWS::StackName} --resource Web --region ${AWS::Region}", "gap"),
        ("/opt/aws/bin/cfn-signal --exit-code 0 --stack='${AWS::StackId}' --region=${Open}", "gap"),
        ("yum install -y yum-cron && cfn-signal --stack ${AWS::StackName}", "met"),
        ("apt-get install -y ${Open}", "unknown"),
        ("apt-get install --yes ${Open}", "unknown"),
        ("cfn-init --stack ${AWS::StackName} && ${Open}", "unknown"),
        ("${Open}", "unknown"),
    ],
)
def test_a_name_behind_an_option_is_no_command(line: str, verdict: str, tmp_path: Path) -> None:
    rules = [it for it in catalog.rules() if it.id == "PAT107"]
    found = judge(load(tmp_path, TEMPLATE.format(line)), rules, datetime.date(2026, 11, 1)).findings
    assert [it.verdict for it in found] == [verdict]


@pytest.mark.parametrize("word", ["yum ", "apt-get ", "zypper "])
def test_commands_without_end_are_read_once(word: str, tmp_path: Path) -> None:
    rules = [it for it in catalog.rules() if it.id in ("PAT107", "PAT111")]
    deployment = load(tmp_path, TEMPLATE.format(word * 10_000))
    began = time.process_time()
    judge(deployment, rules, datetime.date(2026, 11, 1))
    assert time.process_time() - began < 3
