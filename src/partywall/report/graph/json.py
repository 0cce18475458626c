"""The resource graph for machines, schema `partywall-graph/1`."""

from __future__ import annotations

import json
from collections.abc import Sequence

from partywall.drawing import Drawing, Drawn, Edge
from partywall.report.style import Style

SCHEMA = "partywall-graph/1"


def render(drawings: Sequence[Drawing], style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """Every resource with its values and every reference; what is not known is null and listed by path."""
    document = {
        "schema": SCHEMA,
        "resources": [_resource(it, one) for one in drawings for it in one.resources],
        "edges": [_edge(it, one) for one in drawings for it in one.edges],
    }
    return json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n"


def _where(drawing: Drawing) -> dict[str, object]:
    place: dict[str, object] = {"deployment": drawing.deployment}
    return {**place, "environment": drawing.environment} if drawing.environment else place


def _resource(it: Drawn, drawing: Drawing) -> dict[str, object]:
    entry = {
        "address": it.address,
        "type": it.type,
        "dialect": it.dialect,
        **_where(drawing),
        "path": it.span.path,
        "line": it.span.line,
        "attributes": it.attributes.values,
        "unknown": list(it.attributes.unknown),
    }
    return {**entry, "choices": it.attributes.choices} if it.attributes.choices else entry


def _edge(it: Edge, drawing: Drawing) -> dict[str, object]:
    return {"from": it.source, "to": it.target, "via": it.via, **_where(drawing)}
