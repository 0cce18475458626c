"""The bar appears for people who wait, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def _many(directory: Path) -> None:
    for number in range(30):
        place = directory / f"m{number}"
        place.mkdir()
        (place / "main.tf").write_text('resource "aws_ebs_volume" "a" {\n  encrypted = true\n}\n', encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals here")
def test_a_long_run_on_a_terminal_shows_how_far_it_is(here: Path) -> None:
    import pty

    _many(here)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "partywall", "check", "-f", "json", "."]
    with subprocess.Popen(command, stderr=theirs, stdout=subprocess.DEVNULL, env={**os.environ, "TERM": "xterm"}):
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            seen += piece
    os.close(ours)
    assert b"/30" in seen


def test_nothing_is_written_to_standard_error_in_a_pipe(here: Path, run: Run) -> None:
    _many(here)
    assert run("check", "-f", "json").stderr == ""
