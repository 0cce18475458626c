"""Inside cfn-lint: the same verdicts at the same places, its ways of ignoring, and no crash of ours."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import cfnlint.decode
import pytest
from cfnlint.template import Template

from partywall.check import check
from partywall.configuration import Settings
from partywall.hosts import cfnlint as plugin

pytestmark = pytest.mark.slow
CFN_LINT = (sys.executable, "-c", "from cfnlint.runner.cli import main; main()")
FIXTURES = Path(__file__).parent.parent.parent / "fixtures"


def _inside(path: str) -> set[tuple[str, int, int]]:
    """Every finding that the plugin's rules make of a template: id, line, column."""
    content, problems = cfnlint.decode.decode(path)
    assert not problems
    template = Template(path, content, ["us-east-1"])
    found = set()
    for name, made in vars(plugin).items():
        if isinstance(made, type) and name[:1] in "WI" and hasattr(made, "shortdesc"):
            for match in made().match(template):
                line, column, _, _ = match.location
                found.add((name, line + 1, column + 1))
    return found


def _outside(path: str) -> set[tuple[str, int, int]]:
    from partywall import catalog
    from tests.test_fixtures import TODAY

    report = check([path], Settings(), catalog.rules(), TODAY)
    shown = [it for it in report.findings if it.covered_by is None and it.suppressed is None and it.verdict != "met"]
    return {({"gap": "W", "unknown": "I"}[it.verdict] + it.rule.id, it.span.line, it.span.column) for it in shown}


def test_the_same_verdicts_as_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    different = []
    for number, path in enumerate(sorted((FIXTURES / "rules").rglob("gap.yaml"))):
        name = f"t{number}.yaml"
        shutil.copy(path, name)
        if _inside(name) != _outside(name):
            different.append(str(path.relative_to(FIXTURES)))
    assert different == []


def _cfn_lint(here: Path, *arguments: str) -> list[dict[str, Any]]:
    """What cfn-lint itself reports of ours about `template.yaml`."""
    done = subprocess.run(
        [*CFN_LINT, "--format", "json", *arguments, "--", "template.yaml"],
        cwd=here, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip(), done.stderr
    return [it for it in json.loads(done.stdout) if hasattr(plugin, it["Rule"]["Id"])]


DISK = """\
Parameters:
  Encrypt: {Type: String}
Resources:
  Disk:
    Type: AWS::EC2::Volume
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    %s
    Properties:
      AvailabilityZone: !Select [0, !GetAZs ""]
      Size: 1
      Encrypted: %s
"""
PLUGIN = ("-a", "partywall.hosts.cfnlint")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "template.yaml").write_text(DISK % ("Metadata: {}", "false"), encoding="utf-8")
    return tmp_path


def _ids(found: list[dict[str, Any]]) -> list[str]:
    return [it["Rule"]["Id"] for it in found]


def test_a_gap_is_a_warning_at_its_exact_place(here: Path) -> None:
    (found,) = _cfn_lint(here, *PLUGIN)
    assert (found["Rule"]["Id"], found["Level"]) == ("WENC101", "Warning")
    start = found["Location"]["Start"]
    assert (start["LineNumber"], start["ColumnNumber"]) == (12, 18)


def test_from_its_configuration_file(here: Path) -> None:
    (here / ".cfnlintrc").write_text("append_rules: [partywall.hosts.cfnlint]\n", encoding="utf-8")
    assert _ids(_cfn_lint(here)) == ["WENC101"]


def test_unknowns_are_informational_and_off_until_asked_for(here: Path) -> None:
    (here / "template.yaml").write_text(DISK % ("Metadata: {}", "!Ref Encrypt"), encoding="utf-8")
    assert _ids(_cfn_lint(here, *PLUGIN)) == []
    assert _ids(_cfn_lint(here, *PLUGIN, "-c", "I")) == ["IENC101"]


def test_its_ways_of_ignoring_and_ours(here: Path) -> None:
    assert _ids(_cfn_lint(here, *PLUGIN, "-i", "WENC")) == []
    metadata = "Metadata: {cfn-lint: {config: {ignore_checks: [WENC101]}}}"
    (here / "template.yaml").write_text(DISK % (metadata, "false"), encoding="utf-8")
    assert _ids(_cfn_lint(here, *PLUGIN)) == []
    text = DISK % ("Metadata: {}", "false # partywall: ignore[ENC101] a test disk")
    (here / "template.yaml").write_text(text, encoding="utf-8")
    assert _ids(_cfn_lint(here, *PLUGIN)) == []


def test_our_configuration_and_its_faults(here: Path) -> None:
    (here / "partywall.toml").write_text('ignore = ["ENC101"]\n', encoding="utf-8")
    assert _ids(_cfn_lint(here, *PLUGIN)) == []
    (here / "partywall.toml").write_text("nonsense = 1\n", encoding="utf-8")
    (found,) = _cfn_lint(here, *PLUGIN)
    assert found["Rule"]["Id"] == "WPARTYWALL"
    assert "nonsense" in found["Message"]


def test_a_fault_of_ours_is_a_warning(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(plugin, "lint", broken)
    path = str(here / "template.yaml")
    content, _ = cfnlint.decode.decode(path)
    template = Template(path, content, ["us-east-1"])
    assert vars(plugin)["WENC101"]().match(template) == []
    (match,) = vars(plugin)["WPARTYWALL"]().match(template)
    assert "boom" in match.message


def test_content_without_a_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)
    content, _ = cfnlint.decode.decode(str(here / "template.yaml"))
    template = Template(None, content, ["us-east-1"])
    (match,) = vars(plugin)["WENC101"]().match(template)
    assert match.path == ["Resources", "Disk"]
