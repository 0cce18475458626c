"""What a run is given beside its files, broken: configurations, parameters, baselines, variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, here, run

__all__ = ["here", "run"]

DIGITS = "9" * 5000


def wrong(run: Run, *arguments: str) -> str:
    """How a run that cannot begin says so."""
    result = run("check", *arguments)
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    return result.stderr.strip() or result.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"a = {DIGITS}\n", "partywall: partywall.toml: a number has too many digits"),
        ("a = " + "[" * 5000, "partywall: partywall.toml: values are nested too deep"),
        ("a = \x00\n", "partywall: partywall.toml: Invalid value (at line 1, column 5)"),
    ],
)
def test_configurations(text: str, said: str, here: Path, run: Run) -> None:
    (here / "partywall.toml").write_text(text, encoding="utf-8")
    assert wrong(run) == said


@pytest.mark.parametrize("text", ["tool = 5\n", "[tool]\npartywall = 5\n", f"a = {DIGITS}\n", "["])
def test_what_is_no_configuration_of_ours_is_none_of_our_business(text: str, here: Path, run: Run) -> None:
    (here / "pyproject.toml").write_text(text, encoding="utf-8")
    (here / "main.tf").write_text("", encoding="utf-8")
    assert run("check").exit_code == 0


@pytest.mark.parametrize(
    "text",
    ["", "[" * 100_000, "{}", "[]", '{"schema": "partywall-baseline/1"}', f'{{"schema": {DIGITS}}}',
     '{"schema": "partywall-baseline/1", "deployments": {"a": {"content": "", "shape": "", "gaps": {"a": Infinity}}}}'],
)  # fmt: skip
def test_baselines(text: str, here: Path, run: Run) -> None:
    (here / "main.tf").write_text("", encoding="utf-8")
    (here / "baseline.json").write_text(text, encoding="utf-8")
    assert wrong(run, "--baseline", "baseline.json") == "partywall: baseline.json is no baseline of partywall"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.toml", f"parameter_overrides = {DIGITS}\n", "a number has too many digits"),
        ("a.toml", "a." * 5000 + "parameter_overrides = 'A=b'\n", ""),
        ("a.toml", "parameter_overrides = 5\n", ""),
        ("a.json", "[" * 5000, "nested"),
        ("a.json", "[[], 5, {}, {\"ParameterKey\": []}]", "no parameter is given a value here"),
        ("a.yaml", "a: &a [*a]", "this alias"),
    ],
)  # fmt: skip
def test_files_of_parameters(name: str, text: str, said: str, here: Path, run: Run) -> None:
    (here / "main.tf").write_text("", encoding="utf-8")
    (here / name).write_text(text, encoding="utf-8")
    result = run("check", "--parameter-file", name)
    assert result.exit_code == (2 if said else 0)
    assert said in result.stdout


@pytest.mark.parametrize("value", [DIGITS, "[" * 3000, "${", "\ud800", "", "(1", "{a=1}", 'file("/etc/passwd")'])
def test_variables(value: str, here: Path, run: Run) -> None:
    text = 'variable "a" { type = number }\nvariable "b" { type = list(any) }\nvariable "c" {}\n'
    (here / "main.tf").write_text(text, encoding="utf-8")
    given = [part for name in "abc" for part in ("--var", f"{name}={value}")]
    result = run("check", "-v", *given)
    assert isinstance(result.exception, SystemExit | None)
    assert "root:" not in result.output
