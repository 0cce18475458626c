"""How hard a command may work: in how many processes, with results of earlier runs or without."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from partywall.cache import Cache, default_directory
from partywall.run import Means

C = TypeVar("C", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--jobs", type=click.IntRange(1), metavar="N", help="Work in so many processes [default: the cores]."),
    click.option("--no-cache", is_flag=True, help="Use and keep no results of earlier runs."),
    click.option("--cache-dir", type=click.Path(file_okay=False), help="Where results of earlier runs are kept."),
)


def means(command: C) -> C:
    """Give a command these options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def means_of(options: Mapping[str, Any]) -> Means:
    """The means that were typed; input from a pipe is not kept."""
    kept = not (options["no_cache"] or options.get("stdin_filename"))
    return Means(Cache(options["cache_dir"] or default_directory() if kept else ""), options["jobs"] or cores())


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
