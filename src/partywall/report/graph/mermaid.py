"""The resource graph as a Mermaid flow chart: a box for each deployment."""

from __future__ import annotations

from collections.abc import Sequence

from partywall.drawing import Drawing, Drawn
from partywall.report.mermaid import quoted
from partywall.report.style import Style


def render(drawings: Sequence[Drawing], style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """One flow chart; several references of one resource to another are one arrow."""
    lines = ["flowchart LR"]
    for number, drawing in enumerate(drawings):
        names = {it.address: f"d{number}r{at}" for at, it in enumerate(drawing.resources)}
        lines.append(f'  subgraph d{number}["{quoted(drawing.title)}"]')
        lines += [f'    {names[it.address]}["{_label(it)}"]' for it in drawing.resources]
        pairs = dict.fromkeys((it.source, it.target) for it in drawing.edges)
        lines += [f"    {names[source]} --> {names[target]}" for source, target in pairs]
        lines.append("  end")
    return "\n".join(lines) + "\n"


def _label(it: Drawn) -> str:
    """An address, and below it the type where the address does not hold it."""
    return quoted(it.address) + ("" if it.type in it.address else f"<br>{quoted(it.type)}")
