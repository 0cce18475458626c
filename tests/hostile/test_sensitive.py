"""What is sensitive stays hidden on every way that a value goes, in every format: a table of ways, a secret for each.

The secrets are made at run time, so that those who search repositories for secrets find none here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import ascii_lowercase

import pytest
from click.testing import Result

from partywall.report import FORMATS
from tests.cli.conftest import Run, here, run
from tests.hostile.test_secrets import made

__all__ = ["here", "run"]

CLOUDFORMATION = {
    "Ref": "!Ref P§",
    "Sub": '!Sub "a-${P§}-b"',
    "Sub with a map": '!Sub ["a-${X}", {X: !Ref P§}]',
    "Join": '!Join ["-", [a, !Ref P§]]',
    "Join of a list": '!Join ["-", !Ref P§List]',
    "Join of a Sub": '!Join ["", [x, !Sub "${P§}-y"]]',
    "Select": "!Select [0, [!Ref P§, b]]",
    "Select of a list": "!Select [1, !Ref P§List]",
    "Split": '!Select [0, !Split ["-", !Ref P§]]',
    "If": "!If [Always, !Ref P§, b]",
    "If that is open": "!If [Open, !Ref P§, b]",
    "Base64": "!Base64 {Ref: P§}",
    "FindInMap": "!FindInMap [Rows, !Ref P§, value]",
    "ToJsonString": '{"Fn::ToJsonString": {a: {Ref: P§}}}',
    "Cidr": "!Select [0, !Cidr [!Ref P§, 4, 5]]",
    "ImportValue": '!ImportValue {"Fn::Sub": "${P§}-x"}',
    "AllowedValues": "!Ref P§Allowed",
    "AllowedValues in a Sub": '!Sub "x-${P§Allowed}"',
    "compared": "!If [P§Compared, !Ref P§Given, b]",
    "a nested stack": "!GetAtt P§Nested.Outputs.Passed",
}
"""A value made of the parameter P§, which is marked `NoEcho`."""

_PARAMETERS = """\
  P§: {Type: String, NoEcho: true, Default: SECRET-1}
  P§List: {Type: CommaDelimitedList, NoEcho: true, Default: "SECRET-1,SECRET-2"}
  P§Allowed: {Type: String, NoEcho: true, AllowedValues: [SECRET-1, SECRET-2]}
  P§Given: {Type: String, NoEcho: true}
"""
_TEMPLATE = """\
  P§Bucket: {Type: AWS::S3::Bucket, Properties: {AccessControl: WAY, BucketName: WAY}}
  P§Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: WAY
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: WAY}]
      VpcId: !Ref Vpc
  P§Database:
    Type: AWS::RDS::DBInstance
    Properties: {EngineVersion: WAY, Engine: WAY, PubliclyAccessible: WAY, MasterUserPassword: WAY}
  P§Function: {Type: AWS::Lambda::Function, Properties: {Runtime: WAY, Environment: {Variables: {NAME: WAY}}}}
  P§User:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyDocument:
            Statement:
              - {Effect: Allow, Action: WAY, Resource: WAY, Condition: {StringEquals: {"aws:SourceVpc": WAY}}}
  P§Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {AWS: WAY}}]}
      ManagedPolicyArns: [WAY]
  P§Instance:
    Type: AWS::EC2::Instance
    Properties: {UserData: WAY, ImageId: WAY, SecurityGroupIds: [!GetAtt P§Group.GroupId], SubnetId: !Ref Subnet}
  P§Route:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: WAY, GatewayId: !Ref Gate}
  P§Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested.yaml, Parameters: {Given: !Ref P§}}}
"""
_NESTED = """\
Parameters: {Given: {Type: String}}
Resources: {Topic: {Type: AWS::SNS::Topic}}
Outputs: {Passed: {Value: !Sub "x-${Given}"}}
"""
_NETWORK = """\
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true}}
  Gate: {Type: AWS::EC2::InternetGateway}
  Attached: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gate}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  On: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
"""

TERRAFORM = {
    "a variable": "var.P§",
    "a list of allowed values": "var.P§_allowed",
    "an ephemeral variable": "var.P§_ephemeral",
    "a list": "var.P§_list[0]",
    "an object": "var.P§_object.x",
    "an optional attribute": "var.P§_object.y",
    "sensitive()": 'sensitive("SECRET")',
    "sensitive() of JSON": 'jsondecode(sensitive(jsonencode({ a = "SECRET" }))).a',
    "a template": '"a-${var.P§}-b"',
    "a conditional template": '"%{ if true }${var.P§}%{ endif }"',
    "a loop in a template": '"%{ for x in [var.P§] }${x}%{ endfor }"',
    "a template with holes": '"${var.P§}-${var.open}"',
    "join": 'join("-", ["a", var.P§])',
    "join of a list": 'join("-", var.P§_list)',
    "format": 'format("%s-x", var.P§)',
    "split": 'split("-", var.P§)[0]',
    "replace": 'replace(var.P§, "-1", "-2")',
    "trimsuffix": 'trimsuffix(var.P§, "1")',
    "regex": 'regex("(.*)-1", var.P§)[0]',
    "base64": "base64decode(base64encode(var.P§))",
    "jsonencode": "jsonencode({ a = var.P§ })",
    "jsondecode": "jsondecode(jsonencode({ a = var.P§ })).a",
    "yamldecode": "yamldecode(yamlencode({ a = var.P§ })).a",
    "a conditional": 'true ? var.P§ : "b"',
    "an open conditional": 'var.open ? var.P§ : "b"',
    "a comparison before it": 'var.P§ != null ? var.P§ : ""',
    "for over a list": '[for x in [var.P§] : "${x}-y"][0]',
    "for over a map": '{ for k, v in { a = var.P§ } : k => v }["a"]',
    "an index": '{ a = var.P§ }["a"]',
    "a splat": "[{ a = var.P§ }][*].a[0]",
    "merge": "merge({ a = var.P§ }, { b = 1 }).a",
    "concat": "concat([var.P§], [])[0]",
    "flatten": "flatten([[var.P§]])[0]",
    "toset": "tolist(toset([var.P§]))[0]",
    "element": "element([var.P§], 0)",
    "lookup": 'lookup({ a = var.P§ }, "a", "z")',
    "zipmap": 'zipmap(["a"], [var.P§])["a"]',
    "coalesce": "coalesce(null, var.P§)",
    "one": "one([var.P§])",
    "try": 'try(var.P§, "z")',
    "a local": "local.P§",
    "an output of a module": "module.P§.out",
    "an object of a module": "module.P§.object.k",
    "a sensitive output of a module": "module.P§.hidden",
    "an attribute of a resource": "aws_ssm_parameter.P§.value",
    "an attribute of a data source": "data.aws_ssm_parameter.P§.name",
    "a dynamic block": "var.P§",
}
"""A value made of the variable P§, which is marked as sensitive."""

_VARIABLES = """\
variable "P§" {
  type      = string
  sensitive = true
  default   = "SECRET-1"
}
variable "P§_allowed" {
  sensitive = true
  validation {
    condition     = contains(["SECRET-1", "SECRET-2"], var.P§_allowed)
    error_message = "no"
  }
}
variable "P§_ephemeral" {
  ephemeral = true
  default   = "SECRET-1"
}
variable "P§_list" {
  sensitive = true
  default   = ["SECRET-1"]
}
variable "P§_object" {
  type      = object({ x = string, y = optional(string, "SECRET-3") })
  sensitive = true
  default   = { x = "SECRET-1" }
}
locals { P§ = var.P§ }
module "P§" {
  source = "./module"
  given  = var.P§
}
resource "aws_ssm_parameter" "P§" {
  name  = "n"
  type  = "SecureString"
  value = var.P§
}
data "aws_ssm_parameter" "P§" { name = var.P§ }
"""
_CONFIGURATION = """\
resource "aws_s3_bucket" "P§" {
  acl    = WAY
  bucket = WAY
}
resource "aws_security_group" "P§" {
  description = WAY
  vpc_id      = aws_vpc.main.id
  dynamic "ingress" {
    for_each = [WAY]
    content {
      protocol    = "tcp"
      from_port   = 22
      to_port     = 22
      cidr_blocks = [ingress.value]
    }
  }
}
resource "aws_db_instance" "P§" {
  engine              = WAY
  engine_version      = WAY
  publicly_accessible = WAY
  password            = WAY
}
resource "aws_lambda_function" "P§" {
  runtime = WAY
  environment {
    variables = { NAME = WAY }
  }
}
resource "aws_iam_user_policy" "P§" {
  user = WAY
  policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = WAY, Resource = WAY, Condition = { StringEquals = { "aws:SourceVpc" = WAY } }
  }] })
}
data "aws_iam_policy_document" "P§" {
  statement {
    actions = ["sts:AssumeRole", WAY]
    principals {
      type        = "AWS"
      identifiers = [WAY]
    }
  }
}
resource "aws_iam_role" "P§" {
  assume_role_policy  = data.aws_iam_policy_document.P§.json
  managed_policy_arns = [WAY]
}
resource "aws_instance" "P§" {
  ami                    = WAY
  user_data              = WAY
  vpc_security_group_ids = [aws_security_group.P§.id]
  subnet_id              = aws_subnet.main.id
}
resource "aws_route" "P§" {
  route_table_id         = aws_route_table.main.id
  destination_cidr_block = WAY
  gateway_id             = aws_internet_gateway.main.id
}
output "P§" { value = WAY }
"""
_MODULE = """\
variable "given" {}
output "out" { value = var.given }
output "object" { value = { k = "x-${var.given}" } }
output "hidden" {
  value     = "SECRET-1"
  sensitive = true
}
"""
_MAIN = """\
variable "open" {}
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "main" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = true
}
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_route_table" "main" { vpc_id = aws_vpc.main.id }
resource "aws_route_table_association" "main" {
  subnet_id      = aws_subnet.main.id
  route_table_id = aws_route_table.main.id
}
"""


def _secrets(ways: Mapping[str, str]) -> dict[str, str]:
    """A secret for each way, which no word of ours is like."""
    return {way: made(f"Zq{at}x", 9, ascii_lowercase) for at, way in enumerate(ways)}


def _written(text: str, ways: Mapping[str, str], secrets: Mapping[str, str]) -> str:
    """A piece for each way: § is its number, SECRET its secret, WAY the value."""
    return "".join(
        text.replace("WAY", written).replace("SECRET", secrets[way]).replace("§", str(at))
        for at, (way, written) in enumerate(ways.items())
    )


def _template(here: Path, secrets: Mapping[str, str]) -> None:
    parts = (
        "Transform: AWS::LanguageExtensions\nParameters:\n  Stage: {Type: String}\n",
        _written(_PARAMETERS, CLOUDFORMATION, secrets),
        "Mappings:\n  Rows:\n",
        _written("    SECRET-1: {value: row}\n", CLOUDFORMATION, secrets),
        "Conditions:\n  Always: !Equals [a, a]\n  Open: !Equals [!Ref Stage, live]\n",
        _written("  P§Compared: !Equals [!Ref P§Given, SECRET-1]\n", CLOUDFORMATION, secrets),
        _written("  P§Again: !Equals [!Ref P§Given, SECRET-2]\n", CLOUDFORMATION, secrets),
        "Resources:\n",
        _NETWORK,
        _written(_TEMPLATE, CLOUDFORMATION, secrets),
    )
    (here / "template.yaml").write_text("".join(parts), encoding="utf-8")
    (here / "nested.yaml").write_text(_NESTED, encoding="utf-8")


def _module(here: Path, secrets: Mapping[str, str]) -> None:
    main = _MAIN + _written(_VARIABLES + _CONFIGURATION, TERRAFORM, secrets)
    (here / "main.tf").write_text(main, encoding="utf-8")
    (here / "module").mkdir()
    hidden = secrets["a sensitive output of a module"]
    (here / "module" / "main.tf").write_text(_MODULE.replace("SECRET", hidden), encoding="utf-8")


FILES = (f"--format={form}=report.{form}" for form in (*FORMATS, "html"))
REPORTS = (
    ("check", "--no-cache", "--show=gap,unknown,met,suppressed", "--min-severity=low", "-v", *FILES),
    ("graph", "--format=json"),
    ("graph", "--format=dot"),
    ("ledger", "--format=json"),
    ("ledger", "--format=markdown"),
)
"""The page holds a ledger and a graph too."""


@pytest.mark.parametrize("report", REPORTS, ids=lambda it: f"{it[0]} {it[1]}")
def test_no_way_through_a_template_tells_a_no_echo_parameter(report: tuple[str, ...], here: Path, run: Run) -> None:
    secrets = _secrets(CLOUDFORMATION)
    _template(here, secrets)
    assert _told(here, run(*report), secrets) == set()


@pytest.mark.parametrize("report", REPORTS, ids=lambda it: f"{it[0]} {it[1]}")
def test_no_way_through_a_configuration_tells_a_sensitive_variable(
    report: tuple[str, ...], here: Path, run: Run
) -> None:
    secrets = _secrets(TERRAFORM)
    _module(here, secrets)
    assert _told(here, run(*report), secrets) == set()


@pytest.mark.parametrize("way", ["Ref", "Join of a Sub", "If that is open", "AllowedValues"])
def test_no_trace_tells_a_no_echo_parameter(way: str, here: Path, run: Run) -> None:
    _template(here, secrets := _secrets(CLOUDFORMATION))
    to = f"P{list(CLOUDFORMATION).index(way)}Instance"
    assert _told(here, run("trace", "--from=internet", f"--to={to}", "--port=22", "template.yaml"), secrets) == set()


@pytest.mark.parametrize("way", ["a variable", "a template", "an open conditional"])
def test_no_trace_tells_a_sensitive_variable(way: str, here: Path, run: Run) -> None:
    _module(here, secrets := _secrets(TERRAFORM))
    to = f"aws_instance.P{list(TERRAFORM).index(way)}"
    assert _told(here, run("trace", "--from=internet", f"--to={to}", "--port=22", "main.tf"), secrets) == set()


def _told(here: Path, result: Result, secrets: Mapping[str, str]) -> set[str]:
    """The ways whose secret was printed, or written to a file."""
    assert result.exit_code in (0, 1), result.stderr
    files = [path.read_text(encoding="utf-8") for path in here.glob("report.*")]
    said = "".join((result.stdout, result.stderr, *files)).lower()
    assert said
    return {way for way, secret in secrets.items() if secret.lower() in said}
