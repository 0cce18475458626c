"""Things that are named by the same computed text belong together, and those by another text do not."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import catalog
from partywall.engine import judge
from tests.cloudformation.reading import load

BUCKET = """\
Parameters:
  App: {Type: String}
Resources:
  Logs:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Sub '${App}-logs-${AWS::Region}'}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Sub 'NAMED'
      PolicyDocument:
        Statement:
          - Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource:
              - !Sub 'arn:${AWS::Partition}:s3:::NAMED'
              - !Sub 'arn:${AWS::Partition}:s3:::NAMED/*'
            Condition: {Bool: {aws:SecureTransport: false}}
"""


@pytest.mark.parametrize(
    ("named", "verdict"),
    [
        ("${App}-logs-${AWS::Region}", "met"),
        ("${App}-data-${AWS::Region}", "gap"),
        ("${App}-logs-${AWS::AccountId}", "unknown"),
    ],
)
def test_a_policy_finds_its_bucket_by_name(named: str, verdict: str, tmp_path: Path) -> None:
    (rule,) = (it for it in catalog.rules() if it.id == "TLS301")
    (found,) = judge(load(tmp_path, BUCKET.replace("NAMED", named)), [rule], datetime.date(2026, 1, 1)).findings
    assert found.verdict == verdict
    assert found.when == ()


def test_a_policy_that_refers_to_the_bucket_is_read_by_that(tmp_path: Path) -> None:
    template = BUCKET.replace("Bucket: !Sub 'NAMED'", "Bucket: !Ref Logs").replace("NAMED", "${Logs}")
    (rule,) = (it for it in catalog.rules() if it.id == "TLS301")
    for text, verdict in (
        (template, "met"),
        (template.replace("- !Sub 'arn:${AWS::Partition}:s3:::${Logs}'\n", ""), "gap"),
    ):
        (found,) = judge(load(tmp_path, text), [rule], datetime.date(2026, 1, 1)).findings
        assert found.verdict == verdict


FUNCTION = """\
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: !Sub 'worker-${AWS::Region}'}
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Sub 'NAMED'
      Action: lambda:InvokeFunction
      Principal: '*'
"""


@pytest.mark.parametrize(
    ("named", "related"),
    [
        ("worker-${AWS::Region}", ("Worker",)),
        ("worker-${AWS::Region}:v2", ("Worker",)),
        ("worker-${AWS::Region}-blue:v2", ()),
        ("other-${AWS::Region}:v2", ()),
    ],
)
def test_a_permission_finds_its_function_by_name(named: str, related: tuple[str, ...], tmp_path: Path) -> None:
    (rule,) = (it for it in catalog.rules() if it.id == "IAM315")
    (found,) = judge(load(tmp_path, FUNCTION.replace("NAMED", named)), [rule], datetime.date(2026, 1, 1)).findings
    assert (found.verdict, found.related) == ("gap", related)
