"""Parameters of every type, given, defaulted, chosen or open."""

from __future__ import annotations

from pathlib import Path

import pytest

from partywall.cloudformation import given
from partywall.cloudformation.surroundings import Surroundings
from partywall.value import Known
from tests.cloudformation.reading import load, messages, resource, told

CASES = [
    ("{Type: String}", None, "?parameter P has no default"),
    ("{Type: String, Default: ''}", None, ""),
    ("{Type: String, Default: 012345670123}", None, "012345670123"),
    ("{Type: String, Default: true}", None, "true"),
    ("{Type: Number, Default: 22}", None, "22"),
    ("{Type: Number, Default: '22'}", "80", "80"),
    ("{Type: String, NoEcho: true, Default: secret}", None, "secret"),
    ("{Type: 'AWS::EC2::VPC::Id'}", "vpc-1", "vpc-1"),
    ("{Type: 'AWS::SSM::Parameter::Name', Default: /a/b}", None, "/a/b"),
    ("{Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}", None, "?SSM parameter /a/b is read at deployment"),
    ("{Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}", "/c", "?SSM parameter /c is read at deployment"),
    ("{Type: 'AWS::SSM::Parameter::Value<List<String>>'}", None, "?SSM parameter is read at deployment"),
    ("{Type: CommaDelimitedList, Default: 'a, b ,c'}", None, ["a", "b", "c"]),
    ("{Type: CommaDelimitedList, Default: ''}", None, []),
    ("{Type: 'List<Number>', Default: '80,443'}", None, ["80", "443"]),
    ("{Type: 'List<AWS::EC2::Subnet::Id>'}", "a,b", ["a", "b"]),
    ("{Type: 'List<AWS::EC2::Subnet::Id>'}", None, "?parameter P has no default"),
    ("{Type: String, AllowedValues: [a, b]}", None, {"by P": {"a": "a", "b": "b"}}),
    ("{Type: String, AllowedValues: [a, a]}", None, "a"),
    ("{Type: String, AllowedValues: [only]}", None, "only"),
    ("{Type: String, AllowedValues: [a, b], Default: b}", None, "b"),
    ("{Type: String, AllowedValues: [a, b], Default: b}", "a", "a"),
    ("{Type: String, AllowedValues: [true, 1]}", None, {"by P": {"true": "true", "1": "1"}}),
    ("{Type: CommaDelimitedList, AllowedValues: ['a,b', c]}", None, {"by P": {"a,b": ["a", "b"], "c": ["c"]}}),
    ("{Default: x}", None, "x"),
    ("{}", None, "?parameter P has no default"),
]


@pytest.mark.parametrize(("declared", "value", "expected"), CASES)
def test_value(declared: str, value: str | None, expected: object, tmp_path: Path) -> None:
    text = f"Parameters:\n  P: {declared}\nResources:\n  It: {{Type: 'A::B::C', Properties: {{P: !Ref P}}}}\n"
    deployment = load(tmp_path, text, {} if value is None else {"P": value})
    assert told(resource(deployment, "It").attributes["P"]) == expected
    assert messages(deployment) == []


def test_the_origin_of_a_default_and_of_an_allowed_value_is_its_line(tmp_path: Path) -> None:
    text = (
        "Parameters:\n  P:\n    Type: String\n    Default: a\n"
        "  Q:\n    Type: String\n    AllowedValues:\n      - b\n      - c\n"
        "Resources:\n  It:\n    Type: A::B::C\n    Properties:\n      P: !Ref P\n      Q: !Ref Q\n"
    )
    attributes = resource(load(tmp_path, text), "It").attributes
    assert attributes["P"].span.line == 14
    assert [it.span.line for it in attributes["P"].origin][-1] == 4
    (_, first), (_, second) = attributes["Q"].arms  # type: ignore[union-attr]
    assert [first.span.line, second.span.line] == [15, 15]
    assert [first.origin[0].span.line, second.origin[0].span.line] == [8, 9]


@pytest.mark.parametrize(
    ("declared", "value", "message"),
    [
        ("{Type: String, AllowedValues: [a, b]}", "c", "parameter P cannot be 'c': that is none of its allowed values"),
        ("{Type: String, AllowedValues: [a], Default: c}", None, "parameter P cannot be 'c'"),
        ("{Type: CommaDelimitedList, AllowedValues: [a, b]}", "a,c", "parameter P cannot be 'c'"),
        ("{Type: String, Default: [a]}", None, "the default of parameter P is no text"),
    ],
)
def test_what_no_stack_can_have_is_a_problem(declared: str, value: str | None, message: str, tmp_path: Path) -> None:
    text = f"Parameters:\n  P: {declared}\nResources:\n  It: {{Type: 'A::B::C', Properties: {{P: !Ref P}}}}\n"
    (found,) = load(tmp_path, text, {} if value is None else {"P": value}).problems
    assert found.message.startswith(message)
    assert found.span.line == 2


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
    ],
)
def test_pseudo_parameters_follow_the_region(region: str, partition: str, suffix: str, tmp_path: Path) -> None:
    text = (
        "Resources:\n  It:\n    Type: A::B::C\n    Properties:\n"
        "      P: !Sub '${AWS::Region} ${AWS::AccountId} ${AWS::Partition} ${AWS::URLSuffix}'\n"
    )
    around = Surroundings(str(tmp_path), {"AWS::Region": region, "AWS::AccountId": "123456789012"})
    deployment = load(tmp_path, text, surroundings=around)
    assert told(resource(deployment, "It").attributes["P"]) == f"{region} 123456789012 {partition} {suffix}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "ParameterValue": "x,y"}]'),
        ("a.json", '{"Parameters": {"A": "1", "B": "x,y"}, "Tags": {"T": "t"}}'),
        ("a.json", '{"A": 1, "B": ["x", "y"]}'),
        ("a.json", '["A=1", "B=x,y"]'),
        ("a.yaml", "A: 1\nB: x,y\n"),
        ("samconfig.toml", '[default.deploy.parameters]\nparameter_overrides = "A=1 B=\\"x,y\\""\n'),
        (
            "samconfig.toml",
            "[default.deploy.parameters]\nparameter_overrides = "
            '"ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=x,y"\n',
        ),
        ("samconfig.toml", '[default.deploy.parameters]\nparameter_overrides = ["A=1", "B=x,y"]\n'),
    ],
)
def test_parameter_files_in_every_form(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    values, problems = given({}, [str(path)])
    assert problems == ()
    assert {key: told(value) for key, value in values.items()} == {"A": "1", "B": "x,y"}


def test_later_files_win_key_by_key_and_single_values_win_over_all(tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    first.write_text('{"A": "1", "B": "1", "C": "1"}', encoding="utf-8")
    second.write_text('{"B": "2", "C": "2"}', encoding="utf-8")
    values, _ = given({"C": "3"}, [str(first), str(second)])
    assert {key: told(value) for key, value in values.items()} == {"A": "1", "B": "2", "C": "3"}
    assert isinstance(values["B"], Known)
    assert values["B"].span.path.endswith("2.json")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", '{"A": ', "expected a value"),
        ("a.json", "{}", "no parameter is given a value here"),
        ("a.toml", "= 1", "Invalid"),
        ("missing.json", None, "cannot be read"),
    ],
)
def test_a_parameter_file_that_cannot_be_read_is_a_problem(
    name: str, text: str | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    values, (problem,) = given({}, [str(path)])
    assert values == {}
    assert problem.kind == "error"
    assert message in problem.message
