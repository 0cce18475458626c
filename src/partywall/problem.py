"""Something wrong with the input or with us, as data."""

from __future__ import annotations

import os
from typing import Literal

from partywall.immutable import immutable
from partywall.source import Span

Kind = Literal["error", "note", "internal"]


@immutable()
class Problem:
    """One sentence about what could not be linted, and where; the place comes first in their order.

    `error` is the author's to mend, `note` is worth knowing, `internal` is our own fault.
    """

    span: Span
    kind: Kind
    message: str

    def __lt__(self, other: Problem) -> bool:
        return (self.span, self.kind, self.message) < (other.span, other.kind, other.message)


def fault(error: Exception, doing: str, span: Span) -> Problem:
    """Our own fault as data: what failed, and where in our code; the words of the error may be the input's."""
    import traceback  # Seldom needed.

    frames = traceback.extract_tb(error.__traceback__)
    at = f" at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    said = f"{doing} failed ({type(error).__name__}{at}); this is a fault of partywall, please report it"
    return Problem(span, "internal", said)
