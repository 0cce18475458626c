"""Where text comes from and where in it a thing stands; the only reader of files."""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple


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


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file, under the path by which it is reported."""

    path: str
    text: str
    _starts: list[int] = field(default_factory=list, compare=False, repr=False)
    _spans: dict[tuple[int, int], Span] = field(default_factory=dict, compare=False, repr=False)

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of a character offset."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset(self, line: int) -> int:
        """The offset at which a 1-based line starts; the length of the text where there is no such line."""
        starts = self._line_starts()
        return starts[line - 1] if line <= len(starts) else len(self.text)

    def _line_starts(self) -> list[int]:
        starts = self._starts
        if not starts:
            starts.append(0)
            at = self.text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.text.find("\n", at + 1)
        return starts

    def span(self, start: int, end: int) -> Span:
        """The span of the characters from `start` up to, not including, `end`."""
        found = self._spans.get((start, end))
        if found is None:
            starts = self._line_starts()
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


@dataclass(frozen=True, slots=True)
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


def still(asked: Asked, contents: dict[str, str]) -> bool:
    """Whether the disk would answer as before; `contents` keeps digests of files for as long as a run lasts."""
    path = asked.path
    if asked.question == "content":
        if path not in contents:
            contents[path] = _content(path)
        return contents[path] == asked.answer
    answers: Mapping[str, Callable[[str], object]] = {
        "file": is_file,
        "directory": is_directory,
        "exists": exists,
        "listing": lambda it: _digest("\0".join(listing(it)).encode()),
        "real": os.path.realpath,
    }
    return str(answers[asked.question](path)) == asked.answer


def rest_on(path: str) -> None:
    """Say that what is made rests on a file's content, which was read before anybody recorded it."""
    _note("content", path, _content(path))


def _content(path: str) -> str:
    try:
        return _digest(_data(path))
    except OSError as error:
        return f"error {error.errno}"


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _data(path: str) -> bytes:
    data = _held(path)
    return Path(path).read_bytes() if data is None else data


def read_bytes(path: str, *, limit: int | None = MAX_BYTES) -> bytes:
    """The content of a file; raises UnreadableError for a missing or too large one."""
    try:
        data = _data(path)
    except OSError as error:
        _note("content", path, f"error {error.errno}")
        raise UnreadableError(f"cannot be read: {(error.strerror or 'input error').lower()}") from error
    if _asked.get() is not None:
        _note("content", path, _digest(data))
    if limit is not None and len(data) > limit:
        raise UnreadableError(f"is larger than {limit // (1024 * 1024)} MiB")
    return data


def read(path: str, *, limit: int | None = MAX_BYTES) -> Source:
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
    """The text with which a file begins, at most so many bytes; empty when it cannot be read."""
    if _asked.get() is not None:
        _note("content", path, _content(path))
    try:
        with Path(path).open("rb") as file:
            return file.read(size).decode("utf-8-sig", errors="ignore")
    except OSError:
        return ""


def display(path: str) -> str:
    """The path as reports show it: relative to the working directory where that is possible, with slashes."""
    relative = os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)
    return relative.replace(os.sep, "/")


def inside(path: str, root: str) -> bool:
    """Whether a path, links resolved, lies in a directory."""
    real, base = os.path.realpath(path), os.path.realpath(root)
    _note("real", path, real)
    return real == base or real.startswith(base.rstrip(os.sep) + os.sep)


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
    except OSError:
        names = set()
    held = _unsaved.get()
    if held:
        here = os.path.realpath(directory)
        names |= {os.path.basename(path) for path in held if os.path.dirname(path) == here}
    found = sorted(names)
    _note("listing", directory, _digest("\0".join(found).encode()))
    return found


def exists(path: str) -> bool:
    """Whether anything is at a path."""
    answer = os.path.lexists(path)
    _note("exists", path, answer)
    return answer


def tree(top: str, skipped: frozenset[str]) -> Iterator[tuple[str, list[str]]]:
    """Every directory at or below one with the names of its files, sorted; links to directories are not followed."""
    for directory, inner, names in os.walk(top):
        _note("listing", directory, _digest("\0".join(sorted((*inner, *names))).encode()))
        inner[:] = sorted(name for name in inner if name not in skipped)
        yield directory, sorted(names)
