"""The settings in force are told without their secrets, which may come from anywhere and stand in a log."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, here, run

__all__ = ["here", "run"]

SOURCES = {
    "main.tf": """
variable "stage" {}
variable "seed" { sensitive = true }
variable "passing" { ephemeral = true }
variable "db_password" {}
variable "shape" {}
""",
    "template.yaml": """
Parameters:
  Stage: {Type: String}
  Seed: {Type: String, NoEcho: true}
  AdminPassword: {Type: String}
Resources: {A: {Type: AWS::SNS::Topic}}
""",
}


@pytest.fixture(autouse=True)
def _sources(here: Path) -> None:
    for name, text in SOURCES.items():
        (here / name).write_text(text, encoding="utf-8")


def _line(run: Run, key: str, *arguments: str, **environment: str) -> str:
    result = run("check", "--show-settings", *arguments, **environment)
    assert result.exit_code == 0, result.stderr
    return next(line for line in result.stdout.splitlines() if line.startswith(key))


TOKEN = "gh" + "p_" + "a1B2" * 9


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("stage=live", "live"),
        ("seed=abcdef", "(sensitive)"),
        ("passing=abcdef", "(sensitive)"),
        ("db_password=abcdef", "(sensitive)"),
        (f"shape={TOKEN}", "(sensitive)"),
        ("unheard_of=abcdef", "(sensitive)"),
    ],
)
def test_a_variable_is_told_where_nothing_says_that_it_is_secret(given: str, told: str, run: Run) -> None:
    name = given.partition("=")[0]
    assert _line(run, "variables", "--var", given) == f'variables = {{"{name}": "{told}"}}'


@pytest.mark.parametrize(
    ("given", "told"),
    [("Stage=live", "live"), ("Seed=abcdef", "(sensitive)"), ("AdminPassword=abcdef", "(sensitive)")],
)
def test_a_parameter_is_told_where_nothing_says_that_it_is_secret(given: str, told: str, run: Run) -> None:
    name = given.partition("=")[0]
    assert _line(run, "parameters", "--parameter", given) == f'parameters = {{"{name}": "{told}"}}'


def test_the_configuration_is_covered_too(here: Path, run: Run) -> None:
    text = '[variables]\nseed = "abcdef"\nstage = "live"\n[environments.live.variables]\nseed = "ghijkl"\n'
    (here / "partywall.toml").write_text(text, encoding="utf-8")
    assert _line(run, "variables") == 'variables = {"seed": "(sensitive)", "stage": "live"}'
    assert '"seed": "(sensitive)"' in _line(run, "environments")
    assert "ghijkl" not in run("check", "--show-settings").stdout


def test_of_the_environment_only_names_are_told(run: Run) -> None:
    line = _line(run, "# variables from the environment", "--tf-env", TF_VAR_stage="live", TF_VAR_seed="abcdef")
    assert line == "# variables from the environment: seed, stage"


def test_what_cannot_be_read_is_no_reason_to_tell(run: Run) -> None:
    assert _line(run, "variables", "--var", "stage=live", "nowhere") == 'variables = {"stage": "(sensitive)"}'
