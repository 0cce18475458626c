"""`partywall suppressions`, and other tools' comments becoming ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from partywall.cli import commands

CONFIGURATION = """\
#checkov:skip=CKV_AWS_3:a test disk
resource "aws_ebs_volume" "a" {
  encrypted = false
}

resource "aws_ebs_volume" "b" {
  #checkov:skip=CKV_AWS_3,CKV_AWS_189: a test disk
  encrypted = false # kept
}

resource "aws_ebs_volume" "c" {
  encrypted = false #trivy:ignore:AVD-AWS-0026:exp:2999-01-01
}

# partywall: ignore[ENC101] ended long ago, until 2020-01-01
resource "aws_ebs_volume" "d" {
  encrypted = false
  #checkov:skip=CKV_AWS_99999:nothing of ours
}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "main.tf").write_text(CONFIGURATION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _suppressed() -> set[str]:
    command = ["check", "--select", "ENC101", "-f", "json", "--show", "suppressed"]
    return {it["resource"] for it in json.loads(CliRunner().invoke(commands, command).stdout)["findings"]}


def test_list() -> None:
    lines = CliRunner().invoke(commands, ["suppressions"]).stdout.splitlines()
    assert lines[0].startswith("main.tf:1:1: CKV_AWS_3 (checkov) = ENC101: a test disk [accepts 1 gap]")
    assert lines[2] == (
        "main.tf:12:21: AVD-AWS-0026 (trivy) = ENC101: accepted for trivy, until 2999-01-01 [accepts 1 gap]"
    )
    assert lines[3] == "main.tf:15:1: ENC101: ended long ago, until 2020-01-01 [ended]"
    assert "no rule of ours" in lines[4]
    assert lines[-1] == "5 suppressions, 1 ended, 1 accepting nothing"


def test_list_for_machines() -> None:
    entries = json.loads(CliRunner().invoke(commands, ["suppressions", "-f", "json"]).stdout)
    assert [it["tool"] for it in entries] == ["checkov", "checkov", "trivy", "partywall", "checkov"]
    assert [it["ended"] for it in entries] == [False, False, False, True, False]


def test_migration_accepts_the_same_gaps(here: Path) -> None:
    before = _suppressed()
    assert before == {"aws_ebs_volume.a", "aws_ebs_volume.b", "aws_ebs_volume.c"}
    result = CliRunner().invoke(commands, ["suppressions", "--migrate"])
    assert result.stdout.endswith("3 comments rewritten\n")
    text = (here / "main.tf").read_text(encoding="utf-8")
    assert _suppressed() == before
    assert "checkov:skip=CKV_AWS_3" not in text
    assert "checkov:skip=CKV_AWS_99999" in text
    assert "encrypted = false # kept" in text
    assert text.startswith("# partywall: ignore[ENC101] a test disk\nresource")
    assert CliRunner().invoke(commands, ["suppressions", "--migrate"]).stdout == "0 comments rewritten\n"
