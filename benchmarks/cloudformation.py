"""How long reading and evaluating templates takes, beside cfn-lint's decoder, which only reads.

    python benchmarks/cloudformation.py DIRECTORY...

Both get the same files, one after the other, and the better of three rounds counts.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
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
    gc.disable()
    ways: dict[str, Callable[[str], object]] = {
        "cfn-lint decodes": cfnlint.decode.decode,
        "partywall reads": lambda path: detect.parse(source.read(path)),
        "partywall reads and evaluates": lambda path: cloudformation.load(path, parameters={}, project="."),
    }
    first = 0.0
    for name, work in ways.items():
        took = seconds(work, paths)
        first = first or took
        print(f"{name:30} {took:7.3f} s {size / took:6.1f} MB/s {first / took:5.1f} times as fast")


if __name__ == "__main__":
    main(sys.argv[1:])
