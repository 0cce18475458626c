"""Labels of other tools' tests that partywall disagrees with: each with a reason, and none that has become moot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
DISPUTED = [json.loads(line) for line in (HERE / "disputed.jsonl").read_text(encoding="utf-8").splitlines()]


def _label(record: dict[str, str | None]) -> tuple[str | None, ...]:
    return tuple(record[part] for part in ("suite", "root", "check", "resource"))


@pytest.mark.parametrize("dispute", DISPUTED, ids=lambda it: f"{it['check']}-{it['root'].rpartition('/')[2]}")
def test_a_dispute_names_a_label_and_gives_its_reason_in_sentences(dispute: dict[str, str | None]) -> None:
    assert set(dispute) == {"suite", "root", "check", "resource", "reason"}
    assert dispute["suite"]
    assert dispute["root"]
    assert dispute["check"]
    reason = dispute["reason"]
    assert reason is not None
    assert reason[0].isupper() or reason[0] == "`"
    assert reason.endswith(".")
    assert len(reason.split()) >= 8


def test_every_label_is_disputed_once_and_in_order() -> None:
    labels = [tuple(part or "" for part in _label(it)) for it in DISPUTED]
    assert len(set(labels)) == len(labels)
    assert [(suite, check, root, resource) for suite, root, check, resource in labels] == sorted(
        (suite, check, root, resource) for suite, root, check, resource in labels
    )


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the shared labels are not beside this checkout")
def test_no_dispute_is_moot(tmp_path: Path) -> None:
    found = tmp_path / "disagreements.jsonl"
    command = [sys.executable, "tools/score.py", "--labels", "labels", "--root", "labels"]
    command += ["--partywall", f"{sys.executable} -m partywall", "--disagreements", str(found)]
    done = subprocess.run(command, cwd=SHARED, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    open_ = {_label(json.loads(line)) for line in found.read_text(encoding="utf-8").splitlines()}
    assert [it for it in DISPUTED if _label(it) not in open_] == []
