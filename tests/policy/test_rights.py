"""What identities can do: policies together, refusals, boundaries, groups; and trust, second factors and TLS."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from partywall import catalog, cloudformation
from partywall.engine import judge
from tests.cloudformation.reading import load

TODAY = datetime.date(2026, 11, 1)


def _allow(actions: object, resources: object = "*", **rest: object) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **rest}


def _deny(actions: object, resources: object = "*", **rest: object) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": actions, "Resource": resources, **rest}


def _spare(actions: object, resources: object) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": actions, "NotResource": resources}


def _document(*statements: object) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _policy(name: str, *statements: object, **to: object) -> dict[str, Any]:
    properties = {"PolicyName": name, "PolicyDocument": _document(*statements), **to}
    return {"Type": "AWS::IAM::Policy", "Properties": properties}


def _gaps(rule: str, tmp_path: Path, resources: dict[str, Any]) -> set[str]:
    path = tmp_path / "t.yaml"
    path.write_text(yaml.safe_dump({"Resources": resources}), encoding="utf-8")
    deployment = cloudformation.load(str(path), parameters={}, project=str(tmp_path))
    assert deployment is not None
    judgement = judge(deployment, [one for one in catalog.rules() if one.id == rule], TODAY)
    assert not judgement.problems
    return {it.resource for it in judgement.findings if it.verdict == "gap"}


USER = {"Type": "AWS::IAM::User", "Properties": {}}
TO_ANNA = {"Users": [{"Ref": "Anna"}]}


def test_two_policies_together_make_an_administrator(tmp_path: Path) -> None:
    resources = {
        "Anna": USER,
        "Iam": _policy("a", _allow("iam:*"), **TO_ANNA),
        "Rest": _policy("b", {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, **TO_ANNA),
    }
    assert _gaps("IAM001", tmp_path, resources) == {"Anna"}


def test_what_one_policy_says_alone_is_said_there_only(tmp_path: Path) -> None:
    resources = {
        "Anna": USER,
        "All": _policy("a", _allow("*"), **TO_ANNA),
        "More": _policy("b", _allow("s3:*"), **TO_ANNA),
    }
    assert _gaps("IAM001", tmp_path, resources) == {"All"}


def test_passing_a_role_and_running_code_may_come_from_two_policies(tmp_path: Path) -> None:
    resources = {
        "Anna": USER,
        "Pass": _policy("a", _allow("iam:PassRole"), **TO_ANNA),
        "Run": _policy("b", _allow(["lambda:CreateFunction", "lambda:InvokeFunction"]), **TO_ANNA),
    }
    assert _gaps("IAM005", tmp_path, resources) == {"Anna"}


def test_the_policies_of_a_group_reach_its_members(tmp_path: Path) -> None:
    resources = {
        "Anna": {"Type": "AWS::IAM::User", "Properties": {"Groups": [{"Ref": "People"}]}},
        "People": {"Type": "AWS::IAM::Group", "Properties": {}},
        "Pass": _policy("a", _allow("iam:PassRole"), Groups=[{"Ref": "People"}]),
        "Run": _policy("b", _allow("ec2:RunInstances"), **TO_ANNA),
    }
    assert _gaps("IAM005", tmp_path, resources) == {"Anna"}


@pytest.mark.parametrize(
    ("statements", "gap"),
    [
        ([_allow("iam:CreateAccessKey")], True),
        ([_allow("IAM:createaccesskey")], True),
        ([_allow("iam:CreateAccessKey", "arn:aws:iam::*:user/*")], True),
        ([_allow("iam:CreateAccessKey", "arn:aws:iam::*:user/${aws:username}")], False),
        ([_allow("iam:CreateAccessKey"), _deny("iam:*AccessKey*")], False),
        ([_allow("iam:CreateAccessKey"), _deny("iam:*AccessKey*", "arn:aws:iam::*:user/admin")], True),
        ([_allow("iam:CreateAccessKey"), _deny("*", Condition={"Bool": {"aws:SecureTransport": "false"}})], True),
        ([_allow("iam:PutUserPolicy", Condition={"StringEquals": {"iam:PermissionsBoundary": "arn:b"}})], False),
        ([_allow("iam:PutUserPolicy", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})], True),
        ([_allow(["iam:PassRole", "ecs:RunTask"])], True),
        ([_allow("iam:PassRole", "arn:aws:iam::*:role/app"), _allow("ecs:RunTask")], False),
        ([_allow(["lambda:CreateFunction", "lambda:InvokeFunction"])], False),
        ([_allow("*")], False),
        ([_allow(["iam:CreateAccessKey", "iam:DeleteRolePolicy"]), _deny("iam:CreateAccessKey")], True),
        ([_allow(["iam:CreateAccessKey", "iam:DeleteRolePolicy"]), _deny("iam:*")], False),
        ([_allow(["s3:GetObject", "iam:DeleteRolePolicy"]), _deny("iam:CreateAccessKey")], False),
        ([_allow("iam:AttachRolePolicy", Condition={"ArnLike": {"iam:PolicyARN": "*"}})], True),
        ([_allow("ssm:SendCommand", Condition={"StringEquals": {"aws:ResourceTag/team": "web"}})], False),
        ([_allow("ssm:SendCommand", Condition={"StringEqualsIfExists": {"aws:ResourceTag/team": "web"}})], True),
        ([_allow("ssm:SendCommand", Condition={"Null": {"aws:ResourceTag/team": "true"}})], True),
        ([_allow("iam:CreateAccessKey"), _spare("iam:*", "arn:aws:iam::111122223333:user/ci")], False),
        ([_allow("iam:CreateAccessKey"), _spare("iam:*", "arn:aws:iam::*:user/*")], True),
    ],
)
def test_escalation(statements: list[object], gap: bool, tmp_path: Path) -> None:
    assert bool(_gaps("IAM005", tmp_path, {"P": _policy("p", *statements)})) is gap


@pytest.mark.parametrize(
    ("statements", "gap"),
    [
        ([_allow("*:*")], True),
        ([_allow(["*"])], True),
        ([_allow("*", "arn:aws:s3:::b/*")], False),
        ([_allow("*"), _deny("iam:AttachRolePolicy")], False),
        ([_allow("*"), _deny("s3:DeleteBucket")], True),
        ([_allow("*", Condition={"StringEquals": {"aws:ResourceTag/team": "web"}})], False),
        ([_allow("*"), _spare("*", "arn:aws:s3:::b/*")], False),
        ([_allow("*"), {"Effect": "Deny", "NotAction": ["s3:Get*"], "Resource": "*"}], False),
    ],
)
def test_administrators(statements: list[object], gap: bool, tmp_path: Path) -> None:
    assert bool(_gaps("IAM001", tmp_path, {"P": _policy("p", *statements)})) is gap


@pytest.mark.parametrize(
    ("statements", "bound", "gap"),
    [
        ([_allow("iam:PassRole")], None, True),
        ([_allow("iam:PassRole"), _deny("iam:*")], None, False),
        ([_allow("iam:PassRole"), _deny("iam:PassRole", "arn:aws:iam::111122223333:role/admin")], None, True),
        ([_allow("iam:PassRole")], "s3:*", False),
        ([_allow("iam:PassRole")], "iam:*", True),
    ],
)
def test_passing_any_role(statements: list[object], bound: str | None, gap: bool, tmp_path: Path) -> None:
    limit = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": _document(_allow(bound or "s3:Get*"))}}
    policies = [{"PolicyName": "p", "PolicyDocument": _document(*statements)}]
    role = _role(_trust({"Service": "ec2.amazonaws.com"}), Policies=policies)
    role["Properties"] |= {"PermissionsBoundary": {"Ref": "Limit"}} if bound else {}
    assert bool(_gaps("IAM006", tmp_path, {"R": role, "Limit": limit})) is gap


def _role(*trusts: object, **properties: object) -> dict[str, Any]:
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": _document(*trusts), **properties}}


def _trust(principal: object, **rest: object) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **rest}


@pytest.mark.parametrize(
    ("trust", "gap"),
    [
        (_trust({"AWS": "*"}), True),
        (_trust("*", Condition={"StringEquals": {"sts:ExternalId": "x"}}), True),
        (_trust("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), False),
        (_trust({"AWS": ["111122223333", "*"]}), True),
        (_trust({"Service": "ec2.amazonaws.com"}), False),
    ],
)
def test_trust_in_anyone(trust: object, gap: bool, tmp_path: Path) -> None:
    assert bool(_gaps("IAM029", tmp_path, {"R": _role(trust)})) is gap


def test_a_refusal_closes_a_trust_in_anyone(tmp_path: Path) -> None:
    others = {"Effect": "Deny", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}}
    assert not _gaps("IAM029", tmp_path, {"R": _role(_trust("*"), {**_trust("*"), **others})})


@pytest.mark.parametrize(
    ("principal", "condition", "gap"),
    [
        ("999988887777", {}, True),
        ("arn:aws:iam::999988887777:root", {"StringEquals": {"sts:ExternalId": "x"}}, False),
        ("arn:aws:iam::999988887777:root", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, False),
        ({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}, {}, False),
        ("999988887777", {"StringEqualsIfExists": {"sts:ExternalId": "x"}}, True),
        ("999988887777", {"StringNotEquals": {"sts:ExternalId": "x"}}, True),
        ("999988887777", {"StringLike": {"sts:ExternalId": "*"}}, True),
        ("999988887777", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ("999988887777", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, False),
    ],
)
def test_trust_in_another_account(principal: object, condition: object, gap: bool, tmp_path: Path) -> None:
    trust = _trust({"AWS": principal}, **({"Condition": condition} if condition else {}))
    assert bool(_gaps("IAM031", tmp_path, {"R": _role(trust)})) is gap


GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"


@pytest.mark.parametrize(
    ("condition", "gap"),
    [
        ({"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}, True),
        ({"StringLike": {f"{GITHUB}:sub": "repo:ours/*"}}, False),
        ({"StringLike": {f"{GITHUB}:sub": "repo:*"}}, True),
        ({"StringLikeIfExists": {f"{GITHUB}:sub": "repo:ours/*"}}, True),
        ({"StringLike": {f"{GITHUB}:sub": ["repo:ours/*", "*"]}}, True),
        ({"ForAllValues:StringLike": {f"{GITHUB}:sub": "repo:ours/*"}}, True),
        ({"ForAllValues:StringLike": {f"{GITHUB}:sub": "repo:ours/*"}, "Null": {f"{GITHUB}:sub": "false"}}, False),
        ({"StringLike": {f"{GITHUB}:sub": "repo:ours*"}}, True),
        ({"StringLike": {f"{GITHUB}:sub": "repo:*/app:*"}}, True),
        ({"StringNotLike": {f"{GITHUB}:sub": "repo:theirs/*"}}, True),
        ({"StringEquals": {f"{GITHUB}:repository_owner": "ours"}}, False),
        ({"StringEquals": {f"{GITHUB}:repository_owner_id": "1234"}}, False),
        ({"StringLike": {f"{GITHUB}:repository_owner": "our*"}}, True),
        ({"StringEquals": {f"{GITHUB}:repository": "ours/app"}}, False),
        ({"StringLike": {f"{GITHUB}:job_workflow_ref": "ours/ci/.github/workflows/deploy.yml@*"}}, False),
        ({"StringLike": {f"{GITHUB}:job_workflow_ref": "*/ci/.github/workflows/deploy.yml@*"}}, True),
    ],
)
def test_trust_in_github(condition: object, gap: bool, tmp_path: Path) -> None:
    trust = _trust({"Federated": PROVIDER}, Condition=condition)
    assert bool(_gaps("IAM032", tmp_path, {"R": _role(trust)})) is gap


@pytest.mark.parametrize(
    ("issuer", "condition", "gap"),
    [
        ("gitlab.com", {"StringLike": {"gitlab.com:sub": "project_path:ours/*"}}, False),
        ("gitlab.com", {"StringLike": {"gitlab.com:sub": "project_path:*"}}, True),
        ("app.terraform.io", {"StringLike": {"app.terraform.io:sub": "organization:ours:*"}}, False),
        ("app.terraform.io", {"StringEquals": {"app.terraform.io:aud": "aws"}}, True),
        ("cognito-identity.amazonaws.com", {"StringEquals": {"cognito-identity.amazonaws.com:aud": "p"}}, True),
        ("idp.ours.example", {"StringEquals": {"idp.ours.example:aud": "sts"}}, False),
    ],
)
def test_trust_in_other_providers(issuer: str, condition: object, gap: bool, tmp_path: Path) -> None:
    federated = issuer if "cognito" in issuer else f"arn:aws:iam::111122223333:oidc-provider/{issuer}"
    trust = _trust({"Federated": federated}, Condition=condition)
    assert bool(_gaps("IAM033", tmp_path, {"R": _role(trust)})) is gap


BOTH = ["arn:aws:s3:::ours", "arn:aws:s3:::ours/*"]
PLAIN = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("statements", "gap"),
    [
        ([_deny("s3:*", BOTH, Principal="*", Condition=PLAIN)], False),
        ([_deny("*", "*", Principal={"AWS": "*"}, Condition=PLAIN)], False),
        ([_deny("s3:*", BOTH[:1], Principal="*", Condition=PLAIN)], True),
        (
            [
                _deny("s3:*", BOTH[:1], Principal="*", Condition=PLAIN),
                _deny("s3:*", BOTH[1:], Principal="*", Condition=PLAIN),
            ],
            False,
        ),
        ([_deny("s3:*", BOTH, Principal={"AWS": "111122223333"}, Condition=PLAIN)], True),
        ([_deny("s3:*", BOTH, Principal="*", Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}})], False),
        ([_deny("s3:*", BOTH, Principal="*", Condition={**PLAIN, "StringEquals": {"aws:SourceVpc": "vpc-1"}})], True),
        ([_allow("s3:*", BOTH, Principal="*", Condition={"Bool": {"aws:SecureTransport": "true"}})], True),
    ],
)
def test_plain_http(statements: list[object], gap: bool, tmp_path: Path) -> None:
    resources = {
        "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "ours"}},
        "P": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {"Bucket": {"Ref": "B"}, "PolicyDocument": _document(*statements)},
        },
    }
    assert bool(_gaps("TLS301", tmp_path, resources)) is gap


@pytest.mark.parametrize(
    ("patterns", "severity"),
    [
        (["ssmmessages:*", "ec2messages:*"], "low"),
        (["ssmmessages:*", "sqs:*"], "high"),
        (["lakeformation:*"], "high"),
        (["*"], "high"),
    ],
)
def test_a_service_that_works_on_every_resource_alone_is_a_small_gap(
    patterns: list[str], severity: str, tmp_path: Path
) -> None:
    text = yaml.safe_dump({"Resources": {"P": _policy("p", _allow(patterns), Roles=["r"])}})
    rules = [one for one in catalog.rules() if one.id == "IAM003"]
    assert [it.severity.label for it in judge(load(tmp_path, text), rules, TODAY).findings] == [severity]
