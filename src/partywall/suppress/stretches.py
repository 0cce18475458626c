"""Stretches of a text, asked for those that hold a place."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")
At = TypeVar("At", int, tuple[int, int])
"""A line, or a line and a column in it."""


class Stretches(Generic[At, T]):
    """Things that reach from a place up to, not including, another.

    What holds between two neighbouring ends is worked out once: asking costs no more than the answer is long.
    """

    def __init__(self, reaching: Iterable[tuple[At, At, T]]) -> None:
        begins: dict[At, dict[int, T]] = defaultdict(dict)
        ends: dict[At, list[int]] = defaultdict(list)
        for number, (first, end, thing) in enumerate(reaching):
            if first < end:
                begins[first][number] = thing
                ends[end].append(number)
        self._starts = sorted({*begins, *ends})
        self._held: list[tuple[T, ...]] = []
        holding: dict[int, T] = {}
        for at in self._starts:
            for number in ends.get(at, ()):
                del holding[number]
            holding.update(begins.get(at, {}))
            self._held.append(tuple(holding.values()))

    def at(self, place: At) -> tuple[T, ...]:
        """Those that hold a place; who begins further down comes later."""
        before = bisect_right(self._starts, place) - 1
        return self._held[before] if before >= 0 else ()
