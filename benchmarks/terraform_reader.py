"""How fast Terraform is read and evaluated, against python-hcl2 in the same run, and whether time grows in step.

Run by hand: `python benchmarks/terraform_reader.py [DIRECTORY ...]`. Without directories a module of its own making
is measured. Times are processor times, the best of several runs, and ratios compare within one run, so that a busy
machine matters less.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import hcl2

from partywall.source import Source
from partywall.terraform import load
from partywall.terraform.reader import read_body

READ, EVALUATED = 30, 15
"""How many times faster than `hcl2.loads` we want to read, and to read and evaluate."""

_BLOCK = """
resource "aws_security_group" "web_{n}" {{
  name_prefix = "${{local.name}}-web-{n}"
  vpc_id      = var.vpc_id
  description = upper("group {n} of ${{var.environment}}")

  dynamic "ingress" {{
    for_each = {{ for rule in var.rules : "${{rule.port}}-{n}" => rule if rule.port != null }}
    content {{
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = try(ingress.value.protocol, "tcp")
      cidr_blocks = concat(var.cidrs, [cidrsubnet("10.0.0.0/8", 8, {n} % 256)])
    }}
  }}

  tags = merge(local.tags, {{ Name = "web-{n}", Odd = {n} % 2 == 1 ? "yes" : "no" }})
}}
"""

_HEAD = """
variable "vpc_id" {}
variable "environment" { default = "test" }
variable "cidrs" { default = ["10.0.0.0/8", "192.168.0.0/16"] }
variable "rules" {
  type    = list(object({ port = number, protocol = optional(string, "tcp") }))
  default = [{ port = 443 }, { port = 80 }]
}
locals {
  name = "${var.environment}-app"
  tags = { Environment = var.environment, Name = local.name }
}
"""


def best(run: Callable[[], object], times: int) -> float:
    """The least time that a run took, in seconds."""
    found = []
    for _ in range(times):
        start = time.process_time()
        run()
        found.append(time.process_time() - start)
    return min(found)


def module(blocks: int) -> str:
    """A module with some security groups, each with a dynamic block, functions and templates."""
    return _HEAD + "".join(_BLOCK.format(n=n) for n in range(blocks))


def compare(name: str, directory: Path) -> None:
    """One line about a module and those it calls: our reading and evaluation against `hcl2.loads` on the same files."""
    files = load(str(directory), variables={}, variable_files=[], workspace=None).files
    texts = [Path(path).read_text(encoding="utf-8") for path in files if path.endswith(".tf")]
    size = sum(map(len, texts)) / 1e6
    read = best(lambda: [read_body(Source("", text)) for text in texts], 5)
    evaluated = best(lambda: load(str(directory), variables={}, variable_files=[], workspace=None), 5)
    theirs = best(lambda: [hcl2.loads(text) for text in texts], 1)
    print(
        f"{name:24} {size * 1000:8.0f} kB  read {size / read:5.1f} MB/s, {theirs / read:5.1f} times hcl2 (goal {READ})"
        f"  with evaluation {theirs / evaluated:5.1f} times (goal {EVALUATED})"
    )


def linear() -> None:
    """Time for each block, reading and evaluating, at 1, 4 and 16 times as many blocks."""
    gc.disable()  # As `partywall check` does.
    for blocks in (100, 400, 1600):
        text = module(blocks)
        with tempfile.TemporaryDirectory() as directory:
            Path(directory, "main.tf").write_text(text, encoding="utf-8")
            read = best(lambda text=text: read_body(Source("", text)), 3)  # type: ignore[misc]
            evaluated = best(
                lambda directory=directory: load(directory, variables={}, variable_files=[], workspace=None),  # type: ignore[misc]
                2,
            )
        each = f"read {read / blocks * 1e6:6.0f} µs, evaluate {evaluated / blocks * 1e6:6.0f} µs"
        print(f"{blocks:5} blocks, each: {each}")


def main(directories: Sequence[str]) -> None:
    """Measure the directories named, or a module of our own; then whether time grows in step with the input."""
    for one in directories:
        compare(Path(one).name, Path(one))
    if not directories:
        with tempfile.TemporaryDirectory() as directory:
            Path(directory, "main.tf").write_text(module(100), encoding="utf-8")
            compare("own module", Path(directory))
    linear()


if __name__ == "__main__":
    main(sys.argv[1:])
