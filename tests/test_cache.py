"""Results of earlier runs: the same bytes, and never an old answer to a new question."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from partywall import run
from partywall.cache import Cache
from partywall.cli import commands
from partywall.discover import Target
from partywall.lint import lint

ROOT = 'module "m" {\n  source = "./m"\n  e      = file("e.txt") == "yes"\n}\nvariable "x" {\n  default = "a"\n}\n'
MODULE = 'variable "e" {}\nresource "aws_ebs_volume" "a" {\n  encrypted = var.e\n}\n'
TEMPLATE = """\
Resources:
  Disk:
    Type: AWS::EC2::Volume
    Properties: {Encrypted: !ImportValue closed}
"""
EXPORTS = "Resources:\n  T: {Type: 'AWS::SNS::Topic'}\nOutputs:\n  A: {Value: 'true', Export: {Name: closed}}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "m").mkdir()
    (tmp_path / "main.tf").write_text(ROOT, encoding="utf-8")
    (tmp_path / "m" / "main.tf").write_text(MODULE, encoding="utf-8")
    (tmp_path / "e.txt").write_text("no", encoding="utf-8")
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(EXPORTS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _check(*arguments: str) -> str:
    command = ["check", "--select", "ENC101", "--show", "gap,unknown,met", "-f", "json", *arguments]
    result = CliRunner().invoke(commands, command)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.stdout


def _kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a target was linted again")

    monkeypatch.setattr(run, "lint", never)


def test_a_second_run_lints_nothing_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    first = _check()
    assert first == _check("--no-cache", "--jobs", "1")
    _kept(monkeypatch)
    assert _check() == first


CLOSED = 'resource "aws_ebs_volume" "a" {\n  encrypted = true\n}\n'
CHANGES: tuple[tuple[str, str | None], ...] = (
    ("main.tf", ROOT + "\n# more\n"),
    ("m/main.tf", MODULE.replace("var.e", "true")),
    ("m/main.tf", None),
    ("m/more.tf", CLOSED.replace('"a"', '"b"')),
    ("m/main_override.tf", CLOSED),
    ("e.txt", "yes"),
    ("e.txt", None),
    ("terraform.tfvars", 'x = "b"\n'),
    ("t.yaml", None),
    ("other.yaml", EXPORTS.replace("'true'", "'false'")),
    ("third.yaml", EXPORTS),
    ("partywall.toml", '[[ignore]]\nrule = "ENC101"\n'),
    ("partywall.toml", '[variables]\nx = "c"\n'),
)
"""A file, and what it holds now; None for a file that goes."""


@pytest.mark.parametrize(("name", "text"), CHANGES)
def test_whatever_changes_the_answer_is_that_of_a_run_without_memory(name: str, text: str | None, here: Path) -> None:
    _check()
    if text is None:
        (here / name).unlink()
    else:
        (here / name).write_text(text, encoding="utf-8")
    assert _check() == _check("--no-cache")


def test_a_directory_that_was_missing_appears(here: Path) -> None:
    (here / "m" / "main.tf").rename(here / "kept.txt")
    (here / "m").rmdir()
    _check()
    (here / "m").mkdir()
    (here / "kept.txt").rename(here / "m" / "main.tf")
    assert _check() == _check("--no-cache")


def test_questions_differ_by_settings_rules_and_directory(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _check()
    assert _check("--var", "x=b") == _check("--var", "x=b", "--no-cache")
    assert _check("--ignore", "ENC101") != first
    monkeypatch.chdir(here / "m")
    assert _check("..") == _check("..", "--no-cache")


@pytest.mark.parametrize("text", ["", "{", "[]", '[[], ["nonsense"]]', '[[["content", "x"]], []]', "\0"])
def test_broken_entries_are_no_entries(text: str) -> None:
    first = _check()
    directory = Path(os.environ["PARTYWALL_CACHE_DIR"])
    entries = list(directory.rglob("*.json"))
    assert entries
    for path in entries:
        path.write_text(text, encoding="utf-8")
    assert _check() == first


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(here: Path) -> None:
    (here / "file").write_text("", encoding="utf-8")
    assert _check("--cache-dir", str(here / "file" / "below")) == _check("--no-cache")


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "kept"))
    for number in range(4):
        cache.put([number, "x" * 1000], [], number)
        (path,) = [it for it in (tmp_path / "kept").rglob("*.json") if f"[{number}," in it.read_text(encoding="utf-8")]
        os.utime(path, (number, number))
    cache.trim(2500)
    assert [cache.get(number) is not None for number in range(4)] == [False, False, True, True]
    assert cache.clear() == 2


def test_clean_removes_everything() -> None:
    _check()
    assert "removed" in CliRunner().invoke(commands, ["clean"]).stdout
    assert CliRunner().invoke(commands, ["clean"]).stdout == "0 results removed\n"


def _many(here: Path) -> None:
    for number in range(20):
        (here / f"r{number}").mkdir()
        (here / f"r{number}" / "main.tf").write_text(MODULE.replace("{}", "{\n  default = false\n}"), encoding="utf-8")


def test_processes_change_nothing(here: Path) -> None:
    _many(here)
    assert _check("--no-cache", "--jobs", "3") == _check("--no-cache", "--jobs", "1")


def test_a_target_that_ends_its_process_is_named_and_the_others_are_linted(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _many(here)
    own = os.getpid()

    def deadly(target: Target, *others: Any, **named: Any) -> Any:
        if target.path.endswith("r7") and os.getpid() != own:
            os._exit(9)
        return lint(target, *others, **named)

    monkeypatch.setattr(run, "lint", deadly)
    said = json.loads(_check("--jobs", "3"))
    assert [(one["path"], one["kind"]) for one in said["problems"]] == [("r7", "internal")]
    assert said["problems"][0]["message"] == "the process that read this was ended, perhaps for want of memory"
    assert {one["deployment"] for one in said["findings"]} >= {f"r{at}" for at in range(20)} - {"r7"}
    assert json.loads(_check("--jobs", "1"))["problems"] == []  # A loss is not kept.


class _UnsendableError(Exception):
    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def test_a_failure_that_cannot_be_sent_does_not_hang_the_run(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _many(here)

    def failing(*_: Any, **__: Any) -> Any:
        raise _UnsendableError("a", "b")

    monkeypatch.setattr(run, "lint", failing)
    said = json.loads(_check("--no-cache", "--jobs", "3"))
    assert {one["kind"] for one in said["problems"]} == {"internal"}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of another kind here")
def test_an_interrupt_ends_it_at_once(here: Path) -> None:
    _many(here)
    text = "import signal, time, partywall.run as run\nrun.lint = lambda *a, **k: time.sleep(60)\n"
    text += "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # Whoever runs the tests may ignore it.
    text += "from partywall.cli import main\nmain(['check', '--no-cache', '--jobs', '2', '.'])\n"
    with subprocess.Popen([sys.executable, "-c", text], stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        try:
            _, said = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 130
    assert b"Traceback" not in said
