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
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Took:
    """Seconds of one process and its children; those of one that was stopped are fewer than it would have taken."""

    clock: float
    processor: float
    stopped: bool


def run(command: Sequence[str], limit: float) -> Took:
    """What a command takes, at most so many seconds; one that cannot be run ends the benchmark."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - what the person who measures named
    alarm = threading.Timer(limit, process.terminate)
    alarm.start()
    _, status, usage = os.wait4(process.pid, 0)
    alarm.cancel()
    clock = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode in (126, 127):
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return Took(clock, usage.ru_utime + usage.ru_stime, process.returncode < 0)


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


def lines(rounds: int, limit: float, asked: Sequence[tuple[str, list[str]]]) -> Iterator[str]:
    """A line for each tool: medians, and how many times as long as ours it takes. Who was stopped gets one round."""
    took: dict[str, list[Took]] = {name: [] for name, _ in asked}
    for _ in range(rounds):
        for name, command in asked:
            if not any(it.stopped for it in took[name]):
                took[name].append(run(command, limit))
    first: tuple[float, float] | None = None
    for name, found in took.items():
        clock = statistics.median(it.clock for it in found)
        processor = statistics.median(it.processor for it in found)
        first = first or (clock, processor)
        yield (
            f"  {name:24} {clock:7.2f} s on the clock ({clock / first[0]:5.1f})"
            f"  {processor:7.2f} s of processors ({processor / first[1]:5.1f})"
            f"{'  and was stopped' if found[-1].stopped else ''}"
        )


def main(arguments: Sequence[str]) -> None:
    """Print a table for each input."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--checkov")
    parser.add_argument("--cfn-lint")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=float, default=300, help="seconds after which a process is stopped")
    parser.add_argument("inputs", nargs="+")
    given = parser.parse_args(arguments)
    for place in given.inputs:
        print(place, flush=True)
        asked = list(commands(place, given.checkov, given.cfn_lint))
        for line in lines(given.rounds, given.limit, asked):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
