"""Coverage-guided input for the Terraform front end: both syntaxes, values of variables, and the evaluator.

With atheris, which is no dependency: python benchmarks/fuzz_terraform.py [CORPUS] [-max_total_time=SECONDS ...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["partywall.terraform", "partywall.text"]):
    from partywall import source, terraform

NAMES = ("main.tf", "main.tf.json", "terraform.tfvars")
REST = 'variable "a" {}\nlocals {\n  b = var.a\n}\nresource "aws_ebs_volume" "v" {\n  size = local.b\n}\n'
directory = Path(tempfile.mkdtemp(prefix="fuzz-"))


def one(data: bytes) -> None:
    """The first byte says which file; nothing may be raised."""
    if not data:
        return
    name = NAMES[data[0] % len(NAMES)]
    (directory / "rest.tf").write_text(REST, encoding="utf-8")
    with source.unsaved(str(directory / name), data[1:]):
        made = terraform.load(str(directory), variables={}, variable_files=(), workspace=None)
    assert all(it.kind != "internal" for it in made.problems)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
