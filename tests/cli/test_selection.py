"""What is linted and by which rules: paths, selections, severities, configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

OPEN_VOLUME = 'resource "aws_ebs_volume" "a" {\n  encrypted = false\n}\n'


def _rules(run: Run, *arguments: str) -> set[str]:
    return {it["rule"] for it in json.loads(run("check", "-f", "json", *arguments).stdout)["findings"]}


@pytest.mark.usefixtures("example")
def test_ids_prefixes_names_and_duties_in_any_case(run: Run) -> None:
    assert _rules(run, "--select", "enc101") == {"ENC101"}
    assert _rules(run, "--select", "ENC") == {"ENC101"}
    assert _rules(run, "--select", "ebs-volume-unencrypted") == {"ENC101"}
    assert _rules(run, "--select", "encryption,DAT201") == {"ENC101", "DAT201"}
    assert _rules(run, "--select", "ENC,DAT201", "--ignore", "ENC101") == {"DAT201"}


@pytest.mark.usefixtures("example")
def test_severities(run: Run) -> None:
    every = ("--show", "gap,met,unknown")
    critical, usual, low = (
        _rules(run, *every, *level) for level in (("--min-severity", "critical"), (), ("--min-severity", "low"))
    )
    assert critical < usual < low


@pytest.mark.usefixtures("example")
def test_a_wrong_rule_gets_a_suggestion(run: Run) -> None:
    assert "did you mean ENC101?" in run("check", "--select", "ENC1011").stderr


def test_a_file_is_understood_with_its_module_and_shown_alone(here: Path, run: Run) -> None:
    (here / "main.tf").write_text(OPEN_VOLUME, encoding="utf-8")
    (here / "other.tf").write_text(OPEN_VOLUME.replace('"a"', '"b"').replace("false", "var.e"), encoding="utf-8")
    (here / "variables.tf").write_text('variable "e" {\n  default = false\n}\n', encoding="utf-8")

    def shown(*paths: str) -> list[str]:
        found = json.loads(run("check", "-f", "json", "--select", "ENC101", *paths).stdout)["findings"]
        return [it["resource"] for it in found]

    assert shown("main.tf") == ["aws_ebs_volume.a"]
    assert shown("other.tf") == ["aws_ebs_volume.b"]
    assert shown("variables.tf") == ["aws_ebs_volume.b"]
    assert shown("main.tf", "other.tf") == ["aws_ebs_volume.a", "aws_ebs_volume.b"]


def test_a_file_of_a_module_means_the_roots_that_call_it(here: Path, run: Run) -> None:
    (here / "module").mkdir()
    (here / "module" / "main.tf").write_text(
        'variable "e" {}\n' + OPEN_VOLUME.replace("false", "var.e"), encoding="utf-8"
    )
    (here / "live").mkdir()
    (here / "live" / "main.tf").write_text('module "m" {\n  source = "../module"\n  e = false\n}\n', encoding="utf-8")
    found = json.loads(run("check", "-f", "json", "--select", "ENC101", "module/main.tf").stdout)["findings"]
    assert [it["resource"] for it in found] == ["module.m.aws_ebs_volume.a"]


def test_configuration_nearest_wins_and_the_command_line_beats_it(here: Path, run: Run) -> None:
    (here / "main.tf").write_text(OPEN_VOLUME, encoding="utf-8")
    (here / "partywall.toml").write_text('select = ["NET"]\n', encoding="utf-8")
    assert _rules(run) == set()
    assert _rules(run, "--select", "ENC101") == {"ENC101"}
    assert _rules(run, "--no-config", "--select", "ENC101") == {"ENC101"}
    (here / "pyproject.toml").write_text('[tool.partywall]\nselect = ["ENC101"]\n', encoding="utf-8")
    (here / "partywall.toml").unlink()
    assert _rules(run) == {"ENC101"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('selct = ["ENC"]', "did you mean 'select'?"),
        ('min-severity = "huge"', "'huge' is no severity"),
        ('select = "ENC"', "must be a list of texts"),
        ("select = [", "partywall.toml"),
        ('[[ignore]]\nreason = "x"', "needs a rule"),
        ('select = ["ENC9999"]', "no rule is called 'ENC9999'"),
    ],
)
def test_a_wrong_configuration_is_one_clear_sentence(text: str, said: str, here: Path, run: Run) -> None:
    (here / "main.tf").write_text(OPEN_VOLUME, encoding="utf-8")
    (here / "partywall.toml").write_text(text + "\n", encoding="utf-8")
    result = run("check")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_excluded_paths_are_passed_over(here: Path, run: Run) -> None:
    for name in ("kept", "old"):
        (here / name).mkdir()
        (here / name / "main.tf").write_text(OPEN_VOLUME, encoding="utf-8")
    assert run("check", "--exclude", "old", "--show-files").stdout == "kept/main.tf\n"


def test_standard_input_is_a_new_version_of_a_file(here: Path, run: Run) -> None:
    (here / "main.tf").write_text(OPEN_VOLUME, encoding="utf-8")
    mended = OPEN_VOLUME.replace("false", "true")
    arguments = ("check", "--select", "ENC101", "-", "--stdin-filename", "main.tf")
    assert run(*arguments, given=mended).exit_code == 0
    assert run(*arguments, given=OPEN_VOLUME).exit_code == 1
    assert run("check", "-", given=OPEN_VOLUME).exit_code == 2


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_are_ordinary(newline: str, mark: str, here: Path, run: Run) -> None:
    text = mark + OPEN_VOLUME.replace("\n", newline)
    (here / "main.tf").write_bytes(text.encode())
    (found,) = json.loads(run("check", "-f", "json", "--select", "ENC101").stdout)["findings"]
    assert (found["line"], found["column"]) == (2, 15)


def test_the_environment_counts_when_asked_for_and_is_the_weakest(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'variable "e" {\n  type = bool\n}\n' + OPEN_VOLUME.replace("false", "var.e")
    (here / "main.tf").write_text(text, encoding="utf-8")
    monkeypatch.setenv("TF_VAR_e", "false")
    monkeypatch.setenv("TF_VAR_nobody", "x")
    assert run("check", "--select", "ENC101").exit_code == 0
    result = run("check", "--select", "ENC101", "--tf-env")
    assert result.exit_code == 1
    assert "e is set in the environment" in result.stdout
    assert "note" not in result.stdout
    (here / "terraform.tfvars").write_text("e = true\n", encoding="utf-8")
    assert run("check", "--select", "ENC101", "--tf-env").exit_code == 0
