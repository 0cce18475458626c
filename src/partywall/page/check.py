"""A report as a page: the ledger, what is open, and everything drawn."""

from __future__ import annotations

from collections.abc import Sequence

from partywall.aws.services import classify
from partywall.check import Report, kind
from partywall.ledger import ledger
from partywall.page import drawing, filters, finding
from partywall.page import ledger as ledger_page
from partywall.page.document import document
from partywall.page.markup import Markup, element
from partywall.report.style import Style
from partywall.report.wording import summary
from partywall.rule import Severity


def render(report: Report, verdicts: Sequence[str], style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """The page of `partywall check`: the ledger on top."""
    made = ledger(report)
    owed = element("section", element("h2", "Who owes what"), ledger_page.section(made), id="ledger")
    return assembled("Security duties", report, verdicts, before=owed, after=ledger_page.coverage(made.coverage))


def assembled(
    title: str,
    report: Report,
    verdicts: Sequence[str],
    *,
    before: Markup | None = None,
    after: Markup | None = None,
    drawn_first: bool = False,
) -> str:
    """A page with findings and drawings of a report, filters above both, and what else is given."""
    nodes = drawing.Nodes(report.drawings, report.findings)
    findings = finding.section(report, verdicts, nodes.of)
    drawn = element("section", element("h2", "The drawing"), _legend(), drawing.section(nodes), id="drawing")
    shown = [copies[0] for copies in finding.listed(report, verdicts)]
    services = [it.rule.service for it in shown]
    services += [service.name for one in report.drawings for it in one.resources if (service := classify(it.type))]
    pressed = ["gap"] if any(kind(it) == "gap" for it in shown) else []
    links = [("ledger", "ledger")] if before is not None else []
    links += (
        [("drawing", "drawing"), ("findings", "findings")]
        if drawn_first
        else [("findings", "findings"), ("drawing", "drawing")]
    )
    return document(
        title,
        element(
            "header",
            element("h1", title),
            element("p", summary(report, Style()), class_="lead"),
            element("nav", *(element("a", word, href=f"#{name}") for name, word in links)),
            class_="top",
        ),
        element(
            "main",
            before,
            filters.bar(shown, services, pressed),
            *((drawn, findings) if drawn_first else (findings, drawn)),
            after,
        ),
        element("aside", id="panel", hidden=True, tabindex="-1", role="dialog", aria_label="Details"),
        data=nodes.data(),
    )


def _legend() -> Markup:
    severities = (element("span", it.label, class_=f"badge {it.label}") for it in sorted(Severity, reverse=True))
    return element(
        "p",
        "Badges count the open duties of a resource: ",
        *severities,
        element("span", "not known yet", class_="badge unknown"),
        " Lines are ways in: ",
        element("span", "open", class_="reach"),
        " ",
        element("span", "perhaps", class_="reach perhaps"),
        ", grey ones join networks. Enter opens a card, arrow keys go to the next, / searches, Escape closes.",
        class_="legend",
    )
