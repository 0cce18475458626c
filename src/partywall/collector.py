"""Python's garbage collector, which has little to do here."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Work that makes many immutable objects and little garbage: collecting would cost a quarter of its time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def spared() -> None:
    """Let the collector pass over everything when the process ends: all goes anyway, and looking costs 20 ms."""
    atexit.register(gc.freeze)


MOST_LEFT = 3_000_000
"""So many objects, 300 MB of them, may wait to be collected."""


def bound() -> None:
    """Collect what finished work left behind, once it is much.

    Objects are counted while the collector is paused, too.
    """
    if gc.get_count()[0] > MOST_LEFT:
        gc.collect()
