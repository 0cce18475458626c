"""Odd operands of conditions: a list with an element that is not known, and the condition itself."""

from __future__ import annotations

from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    ("parameter", "steps"),
    [
        ("{Type: String, Default: prod}", ["condition Prod is true"]),
        ("{Type: String, Default: dev}", ["condition Prod is false"]),
        ("{Type: String}", []),
    ],
)
def test_a_branch_says_which_condition_took_it(parameter: str, steps: list[str], tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    text = (
        f"Parameters:\n  Env: {parameter}\nConditions:\n  Prod: !Equals [!Ref Env, prod]\n"
        "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties: {DelaySeconds: !If [Prod, 1, 2]}\n"
    )
    path.write_text(text, encoding="utf-8")
    deployment = load(str(path), parameters={})
    assert deployment is not None
    value = next(it for it in deployment.resources if it.address == "Queue").attributes["DelaySeconds"]
    assert [it.text for it in value.origin] == steps
