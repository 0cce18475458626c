"""How many seconds and megabytes a whole `partywall check` of each hostile input of the tests takes.

    python benchmarks/hostile.py [--limit SECONDS] [--keep DIRECTORY] [NAME ...]

The run has a process of its own without kept results; one that is stopped at the limit is marked. Seconds are those of
processors.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.hostile.inputs import INPUTS


def written(name: str, place: Path) -> None:
    """Write an input, in a process of its own: what a process takes at most, its children seem to take."""
    place.mkdir(parents=True, exist_ok=True)
    (place / ".git").mkdir()
    writer = multiprocessing.get_context("spawn").Process(target=INPUTS[name], args=(place,))
    writer.start()
    writer.join()


def measured(place: Path, limit: float, more: Sequence[str] = ()) -> tuple[float, int, str]:
    """Processor seconds, megabytes at most, and how a run ended."""
    command = [sys.executable, "-m", "partywall", "check", ".", "--no-cache", "--no-progress", "--jobs", "1", *more]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL, stderr=said)  # noqa: S603 - ourselves
        alarm = threading.Timer(limit, process.kill)
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        words = said.read().decode("utf-8", "replace").strip().splitlines()
    end = "stopped" if process.returncode < 0 else f"exit {process.returncode}"
    internal = [line for line in words if "internal" in line or "Traceback" in line]
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, "; ".join((end, *internal[:2], *words[:1]))


def main(arguments: Sequence[str]) -> None:
    """A line for each input."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--limit", type=float, default=300, help="seconds on the clock after which a run is stopped")
    parser.add_argument("--keep", type=Path, help="where the inputs are left")
    parser.add_argument("names", nargs="*", metavar="NAME")
    given = parser.parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in given.names or INPUTS:
        with tempfile.TemporaryDirectory(prefix="hostile-") as made:
            place = given.keep / name if given.keep else Path(made)
            if not (place.is_dir() and any(place.iterdir())):
                written(name, place)
            seconds, megabytes, end = measured(place, given.limit)
        print(f"{name:36} {seconds:7.1f} s {megabytes:6} MB  {end[:150]}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
