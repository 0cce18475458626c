"""The ledger for a terminal: a table for each service model, what stays with people, and what was not looked at."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from partywall.ledger import STATES, Cell, Coverage, Entry, Ledger, Part
from partywall.report.style import Style
from partywall.report.wording import counted
from partywall.rule import DUTIES

HEADS = {"gap": "open", "unknown": "unknown", "suppressed": "accepted", "met": "met"}
WIDE = 100
_COLOURS = {"gap": "red", "unknown": "cyan", "suppressed": "yellow", "met": "green"}
_MANY = 12


def render(ledger: Ledger, style: Style) -> str:
    """Everything, in at most the style's width; a wide terminal also gets the rules behind open duties."""
    blocks = [_part(part, style) for part in ledger.parts if part.entries]
    blocks.append(list(_coverage(ledger.coverage, style)))
    blocks.append([_total(ledger, style)])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _part(part: Part, style: Style) -> list[str]:
    out = [style.paint(f"{part.model} services" if part.model != "account" else "the account", "bold")]
    out += textwrap.wrap(part.aws, style.width - 2, initial_indent="  ", subsequent_indent="  ")
    rows = [(entry, cell) for entry in part.entries for cell in entry.cells if any(cell.counts.values())]
    if rows:
        name = max(len(_name(entry)) for entry, _ in rows)
        heads = "".join(f"{HEADS[state]:>9}" for state in STATES)
        out += ["", style.paint(f"  {'':<{name}}  {'duty':<10}{heads}", "dim")]
        before = None
        for entry, cell in rows:
            out.append(_row(_name(entry) if entry is not before else "", name, cell, style))
            before = entry
    hand = part.by_hand
    if hand:
        out += ["", "  by hand, because no template can say it:"]
        for (duty, task), services in hand.items():
            said = f"{task} ({', '.join(services)}; {DUTIES[duty]})"
            out += textwrap.wrap(said, style.width - 4, initial_indent="  - ", subsequent_indent="    ")
    return out


def _name(entry: Entry) -> str:
    return f"{entry.service} ({entry.resources})"


def _row(name: str, width: int, cell: Cell, style: Style) -> str:
    numbers = "".join(
        style.paint(f"{cell.counts[state] or '-':>9}", _COLOURS[state]) if cell.counts[state] else f"{'-':>9}"
        for state in STATES
    )
    behind = "  " + " ".join(cell.rules["gap"]) if style.width >= WIDE and cell.rules["gap"] else ""
    return f"  {name:<{width}}  {DUTIES[cell.duty]:<10}{numbers}{behind[: style.width - width - 50]}".rstrip()


def _coverage(coverage: Coverage, style: Style) -> Iterator[str]:
    if not coverage.rows:
        return
    yield style.paint("not looked at, or not to the end", "bold")
    for head, items in coverage.rows:
        yield f"  {head}: {len(items)}"
        for item in items[:_MANY]:
            yield from textwrap.wrap(item, style.width - 6, initial_indent="    - ", subsequent_indent="      ")
        if len(items) > _MANY:
            yield f"    and {len(items) - _MANY} more"


def _total(ledger: Ledger, style: Style) -> str:
    total = ledger.totals
    said = ", ".join(f"{total[state]} {HEADS[state]}" for state in STATES if total[state]) or "no duty decided"
    share = f"; {ledger.share:.0f} % of what is decided is met" if ledger.share is not None else ""
    services = sum(len(part.entries) for part in ledger.parts)
    return style.paint(said, "bold") + f" in {counted(services, 'service')}{share}"
