"""What is a secret by name or form; and that no report shows one."""

from __future__ import annotations

import base64
import datetime
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from partywall import catalog, terraform
from partywall.aws.secret import form_of, in_script, is_secret_name, text_in
from partywall.cli import commands
from partywall.engine import judge
from partywall.source import Source
from partywall.text.structured import PlacedText
from partywall.value import Known, Setting, Unknown


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD",
        "dbPassword",
        "MasterUserPassword",
        "api-key",
        "AUTH_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "clientSecret",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "DB_SECRET_ARN",
        "SecretName",
        "PASSWORD_LENGTH",
        "TOKEN_TTL",
        "tokenUrl",
        "AWS_ACCESS_KEY_ID",
        "TABLE",
        "PasswordParameter",
        "access_key_status",
        "ParentSecretStack",
        "SecretsKMSKey",
        "password_reuse_prevention",
    ],
)
def test_names_of_what_is_no_secret(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("AKIA" + "Q3EGRLPNBZ5UWXYK", "an AWS access key"),
        ("AKIAIOSFODNN7EXAMPLE", "the example of an AWS access key"),
        ("AKIAIOSFODNN7EXAMPLE " + "AKIA" + "Q3EGRLPNBZ5UWXYK", "an AWS access key"),
        ("-----BEGIN RSA PRIVATE KEY-----", "a private key"),
        ("ghp_" + "a1B2" * 9, "a GitHub token"),
        ("plain words", None),
    ],
)
def test_forms(text: str, label: str | None) -> None:
    assert form_of(text) == label


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("export DB_PASSWORD=correct-horse", True),
        ('export DB_PASSWORD=\\"correct-horse\\"', True),
        ('{\\"db_password\\": \\"correct-horse\\"}', True),
        ("export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", True),
        ("export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", True),
        ("export AWS_SECRET_ACCESS_KEY=XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", False),
        ("mysql_password: 'correct-horse'", True),
        ("PASSWORD=$(aws secretsmanager get-secret-value)", False),
        ("PASSWORD=${PASSWORD}", False),
        ("PASSWORD=`openssl rand -base64 12`", False),
        ("export PGPASSWORD=/run/secrets/password", False),
        ("secret: arn:aws:secretsmanager:eu-west-1:111122223333:secret:db", False),
        ('password = os.environ["DB_PASSWORD"]', False),
        ("password = get_secret('db')", False),
        ("password = 'get_secret(db)'", True),
        ("password=/Qx81kfh2z+f", True),
        ("password = var.password", True),
        ("echo password", False),
        ("password=changeme", False),
    ],
)
def test_scripts(script: str, found: bool) -> None:
    assert (in_script(Known(script)) is not None) is found


def test_names_without_end_are_read_once() -> None:
    began = time.process_time()
    assert in_script(Known("a_password" * 5000 + "secret" * 5000)) is None
    assert time.process_time() - began < 2


def test_an_example_key_is_found_after_a_real_secret() -> None:
    example = in_script(Known("export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE"))
    assert example is not None
    assert example.example
    both = in_script(Known("export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nexport DB_PASSWORD=correct-horse"))
    assert both is not None
    assert not both.example


def test_a_script_in_base64_is_opened() -> None:
    inside = base64.b64encode(b"export DB_PASSWORD=correct-horse").decode()
    assert in_script(Known(inside)) is not None


def test_the_line_of_a_script_is_named() -> None:
    text = "#!/bin/sh\nexport DB_PASSWORD=correct-horse\n"
    found = in_script(Known(PlacedText.read(text, Source("f", text), 0, len(text))))
    assert found is not None
    assert found[1].line == 2


def test_text_with_holes_is_read() -> None:
    value: Setting = Unknown("because", parts=("AKIA" + "Q3EGRLPNBZ5UWXYK", None))
    assert form_of(text_in(value))


SECRET = "correct-horse-battery-staple"  # a password of this test
TEMPLATE = f"""
provider "aws" {{
  secret_key = "{SECRET}"
}}

resource "aws_db_instance" "orders" {{
  engine   = "postgres"
  password = "{SECRET}"
}}

resource "aws_lambda_function" "orders" {{
  function_name = "orders"
  role          = "r"
  environment {{
    variables = {{ DB_PASSWORD = "{SECRET}" }}
  }}
}}

resource "aws_instance" "web" {{
  ami       = "ami-0123456789abcdef0"
  user_data = <<-EOF
    #!/bin/sh
    export DB_PASSWORD={SECRET}
  EOF
}}
"""


@pytest.mark.parametrize("form", ["text", "concise", "json", "sarif", "junit", "github", "gitlab", "markdown"])
def test_no_report_shows_a_secret(form: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TEMPLATE, encoding="utf-8")
    done = CliRunner().invoke(commands, ["check", "--format", form, "--show", "gap,unknown,met", str(tmp_path)])
    assert done.exit_code == 1
    assert "IAM201" in done.output
    assert SECRET not in done.output


def test_an_example_key_is_a_small_gap(tmp_path: Path) -> None:
    today = datetime.date(2026, 11, 1)
    key, example = "AKIA" + "Q3EGRLPNBZ5UWXYK", "AKIAIOSFODNN7EXAMPLE"
    text = "".join(
        f'resource "aws_lambda_function" "{name}" {{\n  environment {{\n variables = {{ KEY = "{value}" }}\n }}\n}}\n'
        f'resource "aws_instance" "{name}" {{\n  user_data = "export KEY={value}"\n}}\n'
        for name, value in (("real", key), ("example", example))
    )
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    found = judge(
        terraform.load(str(tmp_path), variables={}, variable_files=(), workspace=None), catalog.rules(), today
    ).findings
    severities = {it.resource: it.severity.label for it in found if it.rule.secret and it.verdict == "gap"}
    assert severities == {
        "aws_lambda_function.real": "high",
        "aws_instance.real": "high",
        "aws_lambda_function.example": "low",
        "aws_instance.example": "low",
    }
