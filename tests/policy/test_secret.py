"""What is a secret by name or form; and that no report shows one."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from click.testing import CliRunner

from partywall.aws.secret import form_of, in_script, is_secret_name, text_in
from partywall.cli import commands
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
        ("AKIAIOSFODNN7EXAMPLE", None),
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
        ("mysql_password: 'correct-horse'", True),
        ("PASSWORD=$(aws secretsmanager get-secret-value)", False),
        ("PASSWORD=${PASSWORD}", False),
        ("password = var.password", True),
        ("echo password", False),
        ("password=changeme", False),
    ],
)
def test_scripts(script: str, found: bool) -> None:
    assert (in_script(Known(script)) is not None) is found


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
