"""Which directories hold root modules, and which of them use a directory; nothing is evaluated for that."""

from __future__ import annotations

import os
from collections.abc import Sequence

from partywall import source
from partywall.terraform.files import directories, local_sources, module_files, read_module


def roots(directory: str) -> list[str]:
    """The root modules at or below a directory, sorted.

    A directory that another one calls by a relative path is its module and no root, unless it has a
    backend or values of its own.
    """
    found = directories(directory)
    called: set[str] = set()
    backends: set[str] = set()
    for one in found:
        configuration = read_module(one)
        if configuration.has_backend:
            backends.add(one)
        called.update(path for path in local_sources(configuration).values() if path != os.path.normpath(one))
    normal = {os.path.normpath(one): one for one in found}
    return [
        one
        for path, one in sorted(normal.items())
        if path not in called or one in backends or any(name.endswith(".tfvars") for name in source.listing(one))
    ]


def callers(directory: str, among: Sequence[str], project: str) -> list[str]:
    """The root modules among some that use a directory: as themselves, or through the local modules they call."""
    wanted = os.path.realpath(directory)
    return [root for root in among if wanted in _reached(root, project)]


def _reached(root: str, project: str) -> set[str]:
    """The real paths of a root module and of the local modules below it."""
    found: set[str] = set()
    pending = [root]
    while pending:
        one = pending.pop()
        real = os.path.realpath(one)
        if real not in found and source.is_directory(one) and source.inside(one, project):
            found.add(real)
            pending.extend(local_sources(read_module(one)).values())
    return found


def is_beside_configuration(path: str) -> bool:
    """Whether the directory of a file holds configuration."""
    return bool(module_files(os.path.dirname(path) or "."))
