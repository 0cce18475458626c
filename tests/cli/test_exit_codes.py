"""The exit codes, which never change: 0 nothing open, 1 gaps, 2 wrong use or unreadable input, 3 nothing to lint."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

CLEAN, GAPS, WRONG, NOTHING = 0, 1, 2, 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), GAPS),
        (("--exit-zero",), CLEAN),
        (("--fail-on", "none"), CLEAN),
        (("--fail-on", "critical", "--select", "ENC101"), CLEAN),
        (("--fail-on", "high", "--select", "ENC101"), GAPS),
        (("--select", "ENC101", "--var", "encrypt=true"), CLEAN),
        (("--select", "DAT201", "--parameter", "Stage=prod"), CLEAN),
        (("--select", "DAT201", "--parameter", "Stage=dev"), GAPS),
        (("--select", "NOPE"), WRONG),
        (("--format", "nope"), WRONG),
        (("--var", "nameonly"), WRONG),
        (("--nope",), WRONG),
        (("absent.tf",), WRONG),
    ],
)
@pytest.mark.usefixtures("example")
def test_of_the_example(arguments: tuple[str, ...], code: int, run: Run) -> None:
    assert run("check", *arguments).exit_code == code


def test_nothing_to_lint(here: Path, run: Run) -> None:
    (here / "readme.md").write_text("nothing", encoding="utf-8")
    result = run("check")
    assert (result.exit_code, result.stdout) == (NOTHING, "no gaps in 0 files, 0 resources\n")
    assert run("check", "--hook").exit_code == CLEAN


def test_a_broken_file_beats_gaps_and_exit_zero(example: Path, run: Run) -> None:
    (example / "broken.yaml").write_text("Resources:\n  A: {Type: AWS::S3::Bucket\n", encoding="utf-8")
    assert run("check").exit_code == WRONG
    assert run("check", "--exit-zero").exit_code == WRONG


def test_a_named_file_that_is_no_template_is_an_error_but_for_a_hook(here: Path, run: Run) -> None:
    (here / "values.yaml").write_text("a: 1\n", encoding="utf-8")
    result = run("check", "values.yaml")
    assert result.exit_code == WRONG
    assert "values.yaml" in result.stdout
    assert run("check", "--hook", "values.yaml").exit_code == CLEAN


@pytest.mark.usefixtures("example")
def test_without_a_command_check_is_meant(run: Run) -> None:
    assert run().stdout == run("check").stdout
    assert run(".").exit_code == GAPS


def test_version(run: Run) -> None:
    assert run("--version").stdout.startswith("partywall 0.")
