"""Results of earlier runs, kept by all they rest on: contents, look-ups that failed, listings, settings, the day.

An entry is a file named by what was asked for, and holds what the disk was asked on the way with the answers. It
counts only while the disk still answers the same. Entries are plain data, written whole and then moved into place, so
runs side by side do not disturb each other, and a broken entry is no entry.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Any

from partywall import __version__, source
from partywall.immutable import immutable
from partywall.source import Asked

MAX_BYTES = 256 * 1024 * 1024
"""How much the cache may hold; beyond it the entries used longest ago go."""

FORM = 2

Data = list[Any]
"""Lists, texts, numbers and flags, at any depth."""


def default_directory() -> str:
    """Where the platform keeps what can be made again."""
    own = os.environ.get("PARTYWALL_CACHE_DIR")
    if own:
        return own
    if sys.platform == "win32":
        return os.path.join(os.environ.get("LOCALAPPDATA") or os.path.expanduser("~"), "partywall", "cache")
    if sys.platform == "darwin":
        return os.path.join(os.path.expanduser("~"), "Library", "Caches", "partywall")
    return os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "partywall")


@immutable()
class Cache:
    """Entries in a directory; nothing is kept where there is none ("")."""

    directory: str
    _answers: dict[tuple[str, str], str] = field(default_factory=dict, hash=False, compare=False, repr=False)

    def get(self, *question: object) -> Data | None:
        """What was kept for a question, if the disk still answers as it did then."""
        if not self.directory:
            return None
        path = self._path(question)
        try:
            with open(path, encoding="utf-8", errors="surrogatepass") as file:
                digest, _, text = file.read().partition("\n")
            if digest != _digest(text):
                return None
            facts, data = json.loads(text)
            if all(source.still(Asked(*fact), self._answers) for fact in facts) and isinstance(data, list):
                with contextlib.suppress(OSError):
                    os.utime(path)
                return data
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return None

    def put(self, data: Data, facts: Iterable[Asked], *question: object) -> None:
        """Keep an answer and what it rests on; a disk that is full or read-only is no reason to stop."""
        if not self.directory:
            return
        text = json.dumps(
            [[[it.question, it.path, it.answer] for it in facts], data], ensure_ascii=False, separators=(",", ":")
        )
        path = self._path(question)
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            new = f"{path}.{os.urandom(8).hex()}.new"
            with open(new, "x", encoding="utf-8", errors="surrogatepass") as file:
                file.write(f"{_digest(text)}\n{text}")
            os.replace(new, path)

    def through(self, make: Callable[[], Data], *question: object) -> Data:
        """The answer that was kept, or the one that is made now and kept."""
        found = self.get(*question)
        if found is not None or not self.directory:
            return make() if found is None else found
        with source.recorded() as facts:
            made = make()
        self.put(made, facts, *question)
        return made

    def _path(self, question: tuple[object, ...]) -> str:
        name = _digest(repr((__version__, FORM, *question)))
        return os.path.join(self.directory, name[:2], f"{name}.json")

    def trim(self, limit: int = MAX_BYTES) -> None:
        """Let the entries go that were used longest ago, until the rest fits."""
        entries = self._entries()
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= limit:
                break
            with contextlib.suppress(OSError):
                os.unlink(path)
                total -= size

    def clear(self) -> int:
        """Let all entries go; how many there were."""
        count = 0
        for _, _, path in self._entries():
            with contextlib.suppress(OSError):
                os.unlink(path)
                count += 1
        return count

    def _entries(self) -> list[tuple[float, int, str]]:
        found = []
        for directory, _, names in os.walk(self.directory) if self.directory else ():
            for name in names:
                if name.endswith((".json", ".new")):
                    path = os.path.join(directory, name)
                    with contextlib.suppress(OSError):
                        facts = os.stat(path)
                        found.append((facts.st_mtime, facts.st_size, path))
        return found


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


NOTHING = Cache("")
"""A cache that keeps nothing."""
