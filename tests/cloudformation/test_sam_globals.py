"""What `Globals` gives to a resource."""

from __future__ import annotations

from typing import Any

import pytest

from partywall.cloudformation.sam.global_section import with_globals
from partywall.cloudformation.sam.tree import grow
from partywall.source import Span
from partywall.text.node import Mapping, Node, Scalar

HERE = Span("a.yaml", 3, 5, 3, 9)


def plain(node: Node | None) -> Any:
    if node is None or isinstance(node, Scalar):
        return None if node is None else node.value
    if isinstance(node, Mapping):
        return {key: plain(entry.value) for key, entry in node.entries.items()}
    return [plain(item) for item in node.items]


@pytest.mark.parametrize(
    ("shared", "own", "ignored", "merged"),
    [
        ({"Timeout": 3}, None, None, {"Timeout": 3}),
        ({"Timeout": 3}, {"Timeout": 5}, None, {"Timeout": 5}),
        ({"Layers": ["a"]}, {"Layers": ["b"]}, None, {"Layers": ["a", "b"]}),
        ({"Architectures": ["arm64"]}, {"Architectures": ["x86_64"]}, None, {"Architectures": ["x86_64"]}),
        (
            {"Environment": {"Variables": {"A": 1, "B": 1}}},
            {"Environment": {"Variables": {"B": 2, "C": 2}}},
            None,
            {"Environment": {"Variables": {"A": 1, "B": 2, "C": 2}}},
        ),
        ({"CodeUri": "s3://b/k"}, {"CodeUri": {"Bucket": "b"}}, None, {"CodeUri": {"Bucket": "b"}}),
        ({"VpcConfig": {"Ref": "X"}}, {"VpcConfig": {"SubnetIds": []}}, None, {"VpcConfig": {"SubnetIds": []}}),
        ({"VpcConfig": {"SubnetIds": []}}, {"VpcConfig": {"Ref": "X"}}, None, {"VpcConfig": {"Ref": "X"}}),
        ({"Timeout": 3, "Runtime": "x"}, {}, ["Runtime"], {"Timeout": 3}),
        ({"Timeout": 3}, {"Runtime": "x"}, "*", {"Runtime": "x"}),
    ],
)  # fmt: skip
def test_merging(shared: Any, own: Any, ignored: Any, merged: Any) -> None:
    section = grow({"Function": shared}, HERE)
    properties = None if own is None else grow(own, HERE)
    left_out = None if ignored is None else grow(ignored, HERE)
    assert plain(with_globals("AWS::Serverless::Function", properties, section, left_out)) == merged


def test_other_kinds_have_their_own() -> None:
    section = grow({"Api": {"TracingEnabled": True}}, HERE)
    assert with_globals("AWS::Serverless::Function", None, section, None) is None
