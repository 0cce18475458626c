"""Whatever is wrong with a SAM template, the expansion goes on: mutated fixtures never raise."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partywall import source
from partywall.cloudformation import detect
from partywall.cloudformation.surroundings import Surroundings
from partywall.cloudformation.template import Family, Template
from partywall.source import Source
from partywall.text import node as text
from partywall.text.node import Document, Entry, Mapping, Node, Scalar

FIXTURES = [source.read(str(path)) for path in sorted((Path(__file__).parents[2] / "fixtures" / "sam").glob("*.yaml"))]
ODD: list[str | int | bool | None] = [None, True, 7, "", "Ref", "a.b", "AWS::NoValue", "arn:aws:x", "s3://"]


def places(node: Node) -> list[tuple[Mapping | text.Sequence, str | int]]:
    """Every place in a document where another value could stand."""
    found: list[tuple[Mapping | text.Sequence, str | int]] = []
    pending = [node]
    while pending:
        current = pending.pop()
        pending += text.children(current)
        if isinstance(current, Mapping):
            found += [(current, name) for name in current.entries]
        elif isinstance(current, text.Sequence):
            found += [(current, at) for at in range(len(current.items))]
    return found


def put(where: Mapping | text.Sequence, at: str | int, node: Node) -> None:
    if isinstance(where, Mapping):
        where.entries[str(at)] = Entry.at(node.span, node)
    elif isinstance(at, int) and at < len(where.items):
        where.items[at] = node


def value(data: st.DataObject, spots: list[tuple[Mapping | text.Sequence, str | int]], at: Node) -> Node:
    """Something else: an odd scalar, an empty collection, a function, or a part from elsewhere in the document."""
    kind = data.draw(st.sampled_from(["scalar", "map", "list", "function", "if", "moved"]))
    odd = Scalar(at.span, data.draw(st.sampled_from(ODD)))
    if kind == "scalar":
        return odd
    if kind == "map":
        return Mapping(at.span)
    if kind == "list":
        return text.Sequence(at.span, [odd, at])
    if kind == "function":
        name = data.draw(st.sampled_from(["!Ref", "!GetAtt", "!Sub", "!FindInMap", "!Transform", "!Unheard"]))
        return Scalar(at.span, "Worker.Arn", name)
    if kind == "if":
        branches: list[Node] = [Scalar(at.span, "IsProd"), at, Scalar(at.span, "AWS::NoValue", "!Ref")]
        return text.Sequence(at.span, branches[: data.draw(st.integers(1, 3))], "!If")
    where, key = data.draw(st.sampled_from(spots))
    other = where.entries[str(key)].value if isinstance(where, Mapping) else where.items[int(key)]
    return at if _holds(other, at) else other


def _holds(node: Node, wanted: Node) -> bool:
    return node is wanted or any(_holds(one, wanted) for one in text.children(node))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_templates_never_raise(data: st.DataObject) -> None:
    fixture: Source = data.draw(st.sampled_from(FIXTURES))
    root = detect.parse(fixture).root
    for _ in range(data.draw(st.integers(1, 4))):
        spots = places(root)
        where, at = data.draw(st.sampled_from(spots))
        present = where.entries[str(at)].value if isinstance(where, Mapping) else where.items[int(at)]
        put(where, at, value(data, spots, present))
    assert isinstance(root, Mapping)
    template = Template(fixture, Document(root), {}, Family(Surroundings(".")), (fixture.path,))
    declared = list(template.declarations())
    assert all(it.span.path == fixture.path for it in declared)
    assert {it.author for it in declared} <= {"", *entries_of(root)}


def entries_of(root: Mapping) -> list[str]:
    resources = root.get("Resources")
    return list(resources.entries) if isinstance(resources, Mapping) else []
