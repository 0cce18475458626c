"""The filters above findings and drawings: duties, severities, states, services, and words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from partywall.check import kind
from partywall.engine import Finding
from partywall.page.markup import Markup, element
from partywall.rule import DUTIES, Severity

STATES = {"gap": "open", "unknown": "unknown", "suppressed": "accepted", "met": "met"}


def bar(findings: Sequence[Finding], services: Iterable[str], pressed: Sequence[str]) -> Markup:
    """Toggles for whatever occurs among some findings; of the states only those in `pressed` are on at first."""
    duties = Counter(it.rule.id[:3] for it in findings if kind(it) == "gap")
    severities = Counter(it.severity for it in findings if kind(it) == "gap")
    states = Counter(kind(it) for it in findings)
    options = [element("option", "every service", value="")]
    options += [element("option", name, value=name) for name in sorted(set(services))]
    return element(
        "form",
        _group("duty", [(duty, DUTIES[duty], duties[duty]) for duty in DUTIES if duties[duty]]),
        _group(
            "severity",
            [(it.label, it.label, severities[it]) for it in sorted(Severity, reverse=True) if severities[it]],
        ),
        _group("state", [(it, STATES[it], states[it]) for it in STATES if states[it]], pressed),
        element("label", "service ", element("select", *options, name="service")),
        element("label", "words ", element("input", type="search", name="words", placeholder="name, rule, file")),
        element("button", "reset", type="reset"),
        element("output", class_="said", aria_live="polite"),
        class_="filters",
        aria_label="Filters",
    )


def _group(name: str, choices: Sequence[tuple[str, str, int]], pressed: Sequence[str] | None = None) -> Markup | None:
    if not choices:
        return None
    buttons = (
        element(
            "button",
            f"{word} ",
            element("small", str(count)),
            type="button",
            data_filter=name,
            value=value,
            class_="toggle",
            aria_pressed="true" if pressed is not None and value in pressed else "false",
        )
        for value, word, count in choices
    )
    return element("fieldset", element("legend", name), *buttons)
