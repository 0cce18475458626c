"""The resource graph for a terminal: each resource, and below it what it refers to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from partywall.drawing import Drawing, Edge
from partywall.report.style import Style
from partywall.report.wording import counted


def render(drawings: Sequence[Drawing], style: Style) -> str:
    """A block for each deployment."""
    return "\n".join(_block(it, style) for it in drawings)


def _block(drawing: Drawing, style: Style) -> str:
    size = f"{counted(len(drawing.resources), 'resource')}, {counted(len(drawing.edges), 'reference')}"
    lines = [f"{style.paint(drawing.title, 'bold')} ({drawing.dialect}): {size}"]
    outgoing: dict[str, list[Edge]] = defaultdict(list)
    for edge in drawing.edges:
        outgoing[edge.source].append(edge)
    for it in drawing.resources:
        kind = "" if drawing.dialect == "terraform" else f" {style.paint(it.type, 'dim')}"
        where = style.paint(f"{it.span.path}:{it.span.line}", "dim")
        lines.append(f"  {style.paint(it.address, 'cyan')}{kind}  {where}")
        lines += [f"    -> {edge.target} ({edge.via})" for edge in outgoing[it.address]]
    return "\n".join(lines) + "\n"
