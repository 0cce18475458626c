"""Stacks in stacks, stack sets, exports, and what CDK knows."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from partywall import catalog
from partywall.check import Report, check
from partywall.cloudformation.circle import circles
from partywall.cloudformation.surroundings import Surroundings
from partywall.configuration import Inputs, Settings
from tests.cloudformation.reading import load, messages, resource, told

CHILD = """\
Parameters:
  Cidr: {Type: String, Default: 10.0.0.0/8}
  Open: {Type: String}
Conditions:
  Wide: !Equals [!Ref Open, wide]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Condition: Wide
    Properties:
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Cidr}
Outputs:
  Id: {Value: !Ref Group}
  Cidr: {Value: !Ref Cidr}
"""
PARENT = """\
Parameters:
  World: {Type: String, Default: 0.0.0.0/0}
  Env: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  Prod: !Equals [!Ref Env, prod]
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Condition: Prod
    Properties:
      TemplateURL: net/child.yaml
      Parameters:
        Cidr: !Ref World
  User:
    Type: A::B::C
    Properties:
      Group: !GetAtt Net.Outputs.Id
      Cidr: !GetAtt Net.Outputs.Cidr
      None: !GetAtt Net.Outputs.None
"""


def write(directory: Path, **files: str) -> None:
    for name, text in files.items():
        path = directory / name.replace("__", "/").replace("_yaml", ".yaml").replace("_json", ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def checked(*paths: Path, exclude: tuple[str, ...] = (), files: tuple[str, ...] = ()) -> Report:
    settings = Settings(exclude=exclude, inputs=Inputs(parameter_files=files), select=("NET101", "ENC101"))
    return check(tuple(map(str, paths)), settings, catalog.rules(), datetime.date(2026, 1, 1))


def test_a_child_has_its_parents_arguments_and_outputs_flow_back(tmp_path: Path) -> None:
    write(tmp_path, net__child_yaml=CHILD)
    deployment = load(tmp_path, PARENT)
    group = resource(deployment, "Net.Group")
    (rule,) = group.attributes["SecurityGroupIngress"].it  # type: ignore[union-attr, misc]
    assert told(rule.it["CidrIp"]) == "0.0.0.0/0"
    assert [(it.span.path.rsplit("/")[-1], it.span.line) for it in rule.it["CidrIp"].origin] == [
        ("a.yaml", 13),
        ("a.yaml", 2),
    ]
    assert told(group.exists) == {
        "by Env": {"dev": False, "prod": {"by Net.Open": {"wide": True, "anything else": False}}}
    }
    user = resource(deployment, "User").attributes
    assert [it.address for it in user["Group"].references] == ["Net.Group"]
    assert told(user["Cidr"]) == "0.0.0.0/0"
    assert told(user["None"]) == "?the nested stack has no output None"
    assert len(deployment.files) == 2
    assert deployment.described["Net.Open", "wide"] == "condition Net.Wide is true"


def test_the_rules_of_a_child_count_where_the_child_is(tmp_path: Path) -> None:
    narrow = "Rules: {Narrow: {Assertions: [{Assert: !Not [!Equals [!Ref Open, wide]]}]}}\n"
    write(tmp_path, net__child_yaml=CHILD + narrow)
    assert told(load(tmp_path, PARENT).possible) == {
        "by Env": {"dev": True, "prod": {"by Net.Open": {"wide": False, "anything else": True}}}
    }


@pytest.mark.parametrize("named", [".", "net", "net/child.yaml", "a.yaml"])
def test_a_child_is_judged_under_its_parent_only(named: str, tmp_path: Path) -> None:
    write(tmp_path, net__child_yaml=CHILD, a_yaml=PARENT)
    (tmp_path / "partywall.toml").write_text("", encoding="utf-8")
    report = checked(tmp_path / named)
    found = [(it.resource, it.verdict, Path(it.deployment).name) for it in report.findings]
    assert found == [("Net.Group", "gap", "a.yaml")]


def test_a_child_of_an_excluded_parent_stands_alone(tmp_path: Path) -> None:
    write(tmp_path, net__child_yaml=CHILD, a_yaml=PARENT)
    (tmp_path / "partywall.toml").write_text("", encoding="utf-8")
    assert [it.resource for it in checked(tmp_path, exclude=("a.yaml",)).findings] == ["Group"]


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("net/child.yaml", True),
        ("./net/child.yaml", True),
        ("../outside.yaml", False),
        ("https://s3.amazonaws.com/bucket/v1/net/child.yaml", True),
        ("https://s3.amazonaws.com/bucket/child.yaml?versionId=1", True),
        ("https://s3.amazonaws.com/bucket/other.yaml", False),
        ("!Sub 'https://${Bucket}.s3.amazonaws.com/${Prefix}net/child.yaml'", True),
        ("!Sub 'https://${Bucket}.s3.amazonaws.com/${Prefix}deep/net/child.yaml'", False),
        ("!Sub 'https://${Bucket}.s3.amazonaws.com/${Prefix}'", False),
        ("!Ref Bucket", False),
    ],
)
def test_which_file_a_url_means(url: str, found: bool, tmp_path: Path) -> None:
    project = tmp_path / "project"
    write(project, net__child_yaml=CHILD)
    write(tmp_path, outside_yaml=CHILD)
    text = PARENT.replace("  World:", "  Bucket: {Type: String}\n  Prefix: {Type: String}\n  World:").replace(
        "TemplateURL: net/child.yaml", f"TemplateURL: {url}"
    )
    around = Surroundings(str(project), templates=(str(project / "net" / "child.yaml"), str(project / "a.yaml")))
    deployment = load(project, text, surroundings=around)
    assert any(it.address == "Net.Group" for it in deployment.resources) is found
    assert [it.message for it in deployment.unseen] == (
        [] if found else ["the template of the stack Net is not in the project"]
    )
    if not found:
        assert told(resource(deployment, "User").attributes["Cidr"]) == "?set by AWS at creation"


def test_a_url_that_two_files_end_like_means_neither(tmp_path: Path) -> None:
    write(tmp_path, a__child_yaml=CHILD, b__child_yaml=CHILD)
    text = PARENT.replace("net/child.yaml", "https://s3.amazonaws.com/x/child.yaml")
    around = Surroundings(str(tmp_path), templates=(str(tmp_path / "a/child.yaml"), str(tmp_path / "b/child.yaml")))
    assert len(load(tmp_path, text, surroundings=around).unseen) == 1


STACK = "Resources:\n  {name}:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: {url}}}\n"


def test_cycles_and_depth_are_problems(tmp_path: Path) -> None:
    write(tmp_path, b_yaml=STACK.format(name="B", url="a.yaml"))
    assert messages(load(tmp_path, STACK.format(name="A", url="b.yaml"))) == ["2: the stack B contains itself"]
    for at in range(12):
        write(tmp_path, **{f"d{at}_yaml": STACK.format(name="D", url=f"d{at + 1}.yaml")})
    assert messages(load(tmp_path, STACK.format(name="A", url="d0.yaml"))) == [
        "2: stacks are nested deeper than 8 levels"
    ]


def test_a_forest_of_stacks_ends(tmp_path: Path) -> None:
    many = "Resources:\n" + "".join(
        f"  S{at}: {{{{Type: AWS::CloudFormation::Stack, Properties: {{{{TemplateURL: {{url}}}}}}}}}}\n"
        for at in range(10)
    )
    for at in range(6):
        write(tmp_path, **{f"d{at}_yaml": many.format(url=f"d{at + 1}.yaml")})
    write(tmp_path, d6_yaml="Resources: {R: {Type: 'A::B::C'}}\n")
    deployment = load(tmp_path, many.format(url="d0.yaml"))
    assert "there are more than 500 nested stacks" in messages(deployment)[0]


def test_a_parameter_that_the_child_lacks_and_a_broken_child(tmp_path: Path) -> None:
    write(tmp_path, net__child_yaml=CHILD)
    deployment = load(tmp_path, PARENT.replace("Cidr: !Ref World", "Cdr: !Ref World"))
    assert messages(deployment) == ["13: the template of the stack Net has no parameter Cdr"]
    write(tmp_path, net__child_yaml="Resources: {A: {Type: AWS::S3::Bucket\n")
    (problem,) = load(tmp_path, PARENT).problems
    assert (problem.kind, Path(problem.span.path).name) == ("error", "child.yaml")


def test_children_that_need_each_other_do_not_hang(tmp_path: Path) -> None:
    write(
        tmp_path,
        c_yaml="Parameters: {P: {Type: String}}\nResources: {R: {Type: 'A::B::C'}}\nOutputs: {O: {Value: !Ref P}}\n",
    )
    text = "Resources:\n" + "".join(
        f"  {one}:\n    Type: AWS::CloudFormation::Stack\n"
        f"    Properties: {{TemplateURL: c.yaml, Parameters: {{P: !GetAtt {other}.Outputs.O}}}}\n"
        for one, other in (("A", "B"), ("B", "A"))
    )
    addresses = {it.address for it in load(tmp_path, text).resources if it.type == "A::B::C"}
    assert addresses == {"A.R", "B.R"}


def test_the_body_of_a_stack_set_is_read_at_its_place(tmp_path: Path) -> None:
    text = (
        "Resources:\n  Set:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      TemplateBody: |\n"
        "        Resources:\n          V:\n            Type: AWS::EC2::Volume\n            Properties: {Size: 1}\n"
    )
    deployment = load(tmp_path, text)
    inner = resource(deployment, "Set.V")
    assert (inner.span.line, inner.span.column) == (7, 11)
    text = json.dumps({"Resources": {"V": {"Type": "AWS::EC2::Volume"}}})
    whole = {"Resources": {"Set": {"Type": "AWS::CloudFormation::StackSet", "Properties": {"TemplateBody": text}}}}
    deployment = load(tmp_path, json.dumps(whole, indent=1), name="a.json")
    assert resource(deployment, "Set.V").span.line == 6


EXPORT = "Resources: {{V: {{Type: 'A::B::C'}}}}\nOutputs:\n  O:\n    Value: {value}\n    Export: {{Name: {name}}}\n"
IMPORT = """\
Resources:
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      SecurityGroupIngress: {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !ImportValue wide}
"""


@pytest.mark.parametrize(
    ("exports", "verdict"),
    [
        ({"x_yaml": EXPORT.format(value="0.0.0.0/0", name="wide")}, "gap"),
        ({"x_yaml": EXPORT.format(value="10.0.0.0/8", name="wide")}, "met"),
        ({"x_yaml": EXPORT.format(value="0.0.0.0/0", name="other")}, "unknown"),
        ({"x_yaml": EXPORT.format(value="!GetAtt V.Cidr", name="wide")}, "unknown"),
        ({"x_yaml": EXPORT.format(value="0.0.0.0/0", name="!Sub '${AWS::StackName}wide'")}, "unknown"),
        (
            {
                "x_yaml": EXPORT.format(value="0.0.0.0/0", name="wide"),
                "y_yaml": EXPORT.format(value="0.0.0.0/0", name="wide"),
            },
            "unknown",
        ),
        ({}, "unknown"),
    ],
)
def test_an_import_is_what_exactly_one_template_exports(exports: dict[str, str], verdict: str, tmp_path: Path) -> None:
    write(tmp_path, a_yaml=IMPORT, **exports)
    (tmp_path / "partywall.toml").write_text("", encoding="utf-8")
    for named in (tmp_path, tmp_path / "a.yaml"):
        assert [it.verdict for it in checked(named).findings if it.resource == "G"] == [verdict]


def test_a_cloud_assembly_gives_environment_parameters_names_and_nested_stacks(tmp_path: Path) -> None:
    manifest = {
        "version": "36.0.0",
        "artifacts": {
            "S": {
                "type": "aws:cloudformation:stack",
                "environment": "aws://123456789012/unknown-region",
                "properties": {"templateFile": "S.template.json", "parameters": {"P": "0.0.0.0/0"}},
            },
            "Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Stage"}},
        },
    }
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": {"Ref": "P"}}
    stack = {
        "Parameters": {
            "P": {"Type": "String"},
            "BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/x/version"},
        },
        "Resources": {
            "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "x"}},
            "SG1": {
                "Type": "AWS::EC2::SecurityGroup",
                "Properties": {"GroupDescription": {"Ref": "AWS::AccountId"}, "SecurityGroupIngress": [rule]},
                "Metadata": {"aws:cdk:path": "S/Web/Resource"},
            },
            "N2": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": {"Fn::Sub": "https://s3.${AWS::Region}.amazonaws.com/x/abc.json"}},
                "Metadata": {"aws:asset:path": "SN.nested.template.json", "aws:asset:property": "TemplateURL"},
            },
        },
        "Rules": {
            "CheckBootstrapVersion": {
                "Assertions": [{"Assert": {"Fn::Not": [{"Fn::Contains": [["1", "2"], {"Ref": "BootstrapVersion"}]}]}}]
            }
        },
    }
    nested = {"Resources": {"V": {"Type": "AWS::EC2::Volume", "Properties": {"Size": 1}}}}
    write(
        tmp_path,
        **{
            "cdk.out__manifest_json": json.dumps(manifest),
            "cdk.out__S.template_json": json.dumps(stack),
            "cdk.out__SN.nested.template_json": json.dumps(nested),
            "cdk.out__assembly-Stage__manifest_json": json.dumps(manifest),
            "cdk.out__assembly-Stage__S.template_json": json.dumps(nested),
            "cdk.out__tree_json": '{"version": "tree-0.1"}',
        },
    )
    (tmp_path / "partywall.toml").write_text("", encoding="utf-8")
    report = checked(tmp_path)
    found = {(it.resource, it.label, it.verdict, Path(it.deployment).parent.name) for it in report.findings}
    assert found == {
        ("SG1", "S/Web/Resource", "gap", "cdk.out"),
        ("N2.V", "", "gap", "cdk.out"),
        ("V", "", "gap", "assembly-Stage"),
    }
    assert sum(len(it.addresses) for it in report.deployments) == 4


def test_a_parameter_file_whose_key_no_template_has_is_a_problem_at_its_place(tmp_path: Path) -> None:
    write(tmp_path, a_yaml=CHILD, p_json='{"Cidr": "0.0.0.0/0", "Open": "wide",\n"Cdr": "x"}')
    report = checked(tmp_path / "a.yaml", files=(str(tmp_path / "p.json"),))
    assert [it.verdict for it in report.findings] == ["gap"]
    assert [(it.kind, it.span.line, it.message) for it in report.problems] == [
        ("error", 2, "no template has a parameter Cdr")
    ]


def test_templates_in_a_circle_are_each_told_and_linted(tmp_path: Path) -> None:
    """Whoever deploys a part of the circle, and however long it is."""
    for name, url in {"top": "a.yaml", "a": "b.yaml", "b": "c.yaml", "c": "a.yaml"}.items():
        text = STACK.format(name="S", url=url) + "  V: {Type: AWS::EC2::Volume, Properties: {Size: 1}}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    report = check(
        [str(tmp_path)], Settings(), [it for it in catalog.rules() if it.id == "ENC101"], datetime.date(2026, 1, 1)
    )
    assert [(Path(it.deployment).name, it.resource) for it in report.findings] == [
        ("top.yaml", "S.V"),
        ("b.yaml", "V"),
        ("c.yaml", "V"),
        ("top.yaml", "V"),
    ]
    assert sorted((Path(it.span.path).name, it.message) for it in report.problems if it.kind == "error") == [
        (f"{name}.yaml", "the stack S contains itself") for name in "abc"
    ]


def test_circles() -> None:
    edges = {"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": ["e"], "e": ["e", "f"], "f": []}
    found = circles(edges)
    assert set(found) == {"a", "b", "c", "e"}
    assert found["a"] == found["b"] == found["c"] != found["e"]
