"""The hooks, run by pre-commit itself on repositories made for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Hook = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.slow
OPEN_VOLUME = 'resource "aws_ebs_volume" "a" {\n  availability_zone = "eu-central-1a"\n  encrypted         = false\n}\n'


def _git(directory: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *identity, *arguments], cwd=directory, check=True, capture_output=True)


def _committed(directory: Path) -> str:
    """Make a repository of a directory; the name of its commit."""
    _git(directory, "init")
    _git(directory, "add", ".")
    _git(directory, "commit", "-m", "First")
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=directory, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture(scope="module")
def hook(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Hook:
    """Runs a hook of this checkout on a repository with some files; its environment is installed once."""
    ours = tmp_path_factory.mktemp("partywall")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "src", "rules", "pyproject.toml",
         "README.md", "LICENSE", ".pre-commit-hooks.yaml"],
        cwd=root, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        if (root / name).is_file():
            (ours / name).parent.mkdir(parents=True, exist_ok=True)
            (ours / name).write_bytes((root / name).read_bytes())
    revision = _committed(ours)
    home = tmp_path_factory.mktemp("pre-commit-home")

    def run(directory: Path, name: str, *changed: str) -> subprocess.CompletedProcess[str]:
        (directory / ".pre-commit-config.yaml").write_text(
            f"repos:\n- repo: {ours}\n  rev: {revision}\n  hooks:\n  - id: {name}\n", encoding="utf-8"
        )
        _committed(directory)
        which = ["--files", *changed] if changed else ["--all-files"]
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", name, "--color", "never", *which],
            cwd=directory, check=False, capture_output=True, text=True,
            env={**os.environ, "PRE_COMMIT_HOME": str(home)},
        )  # fmt: skip

    return run


def test_a_gap_fails_the_hook_and_is_shown(hook: Hook, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(OPEN_VOLUME, encoding="utf-8")
    done = hook(tmp_path, "partywall")
    assert done.returncode == 1, done.stderr
    assert "ENC101" in done.stdout
    assert "main.tf:3:23" in done.stdout


def test_what_is_no_template_passes_in_silence(hook: Hook, tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "package.json").write_text("{}\n", encoding="utf-8")
    done = hook(tmp_path, "partywall")
    assert done.returncode == 0, done.stdout
    assert "values.yaml" not in done.stdout


def test_a_changed_module_is_judged_through_the_root_that_calls_it(hook: Hook, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "live").mkdir()
    (tmp_path / "disk" / "main.tf").write_text(
        'variable "e" {}\n' + OPEN_VOLUME.replace("false", "var.e"), encoding="utf-8"
    )
    (tmp_path / "live" / "main.tf").write_text('module "m" {\n  source = "../disk"\n  e = false\n}\n', encoding="utf-8")
    done = hook(tmp_path, "partywall-terraform", "disk/main.tf")
    assert done.returncode == 1, done.stdout
    assert "module.m.aws_ebs_volume.a" in done.stdout


def test_templates_and_the_whole_repository(hook: Hook, tmp_path: Path) -> None:
    (tmp_path / "stack.yaml").write_text(
        "Resources:\n  Disk:\n    Type: AWS::EC2::Volume\n    Properties: {Size: 1, Encrypted: false}\n",
        encoding="utf-8",
    )
    assert "ENC101" in hook(tmp_path, "partywall-cloudformation").stdout
    assert "ENC101" in hook(tmp_path, "partywall-all").stdout
