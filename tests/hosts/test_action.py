"""What the GitHub action and the GitLab job run, on repositories made for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

VOLUME = 'resource "aws_ebs_volume" "{0}" {{\n  encrypted = false\n}}\n'


def _git(directory: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    done = subprocess.run(["git", *identity, *arguments], cwd=directory, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    place.mkdir()
    (place / "main.tf").write_text(VOLUME.format("a"), encoding="utf-8")
    _git(place, "init", "-q")
    _git(place, "add", ".")
    _git(place, "commit", "-qm", "First")
    return place


@pytest.fixture
def partywall(tmp_path: Path) -> Path:
    """A command called `partywall` that is this checkout's."""
    command = tmp_path / "bin" / "partywall"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m partywall "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return command


def _act(root: Path, project: Path, partywall: Path, **inputs: str) -> tuple[str, dict[str, str], str]:
    """Standard output, the action's outputs, and the job's summary."""
    temporary = partywall.parent.parent
    files = {"GITHUB_OUTPUT": str(temporary / "output"), "GITHUB_STEP_SUMMARY": str(temporary / "summary")}
    known = {"ACTION_PATH": str(root), "RUNNER_TEMP": str(temporary), "PARTYWALL": str(partywall), **files, **inputs}
    done = subprocess.run(
        ["bash", str(root / "action" / "run.sh")],
        cwd=project, check=True, capture_output=True, text=True, env={**os.environ, **known},
    )  # fmt: skip
    outputs = dict(line.split("=", 1) for line in Path(files["GITHUB_OUTPUT"]).read_text(encoding="utf-8").splitlines())
    return done.stdout, outputs, Path(files["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")


def test_annotations_code_scanning_and_summary(root: Path, project: Path, partywall: Path) -> None:
    printed, outputs, summary = _act(root, project, partywall, ARGS="--select ENC101")
    assert printed.startswith("::error file=main.tf,line=2")
    assert (outputs["code"], outputs["findings"]) == ("1", "1")
    (run,) = json.loads(Path(outputs["sarif-file"]).read_text(encoding="utf-8"))["runs"]
    assert [it["ruleId"] for it in run["results"]] == ["ENC101"]
    assert "| high | ENC101" in summary


def test_a_pull_request_gets_only_what_is_new(root: Path, project: Path, partywall: Path) -> None:
    base = _git(project, "rev-parse", "HEAD")
    inputs = {"DIFF_BASE": "auto", "PULL_REQUEST_BASE": base, "ARGS": "--select ENC101"}
    assert _act(root, project, partywall, **inputs)[1]["code"] == "0"
    (partywall.parent.parent / "output").unlink()
    (project / "more.tf").write_text(VOLUME.format("b"), encoding="utf-8")
    printed, outputs, _ = _act(root, project, partywall, **inputs)
    assert (outputs["code"], outputs["findings"]) == ("1", "1")
    assert "more.tf" in printed
    assert "main.tf" not in printed


def test_inputs_are_words_and_never_commands(root: Path, project: Path, partywall: Path) -> None:
    _act(root, project, partywall, PATHS="main.tf $(touch hacked) ;touch hacked", FAIL_ON="none")
    assert not (project / "hacked").exists()


def test_the_action_reads_what_it_declares(root: Path) -> None:
    action = yaml.safe_load((root / "action.yml").read_text(encoding="utf-8"))
    step = action["runs"]["steps"][0]
    script = (root / "action" / "run.sh").read_text(encoding="utf-8")
    for name in step["env"]:
        assert re.search(rf"\b{name}\b", script), name
    used = set(re.findall(r"inputs\.([a-z-]+)", (root / "action.yml").read_text(encoding="utf-8")))
    assert used == set(action["inputs"])


def test_the_job_for_gitlab_makes_both_reports(root: Path, project: Path, partywall: Path) -> None:
    text = (root / "docs" / "hosts.md").read_text(encoding="utf-8")
    (job,) = re.findall(r"## GitLab CI\n\n```yaml\n(.*?)```", text, re.DOTALL)
    (line,) = [one for one in yaml.safe_load(job)["partywall"]["script"] if one.startswith("partywall check")]
    path = f"{partywall.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["bash", "-c", line], cwd=project, check=False, env={**os.environ, "PATH": path})
    assert done.returncode == 1
    assert json.loads((project / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    assert (project / "partywall.xml").read_text(encoding="utf-8").startswith("<?xml")
