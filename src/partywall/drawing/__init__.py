"""A deployment as a drawing shows it: its resources with their values, and who refers to whom.

Plain data and nothing else: what is secret is masked before it gets here.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

from partywall.declared import Deployment
from partywall.drawing.attribute import Attributes, attributes_of
from partywall.graph import Graph, View
from partywall.immutable import immutable
from partywall.reason.network.map import NOTHING, NetworkMap, network_map
from partywall.source import Span


@immutable()
class Drawn:
    """One resource or data source as it was declared."""

    address: str
    type: str
    dialect: str
    span: Span
    attributes: Attributes
    label: str = ""


@immutable()
class Edge:
    """A resource refers to another; `via` is the path of the attribute that does."""

    source: str
    target: str
    via: str


@immutable()
class Drawing:
    """One deployment in one environment ("" where none is named); resources and edges are sorted."""

    deployment: str
    environment: str
    dialect: str
    resources: tuple[Drawn, ...]
    edges: tuple[Edge, ...]
    network: NetworkMap = NOTHING

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.deployment} in {self.environment}" if self.environment else self.deployment


def drawing(deployment: Deployment, environment: str = "") -> Drawing:
    """The drawing of a deployment, without its network."""
    declared = sorted((it for it in deployment.resources if it.is_resource), key=lambda it: it.address)
    known = {it.address for it in declared}
    resources: list[Drawn] = []
    edges: list[Edge] = []
    for it in declared:
        attributes = attributes_of(it.attributes)
        resources.append(Drawn(it.address, it.type, it.dialect, it.span, attributes, it.label))
        named = (*attributes_of(it.metadata).references, *attributes.references)
        edges += [Edge(it.address, to, via) for via, to in dict.fromkeys(named) if to in known and to != it.address]
    return Drawing(deployment.name, environment, deployment.dialect, tuple(resources), tuple(sorted(edges, key=_order)))


def mapped(deployment: Deployment, environment: str, today: datetime.date) -> Drawing:
    """The drawing of a deployment with its network, conditions left open."""
    view = View(Graph(deployment), {}, today)
    return replace(drawing(deployment, environment), network=network_map(view))


def _order(edge: Edge) -> tuple[str, str, str]:
    return edge.source, edge.target, edge.via
