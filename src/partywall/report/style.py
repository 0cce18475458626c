"""Colours of a terminal, or none."""

from __future__ import annotations

from partywall.immutable import immutable

_CODES = {
    "bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "magenta": "35", "cyan": "36",
}  # fmt: skip
SEVERITY = {
    "critical": ("bold", "magenta"),
    "high": ("bold", "red"),
    "medium": ("bold", "yellow"),
    "low": ("bold", "blue"),
}


@immutable()
class Style:
    """Whether colours are wanted, and how wide a line may be."""

    colour: bool = False
    width: int = 80

    def paint(self, text: str, *names: str) -> str:
        """Text in some colours."""
        if not self.colour or not text:
            return text
        return f"\033[{';'.join(_CODES[name] for name in names)}m{text}\033[0m"
