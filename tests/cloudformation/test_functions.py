"""Intrinsic functions on known, unknown and undecided values: one row each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from partywall.value import references
from tests.cloudformation.reading import load, messages, resource, told

TEMPLATE = """\
Transform: AWS::LanguageExtensions
Parameters:
  Known: {Type: String, Default: abc}
  Number: {Type: Number, Default: 22}
  Open: {Type: String}
  Env: {Type: String, AllowedValues: [dev, prod]}
  List: {Type: CommaDelimitedList, Default: 'a, b,c'}
  OpenList: {Type: 'List<String>'}
  Row: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  Always: !Equals [a, a]
Mappings:
  M:
    dev: {size: 1, world: 0.0.0.0/0, only: x}
    prod: {size: 1, world: 10.0.0.0/8}
  L:
    one: {list: [a, b]}
Resources:
  Other: {Type: AWS::S3::Bucket}
  It:
    Type: AWS::S3::Bucket
    Properties:
      P: %s
"""

CASES = [
    # Ref and GetAtt.
    ("!Ref Known", "abc"),
    ("{Ref: Known}", "abc"),
    ("!Ref Number", "22"),
    ("!Ref Open", "?parameter Open has no default"),
    ("!Ref Env", {"by Env": {"dev": "dev", "prod": "prod"}}),
    ("!Ref List", ["a", "b", "c"]),
    ("!Ref OpenList", "?parameter OpenList has no default"),
    ("!Ref Other", "?set by AWS at creation"),
    ("!Ref AWS::Region", "?AWS::Region is not given"),
    ("!Ref AWS::StackName", "?the name of the stack is given at deployment"),
    ("!Ref AWS::Partition", {"by AWS::Partition": {"aws": "aws", "aws-cn": "aws-cn", "aws-us-gov": "aws-us-gov"}}),
    ("{Ref: Known, Other: 1}", {"Ref": "Known", "Other": 1}),
    ("{Ref: !Sub 'Kno${Tail}'}", "?the name in Ref is unknown"),
    ("{Ref: !Join ['', [Kno, wn]]}", "abc"),
    ("!Sub '${Nobody}'", "?Nobody is neither a parameter nor a resource of this template"),
    ("!GetAtt Other.Arn", "?set by AWS at creation"),
    ("!GetAtt [Other, Arn]", "?set by AWS at creation"),
    ("{Fn::GetAtt: [Other, !Ref Known]}", "?set by AWS at creation"),
    ("{Fn::GetAtt: [Other, !Ref Open]}", "?the attribute is unknown"),
    ("!GetAtt Other.A.B.C", "?set by AWS at creation"),
    # Sub.
    ("!Sub 'x-${Known}-y'", "x-abc-y"),
    ("!Sub '${Open}/32'", "?/32"),
    ("!Sub ['${A}${Known}', {A: !Ref Open, Known: own}]", "?own"),
    ("!Sub '${!Known}'", "${Known}"),
    ("!Sub '${Other.Arn}/*'", "?/*"),
    ("!Sub 'a${Env}'", {"by Env": {"dev": "adev", "prod": "aprod"}}),
    ("!Sub '${Number}${AWS::NoValue}'", "22"),
    ("!Sub 'arn:${AWS::Region}:${AWS::AccountId}:x'", "arn:?:?:x"),
    # Join, Split, Select.
    ("!Join ['-', [a, !Ref Known, 1, true]]", "a-abc-1-true"),
    ("!Join ['/', [!Ref Open, '0']]", "?/0"),
    ("!Join [',', !Ref List]", "a,b,c"),
    ("!Join [',', !Ref OpenList]", "?parameter OpenList has no default"),
    ("!Join ['-', [a, !If [IsProd, b, !Ref AWS::NoValue]]]", {"by Env": {"dev": "a", "prod": "a-b"}}),
    ("!Split [',', 'a,b']", ["a", "b"]),
    ("!Split [',', !Ref Open]", "?parameter Open has no default"),
    ("!Split ['/', !Sub 'a/${AWS::Region}/b']", ["a", "?AWS::Region is not given", "b"]),
    ("!Split ['/', !Sub 'a/${Open}/b']", "?parameter Open has no default"),
    ("!Split [',', !Ref Env]", {"by Env": {"dev": ["dev"], "prod": ["prod"]}}),
    ("!Select [1, !Ref List]", "b"),
    ("!Select ['2', [a, b, c]]", "c"),
    ("!Select [0, !Ref OpenList]", "?parameter OpenList has no default"),
    ("!Select [!Ref Open, [a, b]]", "?the index is unknown"),
    ("!Select [5, !GetAZs '']", "?AWS chooses the zone"),
    ("!Select [!If [IsProd, 0, 1], [a, b]]", {"by Env": {"dev": "b", "prod": "a"}}),
    ("!Select [!If [IsProd, 0, 9], [a, b]]", {"by Env": {"dev": "?the list has no element 9", "prod": "a"}}),
    # FindInMap.
    ("!FindInMap [M, dev, world]", "0.0.0.0/0"),
    ("!FindInMap [M, !Ref Env, world]", {"by Env": {"dev": "0.0.0.0/0", "prod": "10.0.0.0/8"}}),
    ("!FindInMap [M, !Ref Env, size]", 1),
    ("!FindInMap [M, !Ref Env, only]", {"by Env": {"dev": "x", "prod": "?the map has no such entry"}}),
    ("!FindInMap [M, !Ref Row, world]", {"by Row": {"dev": "0.0.0.0/0", "prod": "10.0.0.0/8"}}),
    ("!FindInMap [M, !Ref Row, size]", 1),
    (
        "!FindInMap [M, !Ref AWS::Region, world]",
        {"by AWS::Region": {"dev": "0.0.0.0/0", "prod": "10.0.0.0/8"}},
    ),
    ("!FindInMap [M, !Sub 'pro${Open}', world]", "10.0.0.0/8"),
    (
        "!FindInMap [M, !GetAtt Other.X, world]",
        {"by Other.X in M": {"dev": "0.0.0.0/0", "prod": "10.0.0.0/8"}},
    ),
    ("!FindInMap [M, none, world, {DefaultValue: d}]", "d"),
    ("!FindInMap [M, dev, world, {DefaultValue: d}]", "0.0.0.0/0"),
    ("!FindInMap [!Sub '${Known}', dev, world, {DefaultValue: d}]", "d"),
    (
        "!FindInMap [M, !Ref Row, size, {DefaultValue: 1}]",
        1,
    ),
    ("!FindInMap [L, one, list]", ["a", "b"]),
    # If, NoValue.
    ("!If [IsProd, a, b]", {"by Env": {"dev": "b", "prod": "a"}}),
    ("!If [Always, a, b]", "a"),
    ("!If [IsProd, same, same]", "same"),
    ("{A: 1, B: !Ref AWS::NoValue}", {"A": 1}),
    ("[a, !Ref AWS::NoValue, b]", ["a", "b"]),
    ("{A: !If [Always, !Ref AWS::NoValue, 1]}", {}),
    ("!If [Nowhere, a, b]", {"by condition Nowhere": {"true": "a", "false": "b"}}),
    # Cidr, GetAZs.
    ("!Cidr [10.0.0.0/16, 3, 8]", ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]),
    ("!Cidr [!Ref Open, 2, 8]", ["?/24", "?/24"]),
    ("!Cidr [!Ref Open, 1, 64]", ["?/64"]),
    ("!Cidr ['2001:db8::/56', 2, 64]", ["2001:db8::/64", "2001:db8:0:1::/64"]),
    ("!Cidr [!Ref Open, !Ref Open, 8]", "?the number of blocks is unknown"),
    ("!GetAZs us-east-1", ["?AWS chooses the zone"] * 2),
    # What another stack, a macro or a later moment decides.
    ("!ImportValue net-id", "?export net-id is another stack's"),
    ("!ImportValue {'Fn::Sub': '${AWS::StackName}-id'}", "?export ${AWS::StackName}-id is another stack's"),
    (
        "!ImportValue {'Fn::Join': ['-', [!Ref Open, !GetAtt Other.Arn, !Select [0, !Ref OpenList], id]]}",
        "?export ${Open}-${Other.Arn}-${…}-id is another stack's",
    ),
    ("!ImportValue {Ref: Open}", "?export ${Open} is another stack's"),
    (
        "!ImportValue {Ref: Env}",
        {"by Env": {"dev": "?export dev is another stack's", "prod": "?export prod is another stack's"}},
    ),
    ("{Fn::GetStackOutput: {StackName: a, OutputName: b}}", "?it is an output of another stack"),
    ("{Fn::Transform: {Name: Mine}}", "?made by the macro Mine"),
    ("!Rain::Embed x", "?the tag !Rain::Embed is not known here"),
    ("{Fn::Newer: [!Ref Open]}", "?Fn::Newer is not known here"),
    ("'{{resolve:ssm:name:1}}'", "?a dynamic reference to ssm is resolved at deployment"),
    ("'a-{{resolve:secretsmanager:x:SecretString:p}}-b'", "a-?-b"),
    ("!Sub '{{resolve:ssm-secure:${Known}:1}}'", "?a dynamic reference to ssm-secure is resolved at deployment"),
    ("!Join ['', ['{{resolve:', 'ssm:n}}']]", "?a dynamic reference to ssm is resolved at deployment"),
    # Encodings.
    ("!Base64 text", "dGV4dA=="),
    ("!Sub ['<${A}>', {A: !Base64 text}]", "<dGV4dA==>"),
    ("!Base64 {Ref: Env}", {"by Env": {"dev": "ZGV2", "prod": "cHJvZA=="}}),
    ("!Base64 [a]", "?not text"),
    ("!Base64 {'Fn::Sub': 'x${Open}'}", "x?"),
    ("{Fn::Length: !Ref List}", 3),
    ("{Fn::Length: !Ref OpenList}", "?the length of a list is unknown"),
    ("{Fn::ToJsonString: {a: [1, true], b: é}}", '{"a":[1,true],"b":"é"}'),
    ("{Fn::ToJsonString: {a: !Ref Open}}", {"a": "?parameter Open has no default"}),
    # Keys that look like functions and are none.
    ("{Condition: {StringEquals: {a: b}}}", {"Condition": {"StringEquals": {"a": "b"}}}),
]


@pytest.mark.parametrize(("written", "expected"), CASES, ids=[written for written, _ in CASES])
def test_value(written: str, expected: object, tmp_path: Path) -> None:
    deployment = load(tmp_path, TEMPLATE % written)
    value = resource(deployment, "It").attributes.get("P")
    assert value is not None
    assert told(value) == expected
    assert (value.span.line, value.span.path) == (24, deployment.name)


WRONG = [
    ("!Ref Nobody", "Nobody is neither a parameter nor a resource of this template"),
    ("!GetAtt Nobody.Arn", "Nobody is not a resource of this template"),
    ("!GetAtt Other", "Fn::GetAtt needs a resource and an attribute"),
    ("!GetAtt [Other]", "Fn::GetAtt needs a resource and an attribute"),
    ("!Sub [a]", "Fn::Sub needs a text, or a list of a text and a map"),
    ("!Sub {a: b}", "Fn::Sub needs a text, or a list of a text and a map"),
    ("!Sub ['a', [b]]", "Fn::Sub needs a text, or a list of a text and a map"),
    ("!Join [a]", "Fn::Join needs a delimiter and a list"),
    ("!Split [a]", "Fn::Split needs a delimiter and a text"),
    ("!Split ['', abc]", "Fn::Split needs a delimiter that is text"),
    ("!Select [a]", "Fn::Select needs an index and a list"),
    ("!Select [x, [a]]", "the index of Fn::Select must be a whole number from 0"),
    ("!Select [-1, [a]]", "the index of Fn::Select must be a whole number from 0"),
    ("!Select [7, [a]]", "the list has no element 7"),
    ("!Select [0, a]", "Fn::Select needs an index and a list"),
    ("!If [IsProd, a]", "Fn::If needs a condition and two values"),
    ("!If [[a], b, c]", "Fn::If needs the name of a condition"),
    ("!If [Nowhere, a, b]", "there is no condition Nowhere"),
    ("!FindInMap [M, dev]", "Fn::FindInMap needs a map and two keys"),
    ("!FindInMap [M, dev, none]", "the map has no such entry"),
    ("!FindInMap [None, dev, size]", "the map has no such entry"),
    ("!Cidr [10.0.0.0/16]", "Fn::Cidr needs a block, a count and the host bits"),
    ("!Cidr [10.0.0.0/16, 999, 8]", "Fn::Cidr makes 1 to 256 blocks"),
    ("!Cidr [10.0.0.0/24, 4, 8]", "10.0.0.0/24 has no room for 4 blocks of 8 host bits"),
    ("!Cidr [abc, 1, 8]", "'abc' is no address block"),
]


@pytest.mark.parametrize(("written", "message"), WRONG, ids=[written for written, _ in WRONG])
def test_wrong_use_is_a_note_at_its_place_and_the_rest_is_read(written: str, message: str, tmp_path: Path) -> None:
    deployment = load(tmp_path, TEMPLATE.replace("Conditions:", "Conditions:\n  X: !Equals [a, b]") % f"[{written}, 7]")
    assert messages(deployment) == [f"25: {message}"]
    assert told(resource(deployment, "It").attributes["P"])[-1] == 7  # type: ignore[index]


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ("!Ref Other", {"Other"}),
        ("!GetAtt Other.Arn", {"Other"}),
        ("!Sub '${Other}-${Other.Arn}-${Open}'", {"Other", "Parameters.Open"}),
        ("!Join ['', [!Ref Other, !Ref Open]]", {"Other", "Parameters.Open"}),
        ("!If [IsProd, !Ref Other, a]", {"Other"}),
        ("!Base64 {'Fn::Sub': '${Other}'}", {"Other"}),
        ("!Select [!Ref Open, [!Ref Other]]", {"Other"}),
        ("{Fn::Newer: [{a: !Ref Other}]}", {"Other"}),
        ("{Fn::Transform: {Name: X, Parameters: {a: !Ref Other}}}", {"Other"}),
        ("!Cidr [!GetAtt Other.Block, 2, 8]", {"Other"}),
        ("'{{resolve:secretsmanager:name}}'", {"resolve:secretsmanager"}),
        ("!ImportValue x", {"export:x"}),
    ],
)
def test_what_cannot_be_computed_keeps_its_references(written: str, addresses: set[str], tmp_path: Path) -> None:
    value = resource(load(tmp_path, TEMPLATE % written), "It").attributes["P"]
    assert {it.address for it in references(value)} == addresses


def test_an_alias_stands_where_it_is_and_leads_to_its_anchor(tmp_path: Path) -> None:
    text = TEMPLATE.replace("Default: abc", "Default: &word abc") % "[*word]"
    (item,) = resource(load(tmp_path, text), "It").attributes["P"].it  # type: ignore[union-attr, misc]
    assert (item.it, item.span.line) == ("abc", 24)
    assert [it.span.line for it in item.origin] == [3]


def test_equal_forms_in_json(tmp_path: Path) -> None:
    properties = {"P": {"Fn::Join": ["-", ["a", {"Ref": "It"}]]}}
    text = json.dumps({"Resources": {"It": {"Type": "AWS::S3::Bucket", "Properties": properties}}})
    deployment = load(tmp_path, text, name="a.json")
    assert told(resource(deployment, "It").attributes["P"]) == "a-?"
