"""Faults of policies, and how much they matter."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import catalog, cloudformation, terraform
from partywall.engine import judge

TODAY = datetime.date(2026, 11, 1)


@pytest.mark.parametrize(
    ("statement", "severity"),
    [
        ('{"Effect": "Allow", "Action": ["sqs:View*", "sqs:Get*"], "Resource": "*"}', "low"),
        ('{"Effect": "Allow", "Action": ["sqs:ViewQueue", "sqs:View*"], "Resource": "*"}', "medium"),
        ('{"Effect": "Deny", "Action": ["sqs:View*"], "Resource": "*"}', "medium"),
        ('{"Effect": "Allow", "Action": ["sqs:View*"], "Resource": "*", "Principle": "*"}', "medium"),
        ('{"Effect": "Allow", "Action": ["squeues:*"], "Resource": "*"}', "medium"),
    ],
)
def test_a_pattern_that_grants_nothing_is_a_small_gap(statement: str, severity: str, tmp_path: Path) -> None:
    text = f"""resource "aws_iam_policy" "a" {{
  policy = <<-EOF
    {{"Version": "2012-10-17", "Statement": [{statement}]}}
  EOF
}}
"""
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    deployment = terraform.load(str(tmp_path), variables={}, variable_files=(), workspace=None)
    found = judge(deployment, [it for it in catalog.rules() if it.id == "IAM036"], TODAY).findings
    assert [(it.verdict, it.severity.label) for it in found] == [("gap", severity)]


SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      InlineCode: "pass"
      Policies: [{SQSPollerPolicy: {QueueName: orders}}]
"""


def test_what_awss_own_templates_list_is_no_mistake_of_the_author(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(SAM, encoding="utf-8")
    (rule,) = (it for it in catalog.rules() if it.id == "IAM036")
    deployment = cloudformation.load(str(path), parameters={})
    assert deployment is not None
    found = judge(deployment, [rule], datetime.date(2026, 1, 1)).findings
    assert {it.verdict for it in found} == {"met"}
