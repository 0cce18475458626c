"""Marks that accept gaps, many of them, wherever they may stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.hostile.inputs.making import VOLUME, hostile, resource, template, terraform

ENTRY = {"rule": "ENC101", "reason": "why"}
IN_A_FILE = 2_000
"""More marks do not count in one file."""


def _volume(*marks: dict[str, str]) -> dict[str, Any]:
    return {**resource("AWS::EC2::Volume"), "Metadata": {"partywall": {"ignore": list(marks)}}}


@hostile
def marks_beside_resources(at: Path, n: int = 20_000) -> None:
    """Resources with a mark above each."""
    for first in range(0, n, IN_A_FILE):
        those = range(first, min(first + IN_A_FILE, n))
        terraform(at, "".join("# partywall: ignore[ENC101] why\n" + VOLUME.format(at=k) for k in those), f"{first}.tf")


@hostile
def marks_of_another_tool(at: Path, n: int = 20_000) -> None:
    """Resources with a mark of another tool in each."""
    volume = VOLUME.replace("{{\n", "{{\n  # checkov:skip=CKV_AWS_3: why\n")
    for first in range(0, n, IN_A_FILE):
        those = range(first, min(first + IN_A_FILE, n))
        terraform(at, "".join(volume.format(at=k) for k in those), f"{first}.tf")


@hostile
def marks_in_metadata(at: Path, n: int = 20_000) -> None:
    """Resources with a mark beside the properties of each, all in one line."""
    template(at, {f"V{k}": _volume(ENTRY) for k in range(n)})


@hostile
def marks_in_one_metadata(at: Path, n: int = 20_000) -> None:
    """One resource with marks for all."""
    others = {f"V{k}": resource("AWS::EC2::Volume") for k in range(1, n)}
    template(at, {"V0": _volume(*({**ENTRY, "reason": f"why {k}"} for k in range(n))), **others})


@hostile
def marks_of_a_loop(at: Path, n: int = 1_000) -> None:
    """A loop over one resource with a mark."""
    loop = {"Fn::ForEach::L": ["I", [f"x{k}" for k in range(n)], {"V${I}": _volume(ENTRY)}]}
    template(at, loop, Transform="AWS::LanguageExtensions")


@hostile
def ignores_in_the_configuration(at: Path, n: int = 2_000) -> None:
    """Ignores with patterns, and as many resources."""
    one = '[[ignore]]\nrule = "ENC101"\nreason = "why"\npaths = ["*a*b*c*{at}"]\nresources = ["*a*b*{at}"]\n'
    (at / "partywall.toml").write_text("".join(one.format(at=k) for k in range(n)), encoding="utf-8")
    terraform(at, "".join(VOLUME.format(at="a" * 60 + str(k)) for k in range(n)))
