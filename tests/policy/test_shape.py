"""Which actions can be granted on which resources."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from partywall import catalog, terraform
from partywall.engine import judge
from partywall.reason.policy import action
from partywall.reason.policy.pattern import tokens
from partywall.reason.policy.shape import misses

TODAY = datetime.date(2026, 11, 1)


@pytest.mark.parametrize(
    ("actions", "resource", "expected"),
    [
        (["s3:GetObject"], "arn:aws:s3:::b", True),
        (["s3:GetObject"], "arn:aws:s3:::b/*", False),
        (["s3:GetObject"], "arn:aws:s3:::b*", False),
        (["s3:ListBucket"], "arn:aws:s3:::b/*", True),
        (["s3:ListBucket"], "arn:aws:s3:::b", False),
        (["s3:ListBucket", "s3:GetObject"], "arn:aws:s3:::b/*", False),
        (["s3:*"], "arn:aws:s3:::b", False),
        (["s3:GetObject"], "*", False),
        (["s3:GetObject"], "arn:aws:s3*", False),
        (["s3:ListAllMyBuckets"], "arn:aws:s3:::b", True),
        (["sqs:SendMessage"], "arn:aws:sns:eu-west-1:111122223333:topic", True),
        (["sqs:SendMessage"], "arn:aws-cn:sqs:*:111122223333:queue", False),
        (["kms:Decrypt"], "arn:aws:kms:eu-west-1:111122223333:alias/x", True),
        (["kms:Decrypt"], "arn:aws:kms:eu-west-1:111122223333:key/*", False),
        (["iam:PassRole"], "arn:aws:iam::111122223333:user/x", True),
        (["iam:PassRole"], "arn:aws:iam::*:role/*", False),
        (["sts:AssumeRole"], "arn:aws:iam::111122223333:role/x", False),
        (["logs:PutLogEvents"], "arn:aws:logs:*:*:*", False),
        (["cloudwatch:PutMetricData"], "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:x", True),
        (["arc-zonal-shift:GetManagedResource"], "arn:aws:eks:eu-west-1:111122223333:cluster/x", False),
    ],
)
def test_what_an_action_can_be_granted_on(actions: list[str], resource: str, expected: bool) -> None:
    assert misses(tokens(resource), action.union(actions)) is expected


BUCKET = 'resource "aws_s3_bucket" "b" {\n}\nvariable "arn" {}\nvariable "action" {}\n'


@pytest.mark.parametrize(
    ("actions", "resource", "gap"),
    [
        ('"s3:GetObject"', "aws_s3_bucket.b.arn", True),
        ('"s3:GetObject"', '"${aws_s3_bucket.b.arn}/*"', False),
        ('"s3:ListBucket"', "aws_s3_bucket.b.arn", False),
        ('"s3:ListBucket"', '"${aws_s3_bucket.b.arn}/*"', True),
        ('"s3:GetObject"', "var.arn", False),
        ('"s3:GetObject"', '"arn:aws:s3:::${var.arn}"', False),
        ("var.action", "aws_s3_bucket.b.arn", False),
        ('["s3:GetObject", var.action]', "aws_s3_bucket.b.arn", False),
    ],
)
@pytest.mark.parametrize(("effect", "severity"), [("Allow", "low"), ("Deny", "medium")])
def test_a_resource_that_fits_none_of_the_actions(
    actions: str, resource: str, gap: bool, effect: str, severity: str, tmp_path: Path
) -> None:
    statement = f'{{ Effect = "{effect}", Action = {actions}, Resource = {resource} }}'
    policy = f'jsonencode({{ Version = "2012-10-17", Statement = [{statement}] }})'
    text = f'{BUCKET}resource "aws_iam_policy" "p" {{\n  policy = {policy}\n}}\n'
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    deployment = terraform.load(str(tmp_path), variables={}, variable_files=(), workspace=None)
    judgement = judge(deployment, [it for it in catalog.rules() if it.id == "IAM036"], TODAY)
    found = [it for it in judgement.findings if it.verdict == "gap"]
    assert [it.severity.label for it in found] == ([severity] if gap else [])
    assert all("can be granted on" in json.dumps([one.text for one in it.because]) for it in found)
