"""What is sure about a value that is not known: between which bounds a number lies, and what a text cannot be."""

from __future__ import annotations

import re

from partywall.immutable import immutable

_DECIMAL = re.compile(r"\s*[-+]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})\s*\Z", re.ASCII).match


@immutable(guarded=False)
class Range:
    """The numbers from `least` to `most`, both included, None for no bound; as a claim, that one is among them."""

    least: float | None = None
    most: float | None = None

    def __call__(self, it: float) -> bool:
        """Whether a number is one of them."""
        return (self.least is None or it >= self.least) and (self.most is None or it <= self.most)

    def holds(self, among: Range) -> bool | None:
        """Whether every number of another range is in this one; None where only some are."""
        if (self.least is None or (among.least is not None and among.least >= self.least)) and (
            self.most is None or (among.most is not None and among.most <= self.most)
        ):
            return True
        beyond = self.most is not None and among.least is not None and among.least > self.most
        short = self.least is not None and among.most is not None and among.most < self.least
        return False if beyond or short else None

    def __str__(self) -> str:
        least, most = (None if it is None else f"{it:g}" if it % 1 else f"{it:.0f}" for it in (self.least, self.most))
        if least is None or most is None:
            return "any number" if least == most else f"at most {most}" if least is None else f"at least {least}"
        return f"between {least} and {most}"


@immutable(guarded=False)
class Limits:
    """What bounds a value: how large it is, where it is a number, how long its text is, and texts that it is not."""

    size: Range | None = None
    length: Range = Range()
    excluded: tuple[str, ...] = ()

    def admits(self, text: str) -> bool:
        """Whether the value may be a text."""
        if text in self.excluded or not self.length(len(text)):
            return False
        return self.size is None or ((number := decimal(text)) is not None and self.size(number))


def decimal(text: str) -> float | None:
    """The number that digits stand for; None for a text that is none."""
    return float(text) if _DECIMAL(text) else None
