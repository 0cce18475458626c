"""Where text comes from and where in it a thing stands; the only reader of files."""

from __future__ import annotations

import hashlib
import os
import stat
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from functools import partial
from itertools import accumulate, count
from operator import add
from types import MappingProxyType
from typing import NamedTuple

from partywall.immutable import immutable


class Span(NamedTuple):
    """A stretch of one file. Lines and columns count from 1 in code points; the end column is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


span_of: Callable[[tuple[str, int, int, int, int]], Span] = partial(tuple.__new__, Span)
"""A span of its fields, for readers that make one for every word: a call less than the class itself."""

NOWHERE = Span("", 0, 0, 0, 0)
"""The span of what nobody wrote, such as a default of AWS."""


class UnreadableError(Exception):
    """A file cannot be read as text; the message is one sentence for the user."""


class NoFileError(UnreadableError):
    """What a name stands for is no file of the project: a pipe, a device, a link to nowhere or out of the project."""


@immutable()
class Source:
    """The text of one file, under the path by which it is reported."""

    path: str
    text: str
    _starts: list[int] = field(default_factory=list, compare=False, repr=False)
    _spans: dict[tuple[int, int], Span] = field(default_factory=dict, compare=False, repr=False)

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of a character offset."""
        starts = self.starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset(self, line: int) -> int:
        """The offset at which a 1-based line starts; the length of the text where there is no such line."""
        starts = self.starts()
        return starts[line - 1] if line <= len(starts) else len(self.text)

    def starts(self) -> list[int]:
        """The offsets at which lines begin; a reader may look, and changes nothing."""
        starts = self._starts
        if not starts:
            lengths = map(len, self.text.split("\n"))
            starts += [0, *map(add, accumulate(lengths), count(1))]
            starts.pop()
        return starts

    def span(self, start: int, end: int) -> Span:
        """The span of the characters from `start` up to, not including, `end`."""
        found = self._spans.get((start, end))
        if found is None:
            starts = self.starts()
            line = end_line = bisect_right(starts, start)
            first = last = starts[line - 1]
            if line < len(starts) and end >= starts[line]:
                end_line = bisect_right(starts, end)
                last = starts[end_line - 1]
            found = Span(self.path, line, start - first + 1, end_line, end - last + 1)
            self._spans[start, end] = found
        return found

    def lines(self, first: int, last: int) -> list[str]:
        """The lines `first` to `last`, both included, without their ends."""
        return self.text.splitlines()[first - 1 : last]


MAX_BYTES = 8 * 1024 * 1024
_CHUNK = 64 * 1024
MOST_BYTES = 128 * 1024 * 1024
"""No file is read beyond this, whatever it is read for."""

_unsaved: ContextVar[Mapping[str, bytes]] = ContextVar("unsaved", default=MappingProxyType({}))


@contextmanager
def unsaved(path: str, data: bytes) -> Iterator[None]:
    """For a while, a path holds other content than the disk: what an editor or a pipe has of it."""
    token = _unsaved.set({**_unsaved.get(), os.path.realpath(path): data})
    try:
        yield
    finally:
        _unsaved.reset(token)


def _held(path: str) -> bytes | None:
    held = _unsaved.get()
    return held.get(os.path.realpath(path)) if held else None


@immutable()
class _Fence:
    """Real directories, files that are read wherever they lie, and what is known about directories already."""

    roots: tuple[str, ...]
    named: frozenset[str]
    known: dict[str, bool] = field(default_factory=dict)

    def holds(self, path: str) -> bool:
        """Whether a path may be read. A file that is no link lies where its directory lies."""
        directory = os.path.dirname(path)
        if os.path.islink(path):
            real = os.path.realpath(path)
            _note("real", path, real)
            return path in self.named or any(_below(real, root) for root in self.roots)
        found = self.known.get(directory)
        if found is None:
            real = os.path.realpath(directory)
            found = self.known[directory] = any(_below(real, root) for root in self.roots)
        return found or path in self.named


_fence: ContextVar[_Fence | None] = ContextVar("fence", default=None)


@contextmanager
def fenced(*roots: str, named: Iterable[str] = ()) -> Iterator[None]:
    """For a while, read nothing but what lies below some directories, links resolved, and files that a person named."""
    made = _Fence(tuple(map(os.path.realpath, roots)), frozenset(map(os.path.abspath, named)))
    token = _fence.set(made)
    try:
        yield
    finally:
        _fence.reset(token)


def _stay_inside(path: str) -> None:
    fence = _fence.get()
    if fence is not None and _held(path) is None and not fence.holds(os.path.abspath(path)):
        raise NoFileError("lies outside the project and is not read")


def _below(real: str, root: str) -> bool:
    return real == root or real.startswith(root.rstrip(os.sep) + os.sep)


@immutable()
class Asked:
    """Something the disk was asked, and a digest of its answer: what a result rests on."""

    question: str
    path: str
    answer: str


_asked: ContextVar[dict[Asked, None] | None] = ContextVar("asked", default=None)


@contextmanager
def recorded() -> Iterator[dict[Asked, None]]:
    """For a while, keep what the disk is asked, each question once and in order."""
    found: dict[Asked, None] = {}
    token = _asked.set(found)
    try:
        yield found
    finally:
        _asked.reset(token)


def _note(question: str, path: str, answer: object) -> None:
    found = _asked.get()
    if found is not None:
        found[Asked(question, os.path.abspath(path), str(answer))] = None


def still(asked: Asked, answers: dict[tuple[str, str], str]) -> bool:
    """Whether the disk would answer as before; `answers` keeps what it said, for as long as a run lasts."""
    key = asked.question, asked.path
    if key not in answers:
        answers[key] = str(_ANSWERS[asked.question](asked.path))
    return answers[key] == asked.answer


def rest_on(path: str, digests: dict[str, str]) -> None:
    """Say that what is made rests on a file's content, which was read before anybody recorded it.

    `digests` keeps those of files that much rests on.
    """
    if path not in digests:
        digests[path] = _content(path)
    _note("content", path, digests[path])


def _content(path: str) -> str:
    try:
        return _digest(_data(path))
    except UnreadableError as error:
        return f"error {error}"


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _data(path: str, most: int = MOST_BYTES + 1) -> bytes:
    """The first bytes of a file, or of what is held in its place; raises UnreadableError."""
    held = _held(path)
    if held is not None:
        return held
    try:
        with open(path, "rb", opener=_ordinary) as file:
            # Room for all that may come is dear to take and to give back; most files need little of it.
            first = file.read(min(most, _CHUNK))
            return first if len(first) < _CHUNK else first + file.read(most - _CHUNK)
    except FileNotFoundError as error:
        kind = NoFileError if os.path.islink(path) else UnreadableError
        raise kind("cannot be read: no such file") from error
    except OSError as error:
        raise UnreadableError(f"cannot be read: {(error.strerror or 'input error').lower()}") from error
    except ValueError as error:
        raise UnreadableError("cannot be read: no file has such a name") from error


def _ordinary(path: str, flags: int) -> int:
    """Open an ordinary file. To open a pipe would wait for its other end, and a device may never end."""
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise UnreadableError("cannot be read: is a directory")
    raise NoFileError("is a pipe, a device or a socket, and is not read")


def read_bytes(path: str, *, limit: int = MAX_BYTES) -> bytes:
    """The content of a file; raises UnreadableError for what is missing, too large or no ordinary file."""
    _stay_inside(path)
    recording = _asked.get() is not None
    try:
        data = _data(path) if recording else _data(path, limit + 1)
    except UnreadableError as error:
        _note("content", path, f"error {error}")
        raise
    if recording:
        _note("content", path, _digest(data))
    if len(data) > limit:
        raise UnreadableError(f"is larger than {limit // (1024 * 1024)} MiB")
    return data


def read(path: str, *, limit: int = MAX_BYTES) -> Source:
    """Read a UTF-8 file, with or without byte order mark; line ends become line feeds.

    Raises UnreadableError for a missing, too large or undecodable file.
    """
    data = read_bytes(path, limit=limit)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"is not UTF-8 text (byte {error.start})") from error
    return Source(display(path), text.replace("\r\n", "\n").replace("\r", "\n"))


def head(path: str, size: int) -> str:
    """The text with which a file begins, at most so many bytes; raises UnreadableError when it cannot be opened."""
    _stay_inside(path)
    if _asked.get() is not None:
        _note("content", path, _content(path))
    return _data(path, size)[:size].decode("utf-8-sig", errors="ignore")


def display(path: str) -> str:
    """The path as reports show it: relative to the working directory where that is possible, with slashes."""
    relative = os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)
    return relative.replace(os.sep, "/")


def inside(path: str, root: str) -> bool:
    """Whether a path, links resolved, lies in a directory; what no path can be lies nowhere."""
    try:
        real, base = os.path.realpath(path), os.path.realpath(root)
    except ValueError:
        return False
    _note("real", path, real)
    return _below(real, base)


def is_file(path: str) -> bool:
    """Whether a path names an ordinary file."""
    answer = os.path.isfile(path) or _held(path) is not None
    _note("file", path, answer)
    return answer


def is_directory(path: str) -> bool:
    """Whether a path names a directory."""
    answer = os.path.isdir(path)
    _note("directory", path, answer)
    return answer


def listing(directory: str) -> list[str]:
    """The names in a directory, sorted; empty when it cannot be listed."""
    try:
        names = set(os.listdir(directory))
    except (OSError, ValueError):
        names = set()
    held = _unsaved.get()
    if held:
        here = os.path.realpath(directory)
        names |= {os.path.basename(path) for path in held if os.path.dirname(path) == here}
    found = sorted(names)
    _note("listing", directory, _digest("\0".join(found).encode("utf-8", "surrogateescape")))
    return found


def exists(path: str) -> bool:
    """Whether anything is at a path."""
    answer = os.path.lexists(path)
    _note("exists", path, answer)
    return answer


def tree(top: str, skipped: frozenset[str], denied: list[OSError] | None = None) -> Iterator[tuple[str, list[str]]]:
    """Every directory at or below one with the names of its files, sorted; links to directories are not followed.

    `denied` takes the errors of directories that cannot be listed.
    """

    def note(error: OSError) -> None:
        _note("listing", str(error.filename), _digest(b""))
        if denied is not None:
            denied.append(error)

    for directory, inner, names in os.walk(top, onerror=note):
        _note("listing", directory, _digest("\0".join(sorted((*inner, *names))).encode("utf-8", "surrogateescape")))
        inner[:] = sorted(name for name in inner if name not in skipped)
        yield directory, sorted(names)


_ANSWERS: Mapping[str, Callable[[str], object]] = {
    "content": _content,
    "file": is_file,
    "directory": is_directory,
    "exists": exists,
    "listing": lambda it: _digest("\0".join(listing(it)).encode("utf-8", "surrogateescape")),
    "real": os.path.realpath,
}
"""How the disk is asked again."""
