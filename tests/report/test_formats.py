"""Every format, whole, on the README's templates and on names that want to be markup."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from click.testing import CliRunner
from syrupy.assertion import SnapshotAssertion

from partywall.cli import commands
from partywall.report import FORMATS

RULES = "NET101,ENC101,DAT201,IAM001"
HOSTILE = """\
Resources:
  Disk:
    Type: AWS::EC2::Volume
    Properties:
      Size: 1
      Encrypted: "%0A::error::<script>alert(1)</script>|**bold**\\u0007"
"""


@pytest.fixture
def example(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path in (root / "fixtures" / "example").iterdir():
        shutil.copy(path, tmp_path / path.name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _made(form: str, *arguments: str) -> str:
    return CliRunner().invoke(commands, ["check", "--no-config", "-f", form, *arguments]).stdout


@pytest.mark.parametrize("form", ["sarif", "junit", "github", "gitlab", "markdown"])
@pytest.mark.usefixtures("example")
def test_snapshot(form: str, snapshot: SnapshotAssertion) -> None:
    assert _made(form, "--select", RULES) == snapshot


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_text_stays_text(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.yaml").write_text(HOSTILE, encoding="utf-8")
    out = _made(form, "--select", "ENC101", "--show", "gap,unknown", "t.yaml")
    if form in ("json", "sarif", "gitlab"):
        json.loads(out)
    elif form == "junit":
        Xml.fromstring(out)
    elif form == "markdown":
        assert "<script>" not in out
    elif form == "github":
        assert not any(line.startswith("::error::") for line in out.splitlines())


@pytest.mark.usefixtures("example")
def test_annotations_are_the_ten_most_severe(example: Path) -> None:
    blocks = [f'resource "aws_ebs_volume" "v{n}" {{\n  encrypted = false\n}}\n' for n in range(20)]
    (example / "many.tf").write_text("".join(blocks), encoding="utf-8")
    lines = _made("github", "--select", RULES).splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert "NET101" in lines[0]
    assert "more are in the log" in lines[10]


@pytest.mark.usefixtures("example")
def test_sarif_points_into_one_attribute_with_relative_paths() -> None:
    (run,) = json.loads(_made("sarif", "--min-severity", "low"))["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ids == sorted(set(ids))
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert not place["artifactLocation"]["uri"].startswith(("/", "."))
        region = place["region"]
        assert (region["startLine"], region["startColumn"]) < (region["endLine"], region["endColumn"])
        assert region["startLine"] == region["endLine"]


@pytest.mark.usefixtures("example")
def test_several_reports_in_one_run(example: Path) -> None:
    text = CliRunner().invoke(
        commands, ["check", "--no-config", "-f", "concise", "-f", "sarif=out.sarif", "-f", "json=out.json"]
    )
    assert text.exit_code == 1
    assert text.stdout.endswith("resources\n")
    assert json.loads((example / "out.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert json.loads((example / "out.json").read_text(encoding="utf-8"))["schema"] == "partywall/1"


def test_two_reports_in_one_place_are_refused() -> None:
    result = CliRunner().invoke(commands, ["check", "-f", "json", "-f", "text"])
    assert result.exit_code == 2
    assert "standard output" in result.stderr


def test_sarif_names_each_copy_of_a_finding_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rule = "{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Open}"
    (tmp_path / "t.yaml").write_text(
        "Parameters:\n  Open: {Type: String, Default: 0.0.0.0/0}\nResources:\n  Group:\n"
        "    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: a group\n"
        f"      SecurityGroupIngress: &rules\n        - &rule {rule}\n        - *rule\n",
        encoding="utf-8",
    )
    (run,) = json.loads(_made("sarif", "--select", "NET101", "t.yaml"))["runs"]
    for result in run["results"]:
        names = [it["fullyQualifiedName"] for it in result["locations"][0]["logicalLocations"]]
        assert names == ["Group"]
