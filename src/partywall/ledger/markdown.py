"""The ledger in Markdown, for a page or a comment."""

from __future__ import annotations

from partywall.ledger import STATES, Ledger
from partywall.ledger.text import HEADS
from partywall.report.style import Style
from partywall.rule import DUTIES


def render(ledger: Ledger, style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """A table for each service model, with the rules behind what is open, and lists of what is left."""
    lines = ["# Who owes what", ""]
    for part in ledger.parts:
        if not part.entries:
            continue
        lines += [f"## {part.model.capitalize()}", "", part.aws, ""]
        lines.append("| service | duty | " + " | ".join(HEADS[state] for state in STATES) + " | rules behind it |")
        lines.append("| --- | --- |" + " ---: |" * len(STATES) + " --- |")
        for entry in part.entries:
            for cell in entry.cells:
                if any(cell.counts.values()):
                    numbers = " | ".join(str(cell.counts[state]) for state in STATES)
                    rules = ", ".join(dict.fromkeys((*cell.rules["gap"], *cell.rules["unknown"])))
                    lines.append(f"| {entry.service} | {DUTIES[cell.duty]} | {numbers} | {rules} |")
        hand = dict.fromkeys(task for _, task in part.by_hand)
        if hand:
            lines += ["", "By hand, because no template can say it:", "", *(f"- {task}" for task in hand)]
        lines.append("")
    if ledger.coverage.rows:
        lines += ["## Not looked at, or not to the end", ""]
        for head, items in ledger.coverage.rows:
            lines += [f"- {head}:", *(f"  - `{item.replace('`', '')}`" for item in items)]
        lines.append("")
    return "\n".join(lines)
