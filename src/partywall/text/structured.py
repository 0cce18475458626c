"""Text that knows more than its characters: the structure it was made from, or where its lines are written."""

from __future__ import annotations

from base64 import b64encode
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, SupportsIndex

from partywall.source import Source, Span
from partywall.value import Setting


class JsonText(str):
    """JSON text that still knows the structure it was made from."""

    structure: Setting

    @classmethod
    def of(cls, text: str, structure: Setting) -> JsonText:
        """Text with its structure."""
        made = cls(text)
        made.structure = structure
        return made


class Base64Text(str):
    """Base64 that still knows the text it stands for, which is read for commands and secrets."""

    decoded: str

    @classmethod
    def of(cls, text: str) -> Base64Text:
        """The encoding of a text."""
        made = cls(b64encode(text.encode(errors="replace")).decode())
        made.decoded = text
        return made


class JsonObject(dict[str, Setting]):
    """A JSON object whose text is not wholly known: its structure stands for the text."""

    __slots__ = ()


class JsonArray(tuple[Setting, ...]):
    """A JSON array whose text is not wholly known: its structure stands for the text."""

    __slots__ = ()


class Run(NamedTuple):
    """Characters of a text from `begin` up to `end` that stand side by side in a source, from an offset on."""

    begin: int
    end: int
    source: Source
    offset: int

    def within(self, begin: int, end: int) -> Run:
        """What a slice leaves of it, counted from the slice's begin."""
        first = max(self.begin, begin)
        return Run(first - begin, min(self.end, end) - begin, self.source, self.offset + first - self.begin)


class PlacedText(str):
    """Text of several lines that still knows where it is written.

    Sums and slices keep the places; every other change of the text loses them, and with them nothing but exactness.
    They are worked out when somebody asks, which is seldom.
    """

    _found: Callable[[], Iterable[Run]]

    @classmethod
    def of(cls, text: str, found: Callable[[], Iterable[Run]]) -> PlacedText:
        """Text with what finds its places."""
        made = cls(text)
        made._found = found
        return made

    @classmethod
    def read(cls, text: str, source: Source, start: int, end: int) -> PlacedText:
        """A text and the stretch of a source that spells it line by line, whatever the indentation taken off."""
        return cls.of(text, lambda: _spelled(text, source, start, end))

    @classmethod
    def joined(cls, pieces: Sequence[str]) -> str:
        """Some texts one after the other, with the places that are known of any of them."""
        if len(pieces) == 1:
            return pieces[0]
        text = "".join(pieces)
        if cls not in map(type, pieces):
            return text
        starts = accumulate(map(len, pieces), initial=0)
        places = tuple(zip(pieces, starts, strict=False))
        return cls.of(text, lambda: (run for piece, at in places for run in _shifted(piece, at)))

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The stretches whose places are known, in order."""
        return tuple(self._found())

    def __add__(self, other: str) -> str:
        return PlacedText.joined((self, other))

    def __radd__(self, other: str) -> str:
        return PlacedText.joined((other, self))

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        made = str.__getitem__(self, key)
        if not isinstance(key, slice) or key.step not in (None, 1):
            return made
        begin, end, _ = key.indices(len(self))
        return PlacedText.of(
            made, lambda: (run.within(begin, end) for run in self.runs if run.begin < end and run.end > begin)
        )

    def place(self, index: int) -> tuple[Source, int] | None:
        """The source and the offset where a character is written, if that is known."""
        at = bisect_right(self.runs, index, key=lambda run: run.begin) - 1
        if at < 0 or index > self.runs[at].end:
            return None
        run = self.runs[at]
        return run.source, run.offset + index - run.begin

    def span(self, begin: int, end: int) -> Span | None:
        """The span of the characters from `begin` up to `end`, if both ends are known to be in one source."""
        first, last = self.place(begin), self.place(end - 1)
        if first is None or last is None or first[0] is not last[0]:
            return None
        return first[0].span(first[1], last[1] + 1)


def _spelled(text: str, source: Source, start: int, end: int) -> Iterator[Run]:
    at = 0
    for line, written in zip(text.split("\n"), source.text[start:end].split("\n"), strict=False):
        if written.endswith(line):
            yield Run(at, at + len(line) + 1, source, start + len(written) - len(line))
        at += len(line) + 1
        start += len(written) + 1


def _shifted(text: str, by: int) -> Iterable[Run]:
    """The places of a text that stands so many characters further on."""
    if not isinstance(text, PlacedText):
        return ()
    return (run._replace(begin=run.begin + by, end=run.end + by) for run in text.runs)
