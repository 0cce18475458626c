"""Whatever a file holds, it ends in a deployment with problems or is no template: nothing is raised, nothing hangs."""

from __future__ import annotations

import datetime
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partywall import catalog, cloudformation
from partywall.declared import Deployment
from partywall.engine import judge
from partywall.text.node import MAX_DEPTH

RULES = [rule for rule in catalog.rules() if rule.id in ("NET101", "ENC101", "IAM001", "IAM301")]
BASE = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::LanguageExtensions
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod], Default: dev}
  Open: {Type: CommaDelimitedList}
  Port: {Type: Number, MinValue: 1024}
Mappings: {M: {dev: {a: 1}, prod: {a: 2}}}
Conditions:
  P: !And [!Equals [!Ref Env, prod], !Not [!Condition Q]]
  Q: !Or [!Equals [!Ref AWS::Region, x], !Equals [!Ref Port, '22']]
Rules:
  R: {RuleCondition: !Equals [!Ref Env, dev], Assertions: [{Assert: {'Fn::Contains': [[a, b], !Ref Env]}}]}
Resources:
  G: &g
    Type: AWS::EC2::SecurityGroup
    Condition: P
    DependsOn: [V]
    Properties:
      SecurityGroupIngress: !If
        - P
        - - {IpProtocol: tcp, FromPort: !Ref Port, ToPort: !FindInMap [M, !Ref Env, a], CidrIp: !Sub '${Open}/0'}
        - !Ref AWS::NoValue
  V: {Type: AWS::EC2::Volume, Properties: {Encrypted: !Select [0, !Split [',', !Join [',', [true, false]]]]}}
  B:
    <<: *g
    Type: AWS::S3::BucketPolicy
    Properties:
      PolicyDocument: !Sub |
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "${V}"}]}
  Fn::ForEach::L: [N, [x, y], {'D${N}': {Type: AWS::EC2::Volume, Properties: {Size: !Ref N}}}]
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties: {TemplateBody: '{"Resources": {"V": {"Type": "AWS::EC2::Volume"}}}'}
  Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a.yaml}}
  F: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: Api}}, Policies: [!If [P, A, B]]}}
Outputs: {O: {Value: !Cidr [10.0.0.0/16, 2, 8], Export: {Name: !GetAtt G.GroupId}}}
"""


def linted(directory: str, name: str, data: bytes) -> Deployment | None:
    path = Path(directory) / name
    path.write_bytes(data)
    cloudformation.is_template(str(path))
    survey = cloudformation.survey(directory, frozenset(), (".yaml", ".json"))
    around = survey.surroundings(str(path), {}, {})
    deployment = cloudformation.load(str(path), parameters={}, surroundings=around)
    if deployment is not None:
        judgement = judge(deployment, RULES, datetime.date(2026, 1, 1))
        assert judgement.problems == ()
    return deployment


_pieces = st.sampled_from(
    [
        *"[]{}:,-&*!|>'\"#%@`\t\n ?\\\x00\x85\u2028é\U0001f600",
        "!Ref ", "!Sub ", "!If ", "!GetAtt ", "!Select ", "!FindInMap ", "!Cidr ", "<<: *g", "&g ", "*g", "---\n",
        "Fn::If: ", "Ref: ", "AWS::NoValue", "null", "~", "[]", "{}", "5", "-1", "true", "${", "}", "{{resolve:ssm:x}}",
        "Fn::ForEach::A",
    ]
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_mutated_yaml(data: st.DataObject) -> None:
    text = BASE
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text)))
        end = data.draw(st.one_of(st.just(at), st.integers(at, min(len(text), at + 40))))
        text = text[:at] + data.draw(_pieces) + text[end:]
    with tempfile.TemporaryDirectory() as directory:
        linted(directory, "a.yaml", text.encode("utf-8", "surrogatepass"))


_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 300),
    st.sampled_from(["", "P", "G", "Env", "AWS::NoValue", "G.Arn", "10.0.0.0/8", "a,b"]),
)
_functions = st.sampled_from(["Ref", "Condition"]) | st.sampled_from(
    ["GetAtt", "Sub", "Join", "Split", "Select", "If", "FindInMap", "Cidr", "GetAZs", "ImportValue", "Base64", "Length",
     "ToJsonString", "Transform", "Equals", "And"]
).map("Fn::{}".format)  # fmt: skip
_keys = st.sampled_from(["Type", "Properties", "CidrIp", "IpProtocol", "Statement", "Name"])
_anything = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.builds(lambda name, argument: {name: argument}, _functions, inner),
        st.dictionaries(_keys, inner, max_size=3),
    ),
    max_leaves=10,
)
SECTIONS = ("Parameters", "Mappings", "Conditions", "Rules", "Resources", "Outputs", "Transform", "Metadata", "Globals")


def _resource(kind: str, properties: object, beside: object) -> dict[str, object]:
    return {
        "Type": f"AWS::{kind}",
        "Properties": properties,
        "Condition": beside,
        "DependsOn": beside,
        "Metadata": properties,
    }


_section = st.one_of(_anything, st.dictionaries(st.sampled_from("PGEN"), _anything))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(SECTIONS), _section, max_size=5), _anything, _anything)
def test_any_json_in_any_section(sections: dict[str, Any], properties: object, condition: object) -> None:
    resources = sections.get("Resources")
    sections["Resources"] = {
        **(resources if isinstance(resources, dict) else {}),
        "G": _resource("EC2::SecurityGroup", {"SecurityGroupIngress": properties}, condition),
        "V": _resource("EC2::Volume", properties, condition),
        "S": _resource("CloudFormation::Stack", {"TemplateURL": properties, "Parameters": properties}, None),
        "F": _resource("Serverless::Function", properties, None),
    }
    with tempfile.TemporaryDirectory() as directory:
        assert linted(directory, "a.json", json.dumps(sections).encode()) is not None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["a.yaml", "a.json"]))
def test_any_bytes_after_a_beginning(tail: bytes, name: str) -> None:
    head = (
        b"Resources:\n  A:\n    Type: AWS::S3::Bucket\n"
        if name == "a.yaml"
        else b'{"Resources": {"A": {"Type": "AWS::S3::Bucket"'
    )
    with tempfile.TemporaryDirectory() as directory:
        linted(directory, name, head + tail)


DEEP = {
    "lists": ("[", "1", "]"),
    "maps": ("{a: ", "1", "}"),
    "join": ("!Join ['', [", "a", "]]"),
    "sub": ("!Sub ['${A}', {A: ", "a", "}]"),
    "laughs": ("!Sub ['${A}${A}', {A: ", "a", "}]"),
    "if": ("!If [P, ", "a", ", b]"),
    "select": ("!Select [0, [", "a", "]]"),
    "base64": ("{Fn::Base64: ", "a", "}"),
    "choices": ("!If [P, [", "a", "], b]"),
    "mapkey": ("!FindInMap [M, ", "dev", ", a]"),
    "json": ("{Fn::ToJsonString: [", "a", "]}"),
    "opaque": ("{Fn::Newer: [", "a", "]}"),
}


@pytest.mark.parametrize("name", DEEP)
def test_the_deepest_expressions(name: str, tmp_path: Path) -> None:
    before, inner, after = DEEP[name]
    levels = (MAX_DEPTH - 6) // (before.count("[") + before.count("{"))
    value = before * levels + inner + after * levels
    text = (
        "Parameters: {E: {Type: String}}\nMappings: {M: {dev: {a: dev}}}\nConditions: {P: !Equals [!Ref E, x]}\n"
        f"Resources:\n  V:\n    Type: AWS::EC2::Volume\n    Properties: {{Encrypted: {value}}}\n"
        "Outputs: {O: {Value: !GetAtt V.X}}\n"
    )
    made = linted(str(tmp_path), "a.yaml", text.encode())
    assert made is not None
    assert {it.message for it in made.problems} <= {"functions are nested deeper than 100 levels"}


@pytest.mark.parametrize("function", ["!Not [", "!And [!Equals [a, b], ", "!Or [!Equals [!Ref E, b], "])
def test_the_deepest_conditions(function: str, tmp_path: Path) -> None:
    levels = MAX_DEPTH - 8
    formula = function * levels + "!Equals [!Ref E, x]" + "]" * levels
    text = (
        f"Parameters: {{E: {{Type: String}}}}\nConditions: {{P: {formula}}}\n"
        "Resources: {V: {Type: AWS::EC2::Volume, Condition: P, Properties: {Size: 1}}}\n"
    )
    made = linted(str(tmp_path), "a.yaml", text.encode())
    assert made is not None
    assert made.problems == ()
