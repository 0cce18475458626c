"""The command line as people run it, in a directory of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partywall.cli import commands

Run = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory that is a project."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def example(here: Path, root: Path) -> Path:
    """A working directory with the templates of the README."""
    for path in (root / "fixtures" / "example").iterdir():
        shutil.copy(path, here / path.name)
    return here


@pytest.fixture
def run() -> Run:
    """Types a command; standard output and standard error are kept apart."""

    def typed(*arguments: str, given: str | bytes = b"", **rest: str) -> Result:
        return CliRunner().invoke(commands, list(arguments), input=given, env=rest, prog_name="partywall")

    return typed
