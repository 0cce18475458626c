"""Questions to the graph."""

from __future__ import annotations

import datetime

import pytest

from partywall.declared import Declared, Deployment
from partywall.graph import Graph, View
from partywall.source import NOWHERE
from partywall.value import Known, Setting

TODAY = datetime.date(2026, 11, 1)


def _declared(kind: str, **attributes: Setting) -> Declared:
    return Declared("terraform", kind, f"{kind}.it", attributes, NOWHERE)


@pytest.mark.parametrize(("first", "then"), [("left", "right"), ("right", "left")])
def test_each_attribute_has_companions_of_its_own(first: str, then: str) -> None:
    owner = _declared("aws_owner", name=Known("a"))
    other = _declared("aws_other", left=Known("a"), right=Known("b"))
    view = View(Graph(Deployment("d", "terraform", (owner, other), ())), {}, TODAY)
    found = {key: view.companions(owner, {"aws_other": key}, ("name",)) for key in (first, then)}
    assert [it.declared for it in found["left"]] == [other]
    assert not found["right"]


def test_a_companion_names_what_it_is_asked_for() -> None:
    owner = _declared("aws_owner", name=Known("a"), arn=Known("b"))
    other = _declared("aws_other", of=Known("b"))
    view = View(Graph(Deployment("d", "terraform", (owner, other), ())), {}, TODAY)
    assert not view.companions(owner, {"aws_other": "of"}, ("name",))
    assert [it.declared for it in view.companions(owner, {"aws_other": "of"}, ("arn",))] == [other]
