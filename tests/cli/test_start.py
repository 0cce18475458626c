"""What a start costs, counted in modules: seconds differ from machine to machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_NAMES = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, sep="\\n", file=sys.stderr))
from partywall.cli import main
main(sys.argv[1:])
"""
_DEAR = {
    "boto3", "botocore", "cfnlint", "concurrent", "difflib", "gzip", "hcl2", "importlib.metadata",
    "importlib.resources", "lark", "multiprocessing", "networkx", "rich", "samtranslator", "shutil", "sympy",
    "tempfile", "tomllib", "traceback", "yaml",
}  # fmt: skip
"""Packages that cost as much as the rest together, or that few runs need."""

TERRAFORM = 'resource "aws_ebs_volume" "a" {\n  size = 1\n}\n'
TEMPLATE = "Resources:\n  A:\n    Type: AWS::EC2::Volume\n    Properties: {Size: 1}\n"


def _imported(*arguments: str) -> set[str]:
    made = subprocess.run(
        [sys.executable, "-c", _NAMES, *arguments], capture_output=True, text=True, check=False, env=os.environ
    )
    assert made.returncode in (0, 1), made.stderr
    return set(made.stderr.split())


def _dear(modules: set[str]) -> set[str]:
    return {name for name in modules if name in _DEAR or name.partition(".")[0] in _DEAR}


@pytest.mark.parametrize("command", ["--version", "rules", "explain", "clean"])
def test_a_command_imports_what_it_needs(command: str) -> None:
    modules = _imported(command, *(["NET101"] if command == "explain" else []))
    assert not _dear(modules)
    assert not any(name.startswith(("partywall.terraform", "partywall.cloudformation")) for name in modules)


def test_the_version_needs_no_rule() -> None:
    own = {name for name in _imported("--version") if name.startswith("partywall")}
    assert own == {"partywall", "partywall.cli", "partywall.collector"}


def test_a_terraform_file_needs_nothing_of_cloudformation(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM, encoding="utf-8")
    modules = _imported("check", str(tmp_path / "main.tf"))
    assert not _dear(modules)
    assert "partywall.terraform.module" in modules
    assert not any(name.startswith(("partywall.cloudformation", "partywall.terraform.plan_")) for name in modules)


def test_only_a_page_draws(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM, encoding="utf-8")
    assert not {"partywall.drawing", "partywall.page"} & _imported("check", str(tmp_path / "main.tf"))
    page = str(tmp_path / "report.html")
    assert {"partywall.drawing", "partywall.page"} <= _imported("check", str(tmp_path / "main.tf"), f"-fhtml={page}")


def test_the_second_run_imports_the_rules_of_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM, encoding="utf-8")
    _imported("check", str(tmp_path / "main.tf"))
    (tmp_path / "main.tf").write_text(TERRAFORM.replace("1", "2"), encoding="utf-8")
    modules = _imported("check", str(tmp_path / "main.tf"))
    assert "partywall.rules.encryption.ebs" in modules
    assert "partywall.rules.encryption.rds" not in modules
    assert "partywall.reason.network.exposure" not in modules


def test_what_is_known_already_is_not_evaluated(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM, encoding="utf-8")
    _imported("check", str(tmp_path / "main.tf"))
    modules = _imported("check", str(tmp_path / "main.tf"))
    assert not {"partywall.terraform.module", "partywall.rules.encryption.ebs"} & modules


def test_a_template_needs_nothing_of_terraform(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    modules = _imported("check", str(tmp_path / "template.yaml"))
    assert not _dear(modules)
    assert "partywall.cloudformation.template" in modules
    assert not any(name.startswith("partywall.terraform") for name in modules)


def test_records_are_declared_cheaply(root: Path) -> None:
    dear = re.compile(r"^@dataclass\(.*frozen=True", re.MULTILINE)
    files = sorted((root / "src" / "partywall").rglob("*.py"))
    assert [path.name for path in files if dear.search(path.read_text(encoding="utf-8"))] == [], "use @immutable()"
