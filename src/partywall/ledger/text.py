"""The ledger for a terminal: a table for each service model, what stays with people, and what was not looked at."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

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
    hand = _by_hand(part)
    if hand:
        out += ["", "  by hand, because no template can say it:"]
        for (duty, task), services in hand.items():
            said = f"{task} ({', '.join(services)}; {DUTIES[duty]})"
            out += textwrap.wrap(said, style.width - 4, initial_indent="  - ", subsequent_indent="    ")
    return out


def _by_hand(part: Part) -> dict[tuple[str, str], list[str]]:
    """Duty and task, with the services it is for."""
    found: dict[tuple[str, str], list[str]] = {}
    for entry in part.entries:
        for cell in entry.cells:
            for task in cell.by_hand:
                found.setdefault((cell.duty, task), []).append(entry.service)
    return found


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
    rows = [
        ("not on disk", coverage.unseen),
        ("not linted", coverage.unread),
        ("of no service known here", _counts(coverage.unclassified)),
        ("that no rule is about by itself", _counts(coverage.unruled)),
        ("undecided conditions", _counts(coverage.undecided)),
    ]
    if not any(items for _, items in rows):
        return
    yield style.paint("not looked at, or not to the end", "bold")
    for head, items in rows:
        if items:
            yield f"  {head}: {len(items)}"
            for item in items[:_MANY]:
                yield from textwrap.wrap(item, style.width - 6, initial_indent="    - ", subsequent_indent="      ")
            if len(items) > _MANY:
                yield f"    and {len(items) - _MANY} more"


def _counts(table: dict[str, int]) -> Sequence[str]:
    return [f"{name} ({count})" if count > 1 else name for name, count in table.items()]


def _total(ledger: Ledger, style: Style) -> str:
    total = dict.fromkeys(STATES, 0)
    for part in ledger.parts:
        for entry in part.entries:
            for cell in entry.cells:
                for state in STATES:
                    total[state] += cell.counts[state]
    said = ", ".join(f"{total[state]} {HEADS[state]}" for state in STATES if total[state]) or "no duty decided"
    share = f"; {ledger.share:.0f} % of what is decided is met" if ledger.share is not None else ""
    services = sum(len(part.entries) for part in ledger.parts)
    return style.paint(said, "bold") + f" in {counted(services, 'service')}{share}"
