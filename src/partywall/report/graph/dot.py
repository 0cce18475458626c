"""The resource graph in Graphviz's language: a cluster for each deployment."""

from __future__ import annotations

from collections.abc import Sequence

from partywall.drawing import Drawing
from partywall.report.style import Style


def render(drawings: Sequence[Drawing], style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """One directed graph; an edge is labelled with the attribute that refers."""
    lines = ["digraph partywall {", "  rankdir=LR;", "  node [shape=box];"]
    for number, drawing in enumerate(drawings):
        names = {it.address: f"d{number}r{at}" for at, it in enumerate(drawing.resources)}
        lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(drawing.title)};"]
        lines += [f"    {names[it.address]} [label={_label(it.address, it.type)}];" for it in drawing.resources]
        lines += [f"    {names[it.source]} -> {names[it.target]} [label={_quoted(it.via)}];" for it in drawing.edges]
        lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"


def _label(address: str, kind: str) -> str:
    return _quoted(address) if kind in address else f'"{_escaped(address)}\\n{_escaped(kind)}"'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace('"', '\\"').split())
