"""Arbitrary input behind the parsers: policies, networks, questions, marks, settings, kept results."""

from __future__ import annotations

import contextlib
import datetime
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from partywall import catalog, cloudformation, configuration, terraform
from partywall.cache import Cache
from partywall.check import check
from partywall.configuration import ConfigurationError, Settings
from partywall.configuration.shown import written
from partywall.declared import Deployment
from partywall.engine import judge
from partywall.graph import Graph
from partywall.reason.network.trace import NotInNetworkError, Question, trace
from partywall.report import FORMATS, renderer
from partywall.report.style import Style
from partywall.terraform.deployment import MAX_FRAMES

sys.setrecursionlimit(MAX_FRAMES)  # as the front end does, once for all examples
RULES = catalog.rules()
TODAY = datetime.date(2026, 1, 1)
EXAMPLES = settings(max_examples=60, deadline=None)


def loaded(resources: dict[str, Any], more: dict[str, Any]) -> Deployment:
    """A template's deployment, which no rule fails on."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "a.json"
        path.write_text(json.dumps({**more, "Resources": resources}), encoding="utf-8")
        deployment = cloudformation.load(str(path), parameters={})
    assert deployment is not None
    assert judge(deployment, RULES, TODAY).problems == ()
    return deployment


_TEXTS = st.sampled_from(
    ["", "*", "s3:*", "S3:Get?bject", "iam:PassRole", "arn:aws:s3:::b/*", "arn:aws:iam::123456789012:root", "Allow",
    "Deny",
     "2012-10-17", "2008-10-17", "aws:SourceIp", "0.0.0.0/0", "10.0.0.0/99", "::/0", "true", "${aws:username}", "${",
     "²",
     "9" * 30, "123456789012", "ec2.amazonaws.com", "\ud800", "a\x00b", "sts:AssumeRole", "aws:PrincipalOrgID"]
)  # fmt: skip
_OPEN = st.sampled_from(
    [{"Ref": "Open"}, {"Ref": "Choice"}, {"Fn::If": ["C", "*", {"Ref": "AWS::NoValue"}]}, {"Fn::Sub": "arn:${Open}:*"},
     {"Fn::GetAtt": ["Role", "Arn"]}, {"Fn::ImportValue": "x"}]
)  # fmt: skip
_KEYS = st.sampled_from(
    ["Version", "Id", "Statement", "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal",
     "NotPrincipal", "Condition", "AWS", "Service", "Federated", "CanonicalUser", "StringEquals", "StringLike",
     "IpAddress",
     "ForAllValues:StringEquals", "NumericLessThan", "Bool", "Null", "aws:SourceIp", "aws:SourceArn", "x"]
)  # fmt: skip
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | _TEXTS | _OPEN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)
_STATEMENT = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("Effect", "Action", "NotAction", "Resource", "Principal", "NotPrincipal",
    "Condition"), _JSON)
)  # fmt: skip
_POLICY = st.one_of(_JSON, st.builds(lambda *them: {"Statement": list(them)}, _STATEMENT, _STATEMENT))
_MORE = {
    "Parameters": {
        "Open": {"Type": "String"},
        "Choice": {"Type": "String", "AllowedValues": ["*", "10.0.0.0/8", "22"]},
    },
    "Conditions": {"C": {"Fn::Equals": [{"Ref": "Open"}, "a"]}},
}


@EXAMPLES
@given(_POLICY, _POLICY)
def test_policies(one: object, other: object) -> None:
    loaded(
        {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": one,
                    "PermissionsBoundary": other if isinstance(other, str) else None,
                    "Policies": [{"PolicyName": "p", "PolicyDocument": other}],
                },
            },
            "Group": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {"PolicyDocument": one, "Roles": [{"Ref": "Role"}]},
            },
            "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
            "Access": {
                "Type": "AWS::S3::BucketPolicy",
                "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": other},
            },
            "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": one}},
            "Queue": {"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": one, "PolicyDocument": other}},
        },
        _MORE,
    )


@EXAMPLES
@given(_JSON)
def test_policies_as_text_in_terraform(document: object) -> None:
    text = json.dumps(json.dumps(document)).replace("${", "$${").replace("%{", "%%{")
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "main.tf").write_text(
            f'resource "aws_iam_policy" "a" {{\n  policy = {text}\n}}\n'
            f'resource "aws_s3_bucket_policy" "b" {{\n  policy = {text}\n}}\n',
            encoding="utf-8",
        )
        deployment = terraform.load(directory, variables={}, variable_files=(), workspace=None)
    assert judge(deployment, RULES, TODAY).problems == ()


_BLOCK = st.sampled_from(
    ["10.0.0.0/16", "10.0.1.0/24", "0.0.0.0/0", "::/0", "10.0.0.0/33", "x", "", 5, None, {"Ref": "Open"},
    {"Ref": "Choice"},
     {"Fn::Select": [0, {"Fn::Cidr": ["10.0.0.0/16", 4, 8]}]}, {"Fn::If": ["C", "0.0.0.0/0", "10.0.0.0/8"]},
     ["10.0.0.0/8"]]
)  # fmt: skip
_PORT: st.SearchStrategy[Any] = st.sampled_from(
    [22, 0, 65535, -1, 99999, 10**30, "22", "²", "9" * 5000, None, {"Ref": "Choice"}, {"Ref": "Open"}, 1.5, []]
)
_TYPES: dict[str, tuple[str, ...]] = {
    "AWS::EC2::VPC": ("CidrBlock",),
    "AWS::EC2::Subnet": ("VpcId", "CidrBlock", "MapPublicIpOnLaunch"),
    "AWS::EC2::RouteTable": ("VpcId",),
    "AWS::EC2::Route": ("RouteTableId", "DestinationCidrBlock", "GatewayId", "NatGatewayId", "VpcPeeringConnectionId"),
    "AWS::EC2::SubnetRouteTableAssociation": ("SubnetId", "RouteTableId"),
    "AWS::EC2::InternetGateway": (),
    "AWS::EC2::VPCGatewayAttachment": ("VpcId", "InternetGatewayId"),
    "AWS::EC2::NatGateway": ("SubnetId", "AllocationId"),
    "AWS::EC2::VPCPeeringConnection": ("VpcId", "PeerVpcId"),
    "AWS::EC2::NetworkAcl": ("VpcId",),
    "AWS::EC2::NetworkAclEntry": ("NetworkAclId", "RuleNumber", "Protocol", "RuleAction", "Egress", "CidrBlock",
    "PortRange"),
    "AWS::EC2::SubnetNetworkAclAssociation": ("SubnetId", "NetworkAclId"),
    "AWS::EC2::SecurityGroup": ("VpcId", "SecurityGroupIngress", "SecurityGroupEgress"),
    "AWS::EC2::SecurityGroupIngress": ("GroupId", "SourceSecurityGroupId", "CidrIp", "FromPort", "ToPort",
    "IpProtocol"),
    "AWS::EC2::Instance": ("SubnetId", "SecurityGroupIds", "NetworkInterfaces"),
    "AWS::EC2::NetworkInterface": ("SubnetId", "GroupSet"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("Subnets", "SecurityGroups", "Scheme", "Type"),
    "AWS::ElasticLoadBalancingV2::TargetGroup": ("VpcId", "Targets", "Port", "HealthCheckPort", "Protocol"),
    "AWS::ElasticLoadBalancingV2::Listener": ("LoadBalancerArn", "DefaultActions", "Port", "Protocol"),
    "AWS::RDS::DBInstance": ("DBSubnetGroupName", "VPCSecurityGroups", "PubliclyAccessible", "Port"),
    "AWS::RDS::DBSubnetGroup": ("SubnetIds",),
    "AWS::Lambda::Function": ("VpcConfig",),
}  # fmt: skip
_NAMES = [f"N{at}" for at in range(10)]
_NODE = st.sampled_from(_NAMES).map(lambda name: {"Ref": name}) | st.sampled_from(_NAMES).map(
    lambda name: {"Fn::GetAtt": [name, "GroupId"]}
)
_ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "IpProtocol": st.sampled_from(["tcp", "-1", -1, 6, "icmp", 10**20, "x", None, {"Ref": "Open"}]),
        "FromPort": _PORT, "ToPort": _PORT, "From": _PORT, "To": _PORT, "CidrIp": _BLOCK,
        "SourceSecurityGroupId": _NODE,
        "Id": _NODE, "SubnetId": _NODE, "GroupSet": st.lists(_NODE, max_size=2),
        "AssociatePublicIpAddress": st.booleans(),
        "SubnetIds": st.lists(_NODE, max_size=3), "SecurityGroupIds": st.lists(_NODE, max_size=2),
        "TargetGroupArn": _NODE,
        "Type": st.just("forward"),
    },
)  # fmt: skip
_VALUE = st.one_of(_NODE, _NODE, _BLOCK, _PORT, _ENTRY, st.lists(_NODE | _ENTRY, max_size=3), st.booleans())


@st.composite
def _networks(draw: st.DrawFn) -> dict[str, Any]:
    made = {}
    for name in draw(st.lists(st.sampled_from(_NAMES), min_size=3, unique=True)):
        kind = draw(st.sampled_from(sorted(_TYPES)))
        properties = {key: draw(_VALUE) for key in _TYPES[kind] if draw(st.integers(0, 5))}
        made[name] = {"Type": kind, "Properties": properties}
        if draw(st.integers(0, 5)) == 0:
            made[name]["Condition"] = "C"
    return made


_ENDS = st.sampled_from([*_NAMES, "internet", "10.0.0.0/8", "::/0", "", "x/y", "AWS::EC2::VPC"])


@settings(max_examples=80, deadline=None)
@given(
    _networks(), _ENDS, _ENDS, st.sampled_from(["tcp", "udp", "icmp", "6", "47", "x", ""]), st.integers(0, 65535),
    st.none() | _ENDS,
)  # fmt: skip
def test_networks_and_questions(
    resources: dict[str, Any], source: str, target: str, protocol: str, port: int, via: str | None
) -> None:
    graph = Graph(loaded(resources, _MORE))
    with contextlib.suppress(NotInNetworkError):
        trace(graph, Question(source, target, protocol, port, None, via, None), TODAY)


_MARKS = st.lists(
    st.sampled_from(
        ["# partywall: ignore[", "ENC101", "]", ", ", " until 2020-01-01", " until 9999-99-99",
        "# partywall: ignore-file[*]",
         "// partywall:ignore[]", "# checkov:skip=CKV_AWS_3:x", "#trivy:ignore:AVD-AWS-0001:exp:2024-02-30",
         "# tfsec:ignore:*",
         "\n", "\n", "{", "}", 'resource "aws_ebs_volume" "v" {\n', "size = 1\n", "é\u2028", "\x00"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@EXAMPLES
@given(_MARKS)
def test_marks_in_comments(text: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "main.tf").write_text(text, encoding="utf-8")
        report = check([directory], Settings(), RULES, TODAY)
        assert not [it for it in report.problems if it.kind == "internal"]
        for form in FORMATS:
            renderer(form)(report, ("gap", "unknown", "met", "suppressed"), Style())


_SETTING = st.recursive(
    st.sampled_from(["1", "-0.0", "inf", "true", '""', '"ENC101"', '"high"', "2020-01-01", "00:00:00", '"\\u0000"',
    "'''x'''"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda them: f"[{', '.join(them)}]")
    | st.dictionaries(st.sampled_from(["rule", "reason", "paths", "until", "variables", "x"]), inner, max_size=3).map(
        lambda table: "{" + ", ".join(f"{key} = {value}" for key, value in table.items()) + "}"
    ),
    max_leaves=6,
)  # fmt: skip
_SETTINGS = st.dictionaries(
    st.sampled_from(sorted({*configuration.file.OPTIONS, *configuration.file.INPUTS, "environments", "nope"})),
    _SETTING,
    max_size=3,
).map(lambda table: "".join(f"{key} = {value}\n" for key, value in table.items()))  # fmt: skip


@EXAMPLES
@given(_SETTINGS | st.binary(max_size=40).map(lambda it: it.decode("latin-1")))
def test_configurations(text: str) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "partywall.toml"
        path.write_text(text, encoding="utf-8")
        with contextlib.suppress(ConfigurationError):
            made = configuration.read(str(path))
            written(made)
            check([directory], made, RULES, TODAY)


@EXAMPLES
@given(st.data())
def test_kept_results_that_are_broken(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as directory:
        cache = Cache(directory)
        cache.put([1, ["\ud800", None]], [], "question")
        assert cache.get("question") == [1, ["\ud800", None]]
        (path,) = Path(directory).rglob("*.json")
        content = bytearray(path.read_bytes())
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] ^= data.draw(st.integers(1, 255))
        path.write_bytes(content[: data.draw(st.integers(at + 1, len(content)))])
        assert cache.get("question") is None
