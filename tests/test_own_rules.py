"""Rules of one's own: from a folder that is typed or an installed package, never from a configuration file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

RULE = '''\
"""Volumes of ours."""

from __future__ import annotations

from partywall.aws.ebs import EbsVolume
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule("ENC1ACME1", HIGH)
def acme_volume_unencrypted(volume: EbsVolume) -> Truth:
    """Our volumes are encrypted.

    Because we say so.

    Instead: encrypt them.

    Sources: our handbook.
    """
    return ~volume.encrypted
'''
OPEN = 'resource "aws_ebs_volume" "a" {\n  encrypted = false # gap\n}\n'


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "volumes.py").write_text(RULE, encoding="utf-8")
    (tmp_path / "main.tf").write_text(OPEN, encoding="utf-8")
    return tmp_path


def _run(here: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "partywall", *arguments],
        cwd=here, check=False, capture_output=True, text=True, env={**os.environ, **environment},
    )  # fmt: skip


def test_from_a_folder(here: Path) -> None:
    done = _run(here, "check", "--rules", "ours", "--select", "ENC1ACME1", "-f", "json")
    (found,) = json.loads(done.stdout)["findings"]
    assert (found["rule"], found["name"], found["line"]) == ("ENC1ACME1", "acme-volume-unencrypted", 2)
    assert "ENC1ACME1" in _run(here, "rules", "--rules", "ours", "ENC1ACME1").stdout
    assert "Because we say so." in _run(here, "explain", "--rules", "ours", "ENC1ACME1").stdout
    assert _run(here, "check", "--select", "ENC1ACME1").returncode == 2


def test_never_from_a_configuration(here: Path) -> None:
    (here / "partywall.toml").write_text('rules = ["ours"]\n', encoding="utf-8")
    done = _run(here, "check")
    assert done.returncode == 2
    assert "'rules' is no setting" in done.stderr


def test_of_an_installed_package(here: Path) -> None:
    package = here / "site"
    (package / "acme-1.0.dist-info").mkdir(parents=True)
    (package / "acme-1.0.dist-info" / "entry_points.txt").write_text(
        "[partywall.rules]\nacme = acme_volumes\n", encoding="utf-8"
    )
    (package / "acme_volumes.py").write_text(RULE, encoding="utf-8")
    done = _run(here, "check", "--select", "ENC1ACME1", "-f", "concise", PYTHONPATH=str(package))
    assert done.returncode == 1, done.stderr
    assert "ENC1ACME1" in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("raise RuntimeError('boom')", "RuntimeError: boom"),
        ("def broken(:", "SyntaxError"),
        (RULE.replace("ENC1ACME1", "ENC101"), "ENC101 is taken"),
        (RULE.replace("ENC1ACME1", "ACME1"), "ACME1 is taken or malformed"),
    ],
)
def test_rules_that_cannot_be_loaded_are_one_sentence(text: str, said: str, here: Path) -> None:
    (here / "ours" / "volumes.py").write_text(text, encoding="utf-8")
    done = _run(here, "check", "--rules", "ours")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "volumes.py" in done.stderr
    assert "Traceback" not in done.stderr


def test_fixtures_are_collected_by_pytest(here: Path) -> None:
    shown = here / "shown" / "acme-volume-unencrypted"
    shown.mkdir(parents=True)
    (shown / "gap.tf").write_text(OPEN, encoding="utf-8")
    (shown / "met.tf").write_text(OPEN.replace("false # gap", "true"), encoding="utf-8")
    (shown / "unknown.tf").write_text(OPEN.replace("false # gap", "true"), encoding="utf-8")
    (here / "conftest.py").write_text('pytest_plugins = ["partywall.hosts.pytest"]\n', encoding="utf-8")
    (here / "pytest.ini").write_text("[pytest]\npartywall_rules = ours\npartywall_fixtures = shown\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=here, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert "2 passed" in done.stdout, done.stdout
    assert "1 failed" in done.stdout
    assert "nothing is unknown in it" in done.stdout
