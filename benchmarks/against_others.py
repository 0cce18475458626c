"""Whole processes against Checkov and cfn-lint on the same input, one after the other in one run.

    python benchmarks/against_others.py --checkov PATH --cfn-lint PATH [--rounds N] INPUT...

Install the others where this project is not, each in an environment of its own. A directory is linted as Terraform by
partywall and Checkov, a file as a template by all three. Partywall keeps no results, once with one process and once
with as many as there are cores. The median of the rounds counts; ratios compare within one run, and processor time
suffers less from a busy machine than time on the clock.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Took:
    """Seconds of one process and its children."""

    clock: float
    processor: float


def run(command: Sequence[str]) -> Took:
    """What a command takes; whether it finds something does not matter, but a usage error ends the benchmark."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - what the person who measures named
    _, status, usage = os.wait4(process.pid, 0)
    clock = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode < 0 or process.returncode in (126, 127):
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return Took(clock, usage.ru_utime + usage.ru_stime)


def commands(place: str, checkov: str | None, cfn_lint: str | None) -> Iterator[tuple[str, list[str]]]:
    """The commands for one input, ours first."""
    own = [sys.executable, "-m", "partywall", "check", place, "--no-config", "--no-cache", "--no-progress"]
    yield "partywall, one process", [*own, "--jobs", "1"]
    if os.path.isdir(place):
        yield "partywall", own
    if checkov:
        what = ["-d", place, "--framework", "terraform"] if os.path.isdir(place) else ["-f", place]
        yield "checkov", [checkov, *what, "--compact", "--quiet", "--skip-download"]
    if cfn_lint and not os.path.isdir(place):
        yield "cfn-lint", [cfn_lint, place]


def lines(place: str, rounds: int, checkov: str | None, cfn_lint: str | None) -> Iterator[str]:
    """A line for each tool: medians, and how many times as long as ours it takes."""
    asked = list(commands(place, checkov, cfn_lint))
    took: dict[str, list[Took]] = {name: [] for name, _ in asked}
    for _ in range(rounds):
        for name, command in asked:
            took[name].append(run(command))
    first: tuple[float, float] | None = None
    for name, found in took.items():
        clock = statistics.median(it.clock for it in found)
        processor = statistics.median(it.processor for it in found)
        first = first or (clock, processor)
        yield (
            f"  {name:24} {clock:7.2f} s on the clock ({clock / first[0]:5.1f})"
            f"  {processor:7.2f} s of processors ({processor / first[1]:5.1f})"
        )


def main(arguments: Sequence[str]) -> None:
    """Print a table for each input."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--checkov")
    parser.add_argument("--cfn-lint")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("inputs", nargs="+")
    given = parser.parse_args(arguments)
    for place in given.inputs:
        print(place, flush=True)
        for line in lines(place, given.rounds, given.checkov, given.cfn_lint):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
