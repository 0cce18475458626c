"""The floors of the house: a room imports only from floors below, and nobody imports a rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from importlinter import cli


def test_layers_hold(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    monkeypatch.syspath_prepend(str(root))
    assert cli.lint_imports(no_cache=True) == 0
