"""Equal input, equal bytes: whatever the hash seed, the number of processes and the order of the paths."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PATHS = ("network/security_group", "identity/iam", "encryption", "traffic/elb")
"""Both dialects, and verdicts that rest on many resources."""


def _bytes(root: Path, form: str, paths: tuple[str, ...], *, seed: str, jobs: str, cache: str) -> bytes:
    command = [sys.executable, "-m", "partywall", "check", *paths, "-f", form, "--jobs", jobs, "--cache-dir", cache]
    command += ["--show", "gap,unknown,met", "--min-severity", "low"]
    place = root / "fixtures" / "rules"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    made = subprocess.run(command, capture_output=True, check=False, cwd=place, env=environment)
    assert made.returncode in (1, 2), made.stderr  # some fixtures are broken on purpose
    return made.stdout


@pytest.mark.slow
@pytest.mark.parametrize("form", ["json", "text", "sarif"])
def test_the_same_bytes(form: str, root: Path, tmp_path: Path) -> None:
    first = _bytes(root, form, PATHS, seed="0", jobs="1", cache=str(tmp_path / "one"))
    assert len(first) > 10_000
    for seed, jobs, paths in (("1", "2", PATHS[::-1]), ("4711", "3", (*PATHS[2:], *PATHS[:2]))):
        assert _bytes(root, form, paths, seed=seed, jobs=jobs, cache=str(tmp_path / seed)) == first
    kept = _bytes(root, form, PATHS[::-1], seed="2", jobs="2", cache=str(tmp_path / "one"))
    assert kept == first
