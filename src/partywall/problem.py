"""Something wrong with the input or with us, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from partywall.source import Span

Kind = Literal["error", "note", "internal"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One sentence about what could not be linted, and where.

    `error` is the author's to mend, `note` is worth knowing, `internal` is our own fault.
    """

    span: Span
    kind: Kind
    message: str
