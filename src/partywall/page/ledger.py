"""The ledger as a page: AWS's side, the wall, and the customer's side with a cell for each duty of each service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partywall.ledger import STATES, Cell, Coverage, Entry, Ledger, Part
from partywall.ledger.text import HEADS
from partywall.page.document import document
from partywall.page.markup import Markup, element
from partywall.report.style import Style
from partywall.report.wording import counted
from partywall.rule import DUTIES

NAMES = {"account": "The account", "infrastructure": "Infrastructure services", "container": "Container services",
         "abstract": "Abstract services"}  # fmt: skip
SIGNS = {"gap": "\N{MULTIPLICATION X}", "unknown": "?", "suppressed": "~", "met": "\N{CHECK MARK}"}


def render(ledger: Ledger, style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """The whole page; it needs no script."""
    head = element("header", element("h1", "Who owes what"), element("p", *_total(ledger), class_="lead"), class_="top")
    return document("Who owes what", head, element("main", section(ledger), coverage(ledger.coverage)), scripts=())


def section(ledger: Ledger) -> Markup:
    """Every service model that is deployed."""
    return element("div", *(_part(part) for part in ledger.parts if part.entries), class_="ledger")


def _total(ledger: Ledger) -> Iterator[Markup]:
    totals = ledger.totals
    for state in STATES:
        if totals[state]:
            yield element("span", f"{SIGNS[state]} {totals[state]} {HEADS[state]}", class_=f"count {state}")
    if ledger.share is not None:
        yield element("span", f"{ledger.share:.0f} % of what is decided is met", class_="count")


def _part(part: Part) -> Markup:
    duties = [duty for duty in DUTIES if any(cell.duty == duty for entry in part.entries for cell in entry.cells)]
    head = element(
        "tr",
        element("th", "service", scope="col"),
        *(element("th", DUTIES[duty], scope="col") for duty in duties),
    )
    rows = [_row(entry, duties) for entry in part.entries]
    return element(
        "section",
        element("h3", NAMES[part.model]),
        element(
            "div",
            element("div", element("h4", "AWS's side"), element("p", part.aws), class_="side aws"),
            element("div", class_="wall", aria_hidden="true"),
            element(
                "div",
                element("h4", "Your side"),
                element("table", element("thead", head), element("tbody", *rows)),
                _by_hand(part),
                class_="side yours",
            ),
            class_="sides",
        ),
        class_="model",
    )


def _row(entry: Entry, duties: Sequence[str]) -> Markup:
    cells = {cell.duty: cell for cell in entry.cells}
    return element(
        "tr",
        element("th", entry.service, " ", element("small", counted(entry.resources, "resource")), scope="row"),
        *(_cell(cells.get(duty), duty) for duty in duties),
    )


def _cell(cell: Cell | None, duty: str) -> Markup:
    if cell is None:
        return element("td", class_="none", data_label=DUTIES[duty])
    parts = [
        element("span", f"{SIGNS[state]} {cell.counts[state]}", class_=f"count {state}", title=_said(cell, state))
        for state in STATES
        if cell.counts[state]
    ]
    if cell.by_hand:
        title = "by hand: " + "; ".join(cell.by_hand)
        parts.append(element("span", "by hand", class_="count hand", title=title))
    return element("td", *parts, data_label=DUTIES[duty])


def _said(cell: Cell, state: str) -> str:
    said = f"{cell.counts[state]} {HEADS[state]}: {', '.join(cell.rules[state])}"
    return f"{said}; waits for: {'; '.join(cell.causes[:3])}" if state == "unknown" and cell.causes else said


def _by_hand(part: Part) -> Markup | None:
    if not part.by_hand:
        return None
    items = (
        element("li", task, " ", element("small", f"{DUTIES[duty]}: {', '.join(services)}"))
        for (duty, task), services in part.by_hand.items()
    )
    summary = element("summary", f"{counted(len(part.by_hand), 'task')} by hand, because no template can say it")
    return element("details", summary, element("ul", *items), class_="by-hand")


def coverage(made: Coverage) -> Markup | None:
    """What was not looked at, or not to the end."""
    if not made.rows:
        return None
    blocks = (
        element(
            "details", element("summary", f"{head}: {len(items)}"), element("ul", *(element("li", it) for it in items))
        )
        for head, items in made.rows
    )
    return element("section", element("h2", "Not looked at, or not to the end"), *blocks, class_="coverage")
