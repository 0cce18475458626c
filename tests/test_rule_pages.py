"""The pages of the rules are what the rules and their fixtures say today."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from partywall.cli import commands


def test_pages_are_current(root: Path, tmp_path: Path) -> None:
    arguments = ["rules", "-f", "markdown", "-o", str(tmp_path), "--fixtures", str(root / "fixtures" / "rules")]
    assert CliRunner().invoke(commands, arguments).exit_code == 0
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    kept = {path.name: path.read_text(encoding="utf-8") for path in (root / "docs" / "rules").iterdir()}
    stale = sorted(name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name))
    assert stale == [], "run: partywall rules -f markdown -o docs/rules --fixtures fixtures/rules"
