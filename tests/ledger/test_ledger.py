"""The ledger of the README's templates, whole, and what it counts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from syrupy.assertion import SnapshotAssertion

from partywall.aws.responsibility import by_hand
from partywall.aws.services import services
from partywall.cli import commands
from partywall.rule import DUTIES


@pytest.fixture(autouse=True)
def here(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    for path in (root / "fixtures" / "example").iterdir():
        shutil.copy(path, tmp_path / path.name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["ledger", *arguments])


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_snapshot(form: str, snapshot: SnapshotAssertion) -> None:
    assert _run("-f", form).stdout == snapshot


def test_every_line_fits_80_columns() -> None:
    assert max(map(len, _run().stdout.splitlines())) <= 80


def test_each_subject_counts_once_by_the_worst(here: Path) -> None:
    for name in ("main.tf", "template.yaml"):
        (here / name).unlink()
    (here / "main.tf").write_text(
        'variable "e" {}\n'
        'resource "aws_ebs_volume" "open" {\n  encrypted = false\n}\n'
        'resource "aws_ebs_volume" "met" {\n  encrypted = true\n}\n'
        'resource "aws_ebs_volume" "unknown" {\n  encrypted = var.e\n}\n'
        "# partywall: ignore[ENC101] a test disk\n"
        'resource "aws_ebs_volume" "accepted" {\n  encrypted = false\n}\n'
        'resource "aws_nobody_knows" "x" {}\n'
        'module "far" {\n  source = "example.com/far"\n}\n',
        encoding="utf-8",
    )
    made = json.loads(_run("-f", "json").stdout)
    (cell,) = [
        cell
        for part in made["parts"]
        for entry in part["entries"]
        for cell in entry["cells"]
        if entry["service"] == "ebs" and cell["duty"] == "encryption"
    ]
    assert cell["counts"] == {"gap": 1, "unknown": 1, "suppressed": 1, "met": 1}
    assert cell["rules"]["gap"] == ["ENC101"]
    assert cell["causes"] == ["variable e has no default"]
    assert cell["by_hand"]
    assert made["met_percent"] == 50
    assert made["coverage"]["unclassified"] == {"aws_nobody_knows": 1}
    assert "module.far is not on disk" in made["coverage"]["unseen"][0]


def test_the_gate_looks_at_what_is_decided() -> None:
    assert _run().exit_code == 0
    assert _run("--fail-under", "10").exit_code == 0
    assert _run("--fail-under", "100").exit_code == 1


def test_what_cannot_be_read_is_an_error(here: Path) -> None:
    (here / "broken.yaml").write_text("Resources: {A: {Type: AWS::S3::Bucket}\n", encoding="utf-8")
    result = _run()
    assert result.exit_code == 2
    assert "broken.yaml" in result.stderr
    assert "broken.yaml" in result.stdout


def test_tasks_are_for_services_and_duties_that_exist() -> None:
    known = {it.name: it for it in services()}
    for task in by_hand():
        assert task.duty in DUTIES
        for name in task.services:
            assert known[name].model == task.model, name
