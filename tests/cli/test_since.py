"""Only what is new: against a file, and against another revision of the project."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Run

VOLUME = 'resource "aws_ebs_volume" "{0}" {{\n  encrypted = {1}\n}}\n'


def _git(*arguments: str) -> None:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with an open volume in one root, and in another whose value comes from a file of variables."""
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "one" / "main.tf").write_text(VOLUME.format("a", "false"), encoding="utf-8")
    (tmp_path / "two" / "main.tf").write_text('variable "e" {}\n' + VOLUME.format("a", "var.e"), encoding="utf-8")
    (tmp_path / "two" / "terraform.tfvars").write_text("e = true\n", encoding="utf-8")
    _git("init", "-q")
    _git("add", ".")
    _git("commit", "-qm", "First")
    return tmp_path


def _new(run: Run, *arguments: str) -> list[tuple[str, str]]:
    """Deployment and resource of each gap that is new."""
    found = json.loads(run("check", "--select", "ENC101", "-f", "json", *arguments).stdout)["findings"]
    return [(it["deployment"], it["resource"]) for it in found]


def _both(run: Run, *arguments: str) -> Sequence[list[tuple[str, str]]]:
    return _new(run, "--baseline", "known.json", *arguments), _new(run, "--diff", "HEAD", *arguments)


@pytest.fixture(autouse=True)
def _known(project: Path, run: Run) -> None:
    assert project.is_dir()
    assert run("baseline", "-o", "known.json").stdout.startswith("1 gap in 1 deployment")


def test_nothing_new(run: Run) -> None:
    assert _both(run) == ([], [])
    assert run("check", "--select", "ENC101", "--diff", "HEAD").exit_code == 0
    assert run("check", "--select", "ENC101").exit_code == 1


def test_lines_may_move(project: Path, run: Run) -> None:
    file = project / "one" / "main.tf"
    file.write_text("# moved\n\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert _both(run) == ([], [])


def test_files_and_folders_may_be_renamed(project: Path, run: Run) -> None:
    (project / "one" / "main.tf").rename(project / "one" / "storage.tf")
    assert _both(run) == ([], [])
    (project / "one").rename(project / "uno")
    assert _both(run) == ([], [])
    file = project / "uno" / "storage.tf"
    file.write_text("# and changed\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert _both(run) == ([], [])


@pytest.mark.parametrize(
    "after",
    [
        VOLUME.format("b", "false") + "moved {\n  from = aws_ebs_volume.a\n  to = aws_ebs_volume.b\n}\n",
        VOLUME.format("c", "false")
        + "moved {\n  from = aws_ebs_volume.a\n  to = aws_ebs_volume.b\n}\n"
        + "moved {\n  from = aws_ebs_volume.b\n  to = aws_ebs_volume.c\n}\n",
        VOLUME.format("a", "false\n  count = 1"),
        VOLUME.format("a", 'false\n  for_each = toset(["k"])')
        + 'moved {\n  from = aws_ebs_volume.a\n  to = aws_ebs_volume.a["k"]\n}\n',
    ],
    ids=["renamed", "renamed twice", "counted", "keyed"],
)
def test_resources_may_move_where_terraform_is_told(after: str, project: Path, run: Run) -> None:
    (project / "one" / "main.tf").write_text(after, encoding="utf-8")
    assert _both(run) == ([], [])
    assert "0 gaps closed" in run("check", "--select", "ENC101", "--diff", "HEAD").stdout


def test_a_resource_that_moves_into_a_module_is_known_there(project: Path, run: Run) -> None:
    inner = project / "one" / "inner"
    inner.mkdir()
    (inner / "main.tf").write_text(VOLUME.format("x", "false"), encoding="utf-8")
    call = 'module "m" {\n  source = "./inner"\n}\n'
    moved = "moved {\n  from = aws_ebs_volume.a\n  to = module.m.aws_ebs_volume.x\n}\n"
    (project / "one" / "main.tf").write_text(call + moved, encoding="utf-8")
    assert _both(run) == ([], [])


def test_what_moved_does_not_take_the_place_of_what_stayed(project: Path, run: Run) -> None:
    moved = "moved {\n  from = aws_ebs_volume.a\n  to = aws_ebs_volume.b\n}\n"
    both = VOLUME.format("b", "false") + VOLUME.format("a", "false") + moved
    (project / "one" / "main.tf").write_text(both, encoding="utf-8")
    assert _both(run) == ([("one", "aws_ebs_volume.b")], [("one", "aws_ebs_volume.b")])


def test_a_copy_of_a_folder_is_new(project: Path, run: Run) -> None:
    (project / "copy").mkdir()
    (project / "copy" / "main.tf").write_text(VOLUME.format("a", "false"), encoding="utf-8")
    assert _both(run) == ([("copy", "aws_ebs_volume.a")], [("copy", "aws_ebs_volume.a")])


def test_a_line_far_from_the_resource_opens_it(project: Path, run: Run) -> None:
    (project / "two" / "terraform.tfvars").write_text("e = false\n", encoding="utf-8")
    assert _both(run) == ([("two", "aws_ebs_volume.a")], [("two", "aws_ebs_volume.a")])


def test_what_is_closed_is_counted(project: Path, run: Run) -> None:
    (project / "one" / "main.tf").write_text(VOLUME.format("a", "true"), encoding="utf-8")
    assert "1 gap closed since HEAD" in run("check", "--select", "ENC101", "--diff", "HEAD").stdout
    assert "1 gap closed since the baseline" in run("check", "--select", "ENC101", "--baseline", "known.json").stdout


def test_from_a_directory_below_and_for_a_file(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "one")
    assert _new(run, "--diff", "HEAD") == []
    assert _new(run, "--diff", "HEAD", "main.tf") == []
    (project / "one" / "more.tf").write_text(VOLUME.format("b", "false"), encoding="utf-8")
    assert _new(run, "--diff", "HEAD") == [(".", "aws_ebs_volume.b")]
    assert _new(run, "--diff", "HEAD", "more.tf") == [(".", "aws_ebs_volume.b")]


def test_the_work_tree_stays_as_it_is(project: Path, run: Run) -> None:
    (project / "one" / "main.tf").write_text(VOLUME.format("a", "true"), encoding="utf-8")
    before = {path: path.read_bytes() for path in project.rglob("*.tf")}
    run("check", "--diff", "HEAD")
    assert {path: path.read_bytes() for path in project.rglob("*.tf")} == before
    done = subprocess.run(["git", "worktree", "list"], check=True, capture_output=True, text=True)
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--diff", "nowhere"), "--diff nowhere"),
        (("--diff", "--output=x"), "--diff --output=x"),
        (("--baseline", "absent.json"), "absent.json cannot be read"),
        (("--baseline", "one/main.tf"), "is no baseline"),
    ],
)
def test_what_cannot_be_compared_with(arguments: tuple[str, ...], said: str, run: Run) -> None:
    result = run("check", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
