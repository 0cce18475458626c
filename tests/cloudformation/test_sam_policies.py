"""The policy templates of SAM: as the translator has them, and filled in where the author stands."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from partywall.cloudformation.sam import policy
from partywall.cloudformation.sam.tree import grow
from partywall.source import Span
from partywall.text.node import Mapping, Node, Scalar

SCRIPT = Path(__file__).parents[2] / "scripts" / "sam_policy_templates.py"
HERE = Span("a.yaml", 3, 5, 3, 9)


@pytest.mark.skipif(importlib.util.find_spec("samtranslator") is None, reason="aws-sam-translator is not installed")
@pytest.mark.filterwarnings("ignore")
def test_the_data_is_what_the_script_derives() -> None:
    spec = importlib.util.spec_from_file_location("sam_policy_templates", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.TARGET.read_text(encoding="utf-8") == script.derived()


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        ("AmazonS3ReadOnlyAccess", "arn:${AWS::Partition}:iam::aws:policy/AmazonS3ReadOnlyAccess"),
        ("AWSLambdaRole", "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaRole"),
        ("Billing", "arn:${AWS::Partition}:iam::aws:policy/job-function/Billing"),
    ],
)
def test_managed_policies_by_name(name: str, arn: str) -> None:
    assert policy.managed(name) == {"Fn::Sub": arn}


def test_an_arn_is_no_name() -> None:
    assert policy.managed("arn:aws:iam::1:policy/own") == "arn:aws:iam::1:policy/own"


def text_at(node: Node, *path: str | int) -> str | int | bool | None:
    for step in path:
        node = node.entries[step].value if isinstance(node, Mapping) and isinstance(step, str) else node.items[step]  # type: ignore[union-attr,index]
    assert isinstance(node, Scalar)
    return node.value


def test_a_template_is_filled_in_with_the_authors_own_nodes() -> None:
    queue = Scalar(Span("a.yaml", 9, 1, 9, 5), "orders")
    made = grow(policy.template(grow({"SQSSendMessagePolicy": {"QueueName": queue}}, HERE)), HERE)
    assert text_at(made, 0, "Effect") == "Allow"
    assert text_at(made, 0, "Action", 0) == "sqs:SendMessage*"
    assert text_at(made, 0, "Resource", "Fn::Sub", 1, "queueName") == "orders"


@pytest.mark.parametrize("given", [{"SQSSendMessagePolicy": {}}, {"NewerPolicy": {}}, {"Statement": []}, {}])
def test_what_is_no_template_or_lacks_a_parameter_is_none(given: dict[str, dict[str, str]]) -> None:
    assert policy.template(grow(given, HERE)) is None
