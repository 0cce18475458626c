"""Settings: environments, severities of one's own, the schema for editors, and showing what is in force."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from partywall import configuration
from partywall.cli import commands
from partywall.configuration import ConfigurationError
from partywall.configuration.shown import written

VOLUME = 'variable "e" {}\nresource "aws_ebs_volume" "a" {\n  encrypted = var.e\n}\n'
COMPLETE = """\
select = ["ENC"]
ignore = ["ENC102"]
extend-select = ["NET101"]
min-severity = "low"
fail-on = "none"
exclude = ["old"]
show = ["gap", "unknown"]
baseline = "known.json"
accounts = ["111122223333"]
trusted-ranges = ["198.51.0.0/16"]
var-files = ["common.tfvars"]
parameter-files = ["common.json"]
workspace = "blue"
region = "eu-central-1"
account-id = "111122223333"

[severity]
ENC101 = "low"

[variables]
count = 3
flag = true

[parameters]
Stage = "prod"

[environments.prod]
var-files = ["prod.tfvars"]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["check", "--select", "ENC101", *arguments])


def test_every_setting_is_read_shown_and_in_the_schema(here: Path, root: Path) -> None:
    path = here / "partywall.toml"
    path.write_text(COMPLETE, encoding="utf-8")
    settings = configuration.read(str(path))
    assert settings.inputs.variables == {"count": "3", "flag": "true"}
    published = json.loads((root / "docs" / "partywall.schema.json").read_text(encoding="utf-8"))
    assert published == configuration.schema()
    table = tomllib.loads(COMPLETE)
    jsonschema.validate(table, published)
    assert set(table) == set(published["properties"])
    assert "is not set" not in written(settings).replace("# ignores is not set", "")


@pytest.mark.parametrize(
    "text", ['selct = ["ENC"]', "select = 1", 'show = ["nothing"]', 'severity = {ENC101 = "huge"}']
)
def test_what_the_schema_refuses_is_refused(text: str, here: Path) -> None:
    path = here / "partywall.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"partywall\.toml"):
        configuration.read(str(path))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), configuration.schema())


def test_findings_name_the_environments_they_hold_in(here: Path) -> None:
    (here / "main.tf").write_text(VOLUME, encoding="utf-8")
    for name, value in (("prod", "true"), ("dev", "false"), ("test", "false")):
        (here / f"{name}.tfvars").write_text(f"e = {value}\n", encoding="utf-8")
    (here / "partywall.toml").write_text(
        "".join(f'[environments.{name}]\nvar-files = ["{name}.tfvars"]\n' for name in ("prod", "dev", "test")),
        encoding="utf-8",
    )
    report = json.loads(_run("-f", "json", "--show", "gap,met").stdout)
    found = {it["verdict"]: it["environments"] for it in report["findings"]}
    assert found == {"gap": ["dev", "test"], "met": ["prod"]}
    assert "= in: dev, test" in _run().stdout


def test_what_is_typed_counts_in_every_environment(here: Path) -> None:
    (here / "main.tf").write_text(VOLUME, encoding="utf-8")
    (here / "partywall.toml").write_text("[environments.prod.variables]\ne = false\n", encoding="utf-8")
    assert _run().exit_code == 1
    assert _run("--var", "e=true").exit_code == 0


def test_severities_of_ones_own_decide_what_is_usual(here: Path) -> None:
    (here / "main.tf").write_text(VOLUME, encoding="utf-8")

    def judged(text: str) -> list[str]:
        (here / "partywall.toml").write_text(text, encoding="utf-8")
        arguments = ["check", "-f", "json", "--show", "unknown,gap,met"]
        found = json.loads(CliRunner().invoke(commands, arguments).stdout)["findings"]
        return [it["severity"] for it in found if it["rule"] == "ENC101"]

    assert judged("") == ["high"]
    assert judged('severity = {ENC101 = "critical"}\n') == ["critical"]
    assert judged('severity = {ebs-volume-unencrypted = "low"}\n') == []
    assert judged('min-severity = "low"\nseverity = {ENC101 = "low"}\n') == ["low"]


def test_paths_in_a_configuration_are_relative_to_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "root").mkdir()
    (here / "root" / "main.tf").write_text(VOLUME, encoding="utf-8")
    (here / "open.tfvars").write_text("e = false\n", encoding="utf-8")
    (here / "partywall.toml").write_text('var-files = ["open.tfvars"]\n', encoding="utf-8")
    monkeypatch.chdir(here / "root")
    assert _run().exit_code == 1


def test_own_accounts_and_ranges_are_nobody_elses(here: Path) -> None:
    (here / "main.tf").write_text(
        'resource "aws_s3_bucket_policy" "a" {\n  bucket = "b"\n  policy = jsonencode({\n    Statement = [{\n'
        '      Effect = "Allow", Principal = { AWS = "arn:aws:iam::444455556666:root" },\n'
        '      Action = "s3:PutBucketPolicy", Resource = "arn:aws:s3:::b"\n    }]\n  })\n}\n'
        'resource "aws_security_group" "a" {\n  ingress {\n    protocol = "tcp"\n    from_port = 443\n'
        '    to_port = 443\n    cidr_blocks = ["198.51.0.0/20"]\n  }\n}\n',
        encoding="utf-8",
    )
    arguments = ["check", "--select", "IAM305,NET107", "-f", "json"]

    def found() -> list[str]:
        report = json.loads(CliRunner().invoke(commands, arguments).stdout)
        return sorted(it["rule"] for it in report["findings"])

    assert found() == ["IAM305", "NET107"]
    (here / "partywall.toml").write_text(
        'accounts = ["444455556666"]\ntrusted-ranges = ["198.51.0.0/16"]\n', encoding="utf-8"
    )
    assert found() == []
