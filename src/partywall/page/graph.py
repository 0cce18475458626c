"""The graph as a page: everything drawn, and below it what is known about it."""

from __future__ import annotations

from partywall.check import Report
from partywall.page.check import assembled

SHOWN = ("gap", "unknown", "suppressed")


def render(report: Report) -> str:
    """The page of `partywall graph`: the drawing on top."""
    return assembled("Resources and who reaches them", report, SHOWN, drawn_first=True)
