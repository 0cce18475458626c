"""Nothing secret is printed, in any format: what a name says is one, what has the form of one, what is marked as one.

The secrets are made at run time, so that those who search repositories for secrets find none here.
"""

from __future__ import annotations

import random
import string
from collections.abc import Mapping
from pathlib import Path

import pytest

from partywall.report import FORMATS
from partywall.report.covered import covered
from tests.cli.conftest import Run, here, run

__all__ = ["here", "run"]

_dice = random.Random(7)


def made(prefix: str, length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return prefix + "".join(_dice.choice(alphabet) for _ in range(length))


def planted() -> dict[str, str]:
    """Fake secrets, each recognisable in a report."""
    return {
        "ACCESS": made("AK" + "IA", 16, string.ascii_uppercase + "234567"),
        "SECRET": "aB3" + made("", 37),
        "GITHUB": made("gh" + "p_", 36),
        "PRIVATE": "-----BEGIN RSA PRIVATE " + "KEY-----",
        "BODY": "mQ3x" + made("", 60),
        **{f"PASS{at}": made(f"Zz{at}q", 14) for at in range(24)},
    }


TERRAFORM = """\
provider "aws" {
  access_key = "{ACCESS}"
  secret_key = "{SECRET}"
}
variable "db_password" {
  default = "{PASS0}"
}
variable "hidden" {
  type      = string
  sensitive = true
  default   = "{PASS1}"
  validation {
    condition     = length(var.hidden) > 100
    error_message = "not ${var.hidden}"
  }
}
variable "number_hidden" {
  type      = number
  sensitive = true
  default   = "{PASS2}"
}
locals { joined = { "${var.hidden}" = 1, "${var.hidden}" = 2 } }
resource "aws_db_instance" "a" {
  password = "{PASS3}"
  username = "u"
  engine = "mysql"
  instance_class = "db.t3.micro"
}
resource "aws_db_instance" "b" { password = var.db_password }
resource "aws_db_instance" "c" {
  password = var.hidden
  publicly_accessible = var.hidden == "{PASS1}"
}
resource "aws_instance" "a" {
  ami = "ami-1"
  instance_type = "t3.micro"
  user_data = <<-EOT
    export DB_PASSWORD={PASS4}
    mysql --password {PASS5} postgres://user:{PASS6}@host/db
    {PRIVATE}
    {BODY}
  EOT
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role = "r"
  environment { variables = { API_TOKEN = "{PASS7}", AWS_KEY = "{ACCESS}", GH = "{GITHUB}" } }
}
resource "aws_ecs_task_definition" "t" {
  family = "t"
  container_definitions = jsonencode([{ name = "c", image = "i", environment = [
    { name = "DB_PASSWORD", value = "{PASS8}" },
    {
      name  = "DB_TOKEN"
      value = "{PASS9}"
    },
  ] }])
}
resource "aws_ecs_task_definition" "u" {
  family = "u"
  container_definitions = "[{\\"environment\\":[{\\"name\\":\\"DB_PASSWORD\\",\\"value\\":\\"{PASS10}\\"}]}]"
}
resource "aws_ssm_parameter" "p" {
  name  = "/app/db_password"
  type  = "String"
  value = "{PASS11}"
}
resource "aws_secretsmanager_secret_version" "v" {
  secret_id = "s"
  secret_string = jsonencode({ password = "{PASS12}" })
}
resource "aws_elasticache_replication_group" "g" {
  auth_token = "{PASS13}"
  replication_group_id = "g"
  description = "g"
}
resource "aws_iam_user_login_profile" "l" { user = "u" }
output "o" { value = var.hidden }
output "p" { value = "{GITHUB}" }
resource "aws_s3_bucket" "x" {
  bucket = aws_s3_bucket.x["{ACCESS}"]
  tags = { password = "{PASS14}" }
}
resource "aws_security_group" "s" {
  ingress {
    from_port = 22
    to_port = 22
    protocol = "tcp"
    cidr_blocks = var.hidden == "{PASS1}" ? ["0.0.0.0/0"] : [var.hidden]
  }
}
"""

CLOUDFORMATION = """\
Parameters:
  DbPassword:
    Type: String
    NoEcho: true
    Default: {PASS15}
  Token: {Type: String, Default: {PASS16}, AllowedValues: [{PASS16}, {PASS17}]}
Conditions:
  Known: !Equals [!Ref DbPassword, {PASS15}]
  Other: !Equals [!Ref Token, {PASS17}]
Resources:
  User:
    Type: AWS::IAM::User
    Properties: {LoginProfile: {Password: {PASS18}}}
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      MasterUserPassword: {PASS19}
      PubliclyAccessible: !If [Other, true, false]
      StorageEncrypted: !If [Known, true, false]
  Inline: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: {PASS20}, PubliclyAccessible: true}}
  Second:
    Type: AWS::RDS::DBInstance
    Properties: {MasterUserPassword: !Ref DbPassword, PubliclyAccessible: !Ref Token}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Environment: {Variables: {DB_PASSWORD: {PASS21}, GH: {GITHUB}, KEY: {ACCESS}}}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Environment:
            - Name: DB_PASSWORD
              Value: {PASS22}
  Launch:
    Type: AWS::EC2::Instance
    Metadata:
      AWS::CloudFormation::Authentication:
        basic: {type: basic, username: u, password: {PASS23}}
        s3: {type: S3, accessKeyId: {ACCESS}, secretKey: {SECRET}}
    Properties:
      UserData:
        Fn::Base64: |
          {PRIVATE}
          {BODY}
          export TOKEN={PASS22}
Outputs:
  Password: {Value: {PASS19}}
  Key: {Value: {ACCESS}}
"""


def filled(text: str, secrets: Mapping[str, str]) -> str:
    for name, secret in secrets.items():
        text = text.replace("{" + name + "}", secret)
    return text


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("broken", [False, True])
def test_no_report_tells_a_secret(*, form: str, broken: bool, here: Path, run: Run) -> None:
    secrets = planted()
    (here / "main.tf").write_text(filled(TERRAFORM, secrets) + ("}}\n" if broken else ""), encoding="utf-8")
    (here / "a.yaml").write_text(filled(CLOUDFORMATION, secrets) + ("]: {\n" if broken else ""), encoding="utf-8")
    (here / "terraform.tfvars").write_text(f'hidden = "{secrets["PASS1"]}\n' if broken else "", encoding="utf-8")
    result = run(
        "check", "--no-cache", "-f", form, "--show", "gap,unknown,met,suppressed", "--min-severity", "low", "-v"
    )
    assert result.exit_code in (1, 2)
    said = result.stdout + result.stderr
    assert len(said) > 1000 or broken
    told = {name for name, secret in secrets.items() if secret in said and name != "PRIVATE"}
    assert told == set()


@pytest.mark.parametrize("text", [TERRAFORM, CLOUDFORMATION])
def test_excerpts_are_covered_up(text: str) -> None:
    secrets = planted()
    lines = filled(text, secrets).splitlines()
    for at, line in enumerate(lines):
        shown = covered(lines, at)
        assert len(shown) == len(line)
        # What a sensitive value is compared with is covered by the finding, which does not tell the value either.
        if "var.hidden ==" not in line:
            assert [name for name, secret in secrets.items() if secret in shown and name != "PRIVATE"] == [], line


@pytest.mark.parametrize(
    "line",
    [
        "password = var.password",
        'password = "${var.password}"',
        "MasterUserPassword: !Ref Password",
        "MasterUserPassword: '{{resolve:secretsmanager:db:SecretString:password}}'",
        'http_tokens = "optional"',
        "minimum_password_length = 8",
        "password_reset_required = false",
        'kms_key_id = "alias/aws/secretsmanager"',
        'actions = ["secretsmanager:GetSecretValue", "sts:GetSessionToken"]',
        'secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"',
        'source = "git::https://example.com/modules/vpc.git?ref=51d462976d84fdea54b47d80dcabbf680badcdb8"',
        'variable "password" {',
        "password = random_password.db.result",
        'resource "aws_secretsmanager_secret" "db_password" {',
        "      Default: 10.0.0.0/16",
    ],
)
def test_what_is_no_secret_is_shown(line: str) -> None:
    assert covered([line], 0) == line
