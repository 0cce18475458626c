"""Odd operands of conditions: a list with an element that is not known, and the condition itself."""

from __future__ import annotations

from pathlib import Path

from partywall.cloudformation import load
from partywall.value import Choice

TEMPLATE = """\
Conditions:
  Same: !Equals [[a, !Ref "AWS::StackName"], [a, b]]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Condition: Same
"""


def test_a_list_with_an_open_element_is_an_open_condition(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    deployment = load(str(path), parameters={})
    assert deployment is not None
    (queue,) = deployment.resources
    assert isinstance(queue.exists, Choice)


def test_a_condition_that_compares_what_it_decides_is_said_and_open(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE.replace('[[a, !Ref "AWS::StackName"], [a, b]]', "[!If [Same, a, b], a]"), encoding="utf-8")
    deployment = load(str(path), parameters={})
    assert deployment is not None
    assert [it.message for it in deployment.problems] == ["the condition Same refers to itself"]
    assert isinstance(deployment.resources[0].exists, Choice)
