"""The project as it was at another revision, laid out in a directory of its own for a while."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE_MODES = (b"100644", b"100755", b"100664")
"""Links and other repositories inside this one are left out: nothing outside the project is read."""


class RevisionError(Exception):
    """A revision that cannot be had; the message is one sentence."""


@contextmanager
def checked_out(revision: str, project: str) -> Iterator[str]:
    """The files of a project at a git revision, in a temporary directory that is gone afterwards.

    Files come straight from git's objects: the work tree stays as it is, and no hook, filter or attribute has a say.
    Raises RevisionError where there is no such revision or no git.
    """
    top = os.path.realpath(_git(project, "rev-parse", "--show-toplevel").decode().strip())
    with tempfile.TemporaryDirectory(prefix="partywall-") as directory:
        _lay_out(project, revision, Path(directory))
        within = Path(directory) / os.path.relpath(os.path.realpath(project), top)
        # What looks upwards for the end of the project finds it here.
        (within / ".git").mkdir(parents=True, exist_ok=True)
        yield str(within)


def _lay_out(project: str, revision: str, directory: Path) -> None:
    listed = _git(project, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", revision)
    blobs = []
    for entry in listed.split(b"\0"):
        facts, tab, name = entry.partition(b"\t")
        if tab and facts.split()[0] in FILE_MODES:
            blobs.append((facts.split()[2], name))
    data = _git(project, "cat-file", "--batch", given=b"".join(name + b"\n" for name, _ in blobs))
    at = 0
    for _, name in blobs:
        end = data.index(b"\n", at)
        head = data[at:end].split()
        if head[1:] == [b"missing"]:
            raise RevisionError("the repository is a partial clone without its files")
        size = int(head[2])
        target = directory / os.fsdecode(name)
        at = end + 1 + size + 1
        if not _is_below(name):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data[end + 1 : end + 1 + size])


def _is_below(name: bytes) -> bool:
    """Whether a path stays in its directory: git makes no other, but reads those that a made-up tree has."""
    return not name.startswith(b"/") and b".." not in name.split(b"/")


def _git(project: str, *arguments: str, given: bytes = b"") -> bytes:
    """What git answers. It fetches nothing: objects that a partial clone lacks are missing."""
    try:
        done = subprocess.run(  # noqa: S603 - git itself, with arguments of ours and a revision that cannot be an option
            ["git", "-C", project, "-c", "protocol.allow=never", *arguments],  # noqa: S607 - the git that the user has
            env={**os.environ, "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"},
            input=given,
            check=False,
            capture_output=True,
        )
    except OSError as error:
        raise RevisionError("git cannot be run") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git gave no reason"]
        raise RevisionError(said[0].removeprefix("fatal: "))
    return done.stdout
