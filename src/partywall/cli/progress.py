"""A progress bar on standard error, for people who wait at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partywall.check import Progress

MANY = 20
"""With fewer deployments a run is over before a bar could be read."""


@contextmanager
def bar(*, wanted: bool) -> Iterator[Progress | None]:
    """What `check` tells how far it is; None where nobody looks. The bar is gone when the run ends, however it ends."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    shown = None

    def show(number: int, total: int, path: str) -> None:
        nonlocal shown
        if total < MANY:
            return
        if shown is None:
            # Only a long run on a terminal pays for the library.
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            columns = (BarColumn(24), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
            shown = Progress(*columns, console=Console(stderr=True), transient=True)
            shown.add_task("", total=total)
            shown.start()
        shown.update(shown.task_ids[0], completed=number, description=path)

    try:
        yield show
    finally:
        if shown is not None:
            shown.stop()
