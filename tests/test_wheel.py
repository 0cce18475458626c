"""What ships: the wheel alone, installed into an empty environment, lints."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_package_is_listed() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    places = {"partywall": ROOT / "src" / "partywall", "partywall.rules": ROOT / "rules"}
    found = {
        ".".join((name, *init.parent.relative_to(top).parts))
        for name, top in places.items()
        for init in top.rglob("__init__.py")
    }
    assert set(listed) == found


def test_the_wheel_lints_outside_the_checkout(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)],
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    scripts = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    (tmp_path / "main.tf").write_text('resource "aws_ebs_volume" "a" {\n  encrypted = false\n}\n', encoding="utf-8")
    done = subprocess.run(
        [scripts / "partywall", "check", "--format", "json", "main.tf"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert [(it["rule"], it["resource"], it["line"]) for it in report["findings"] if it["rule"] == "ENC101"] == [
        ("ENC101", "aws_ebs_volume.a", 2)
    ]
    page = [str(scripts / "partywall"), "graph", "--format", "html", "main.tf"]
    made = subprocess.run(page, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "@dagrejs/dagre" in made
