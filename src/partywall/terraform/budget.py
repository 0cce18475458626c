"""How much work one deployment may take: hostile input ends in a problem, not in a hang."""

from __future__ import annotations

from collections.abc import Sequence

from partywall.source import Span
from partywall.value import Choice, Known, Setting

MAX_STEPS = 200_000
"""Elements visited and made by `for`, templates and functions; of text and of large values a part of their size.

The largest of the public modules measured needs fewer than 2,000.
"""

MAX_PARTS = 200_000
"""Parts of one value, those that are there several times counted each time."""


class Budget:
    """What is left of the work that a deployment may take, and where it was refused."""

    def __init__(self) -> None:
        self.left = MAX_STEPS
        self.exhausted = False
        self.refused: dict[Span, str] = {}

    def spend(self, steps: int, span: Span) -> bool:
        """Whether there is room for some more work at a place."""
        self.left -= steps
        if self.left < 0 and not self.exhausted:
            self.exhausted = True
            self.refused[span] = f"evaluation takes more than {MAX_STEPS} steps; what is left of it counts as unknown"
        return self.left >= 0

    def bears(self, values: Sequence[Setting], span: Span) -> bool:
        """Whether some values have few enough parts to be gone through."""
        left = MAX_PARTS
        stack = [value for value in values if isinstance(value, Choice) or _has_parts(value)]
        while stack:
            value = stack.pop()
            inner: Sequence[Setting]
            if isinstance(value, Choice):
                inner = [arm for _, arm in value.arms]
            else:
                it = value.it if isinstance(value, Known) else ()
                inner = it if isinstance(it, tuple) else list(it.values()) if isinstance(it, dict) else ()
            left -= len(inner)
            if left < 0:
                self.spend(MAX_PARTS // 4, span)
                self.refused[span] = f"the value has more than {MAX_PARTS} parts; it counts as unknown"
                return False
            stack.extend(item for item in inner if isinstance(item, Choice) or _has_parts(item))
        gone_through = MAX_PARTS - left
        return gone_through < 1000 or self.spend(gone_through // 4, span)


def _has_parts(value: Setting) -> bool:
    return isinstance(value, Known) and isinstance(value.it, tuple | dict)
