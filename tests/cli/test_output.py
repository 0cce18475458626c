"""What people see, whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from syrupy.assertion import SnapshotAssertion

from tests.cli.conftest import Run

RULES = "NET101,ENC101,DAT201,IAM001"
"""Rules that the README's templates meet in every way: plainly, through a variable, under a condition, unknown."""


def _out(result: Result) -> str:
    assert result.stderr == ""
    return result.stdout


@pytest.mark.usefixtures("example")
def test_text(run: Run, snapshot: SnapshotAssertion) -> None:
    assert _out(run("check", "--select", RULES)) == snapshot


@pytest.mark.usefixtures("example")
def test_text_fits_80_columns_and_has_no_colours_in_a_pipe(run: Run) -> None:
    out = _out(run("check", "--min-severity", "low", "--show", "gap,unknown,met"))
    assert max(map(len, out.splitlines())) <= 80
    assert "\033" not in out


@pytest.mark.usefixtures("example")
def test_colours_when_asked_for(run: Run) -> None:
    assert "\033" in _out(run("check", "--color", "always"))
    assert "\033" in _out(run("check", FORCE_COLOR="1"))
    assert "\033" not in _out(run("check", FORCE_COLOR="1", NO_COLOR="1"))
    assert "\033" not in _out(run("check", "--color", "never", FORCE_COLOR="1"))


@pytest.mark.usefixtures("example")
def test_unknowns_when_asked_for(run: Run, snapshot: SnapshotAssertion) -> None:
    assert _out(run("check", "--select", "NET101", "--show", "unknown")) == snapshot


@pytest.mark.usefixtures("example")
def test_concise(run: Run, snapshot: SnapshotAssertion) -> None:
    assert _out(run("check", "--select", RULES, "-f", "concise")) == snapshot


@pytest.mark.usefixtures("example")
def test_json(run: Run, snapshot: SnapshotAssertion) -> None:
    report = json.loads(_out(run("check", "--select", "DAT201,ENC101", "-f", "json")))
    assert report == snapshot


@pytest.mark.usefixtures("example")
def test_statistics(run: Run, snapshot: SnapshotAssertion) -> None:
    assert _out(run("check", "--select", RULES, "--statistics", "-f", "concise")) == snapshot


def test_a_broken_file_is_named_and_the_rest_is_linted(here: Path, run: Run, snapshot: SnapshotAssertion) -> None:
    (here / "broken.tf").write_text('resource "aws_ebs_volume" "a" {\n  encrypted = \n}\n', encoding="utf-8")
    (here / "whole.tf").write_text('resource "aws_ebs_volume" "b" {\n  encrypted = false\n}\n', encoding="utf-8")
    result = run("check", "--select", "ENC101")
    assert result.exit_code == 2
    assert result.stdout == snapshot


def test_explain(run: Run, snapshot: SnapshotAssertion) -> None:
    assert _out(run("explain", "ENC101")) == snapshot


def test_explain_finds_ours_for_another_tools_id(run: Run) -> None:
    assert "ENC101 ebs-volume-unencrypted" in _out(run("explain", "CKV_AWS_3"))
    assert "ENC101 ebs-volume-unencrypted" in _out(run("explain", "checkov:ckv_aws_3"))


def test_explain_suggests(run: Run) -> None:
    result = run("explain", "ENC1011")
    assert result.exit_code == 2
    assert "did you mean" in result.stderr


@pytest.mark.usefixtures("example")
def test_equal_input_gives_equal_bytes(run: Run) -> None:
    first = run("check", "-f", "json", "--show", "gap,unknown,met", ".").stdout
    assert run("check", "-f", "json", "--show", "gap,unknown,met", "template.yaml", "main.tf").stdout != ""
    assert run("check", "-f", "json", "--show", "gap,unknown,met", ".").stdout == first
