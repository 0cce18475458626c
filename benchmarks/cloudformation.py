"""How long reading and evaluating templates takes, beside cfn-lint's decoder, which only reads.

    python benchmarks/cloudformation.py DIRECTORY...

Both get the same files, one after the other, and the best of three rounds counts. partywall pauses Python's garbage
collector while it reads and cfn-lint does not, so that its decoder is measured both ways; the ratio is to the time
that it takes as it is.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cfnlint.decode

from partywall import cloudformation, source
from partywall.cloudformation import detect


def templates(directories: list[str]) -> list[str]:
    """The templates below some directories that both can read."""
    found = []
    for directory in directories:
        for path in sorted(Path(directory).rglob("*")):
            if path.suffix in detect.SUFFIXES and path.is_file() and cloudformation.is_template(str(path)):
                _, wrong = cfnlint.decode.decode(str(path))
                if not wrong:
                    found.append(str(path))
    return found


def seconds(work: Callable[[str], object], paths: list[str]) -> float:
    """Processor time for all files, the best of three rounds."""
    rounds = []
    for _ in range(3):
        start = time.process_time()
        for path in paths:
            work(path)
        rounds.append(time.process_time() - start)
    return min(rounds)


def main(directories: list[str]) -> None:
    """Print a line for each way."""
    paths = templates(directories)
    size = sum(Path(path).stat().st_size for path in paths) / 1_000_000
    print(f"{len(paths)} templates, {size:.1f} MB")
    load = partial(cloudformation.load, parameters={}, project=".")
    ways: list[tuple[str, bool, Callable[[str], object]]] = [
        ("cfn-lint decodes", True, cfnlint.decode.decode),
        ("cfn-lint decodes, not collecting", False, cfnlint.decode.decode),
        ("partywall reads", False, lambda path: detect.parse(source.read(path))),
        ("partywall reads and evaluates", True, load),
    ]
    first = 0.0
    for name, collecting, work in ways:
        (gc.enable if collecting else gc.disable)()
        gc.collect()
        took = seconds(work, paths)
        first = first or took
        print(f"{name:33} {took:7.3f} s {size / took:6.1f} MB/s {first / took:6.2f} x")


if __name__ == "__main__":
    main(sys.argv[1:])
