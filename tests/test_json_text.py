"""JSON inside templates: what it says, and the line of the template that says it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partywall import cloudformation, terraform
from partywall.aws.policy import ResourceStatement
from partywall.graph import Graph, View
from partywall.source import NOWHERE, Source
from partywall.text.json_text import fault_in, structure_of
from partywall.text.structured import PlacedText
from partywall.value import Known, Setting, Unknown, plain

TODAY = datetime.date(2026, 11, 1)

TERRAFORM = {
    "heredoc": """
resource "aws_sqs_queue_policy" "q" {
  policy = <<EOF
{
  "Statement": {
    "Effect": "Allow",
    "Principal": "*"
  }
}
EOF
}
""",
    "flush heredoc with a hole": """
variable "queue" {}
resource "aws_sqs_queue_policy" "q" {
  policy = <<-EOF
    {"Statement": [
      {"Effect": "Allow",
       "Resource": "arn:aws:sqs:*:*:${var.queue}",
       "Principal": "*"}
    ]}
  EOF
}
""",
    "through a local": """
locals {
  policy = <<-EOF
    {"Statement": {
       "Principal": "*", "Effect": "Allow"
    }}
  EOF
}
resource "aws_sqs_queue_policy" "q" {
  policy = local.policy
}
""",
}


def _principal(view: View) -> Setting:
    (statement,) = ResourceStatement.subjects(view)
    ((_, item),) = statement.principals
    return item


@pytest.mark.parametrize("text", TERRAFORM.values(), ids=list(TERRAFORM))
def test_a_heredoc_leads_to_the_line_of_its_part(text: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    found = _principal(
        View(Graph(terraform.load(str(tmp_path), variables={}, variable_files=(), workspace=None)), {}, TODAY)
    )
    line = text.splitlines()[found.span.line - 1]
    assert line[found.span.column - 1 : found.span.end_column - 1] == '"*"'


def test_a_file_leads_to_its_own_lines(tmp_path: Path) -> None:
    (tmp_path / "q.json").write_text('{"Statement": {\n  "Effect": "Allow", "Principal": "*"}}\n', encoding="utf-8")
    (tmp_path / "main.tf").write_text(
        'resource "aws_sqs_queue_policy" "q" {\n  policy = file("q.json")\n}\n', encoding="utf-8"
    )
    found = _principal(
        View(Graph(terraform.load(str(tmp_path), variables={}, variable_files=(), workspace=None)), {}, TODAY)
    )
    assert found.span.path.endswith("q.json")
    assert (found.span.line, found.span.column) == (2, 35)


@pytest.mark.parametrize("intrinsic", ["", "!Sub "])
def test_a_yaml_block_leads_to_the_line_of_its_part(intrinsic: str, tmp_path: Path) -> None:
    text = f"""Resources:
  Q:
    Type: AWS::SQS::QueuePolicy
    Properties:
      PolicyDocument: {intrinsic}|
        {{"Statement":
          {{"Effect": "Allow",
           "Resource": "arn:aws:sqs:${{AWS::Region}}:*:q",
           "Principal": "*"}}}}
"""
    path = tmp_path / "t.yaml"
    path.write_text(text, encoding="utf-8")
    read = cloudformation.load(str(path), parameters={}, project=str(tmp_path))
    assert read is not None
    found = _principal(View(Graph(read), {}, TODAY))
    line = text.splitlines()[found.span.line - 1]
    assert line[found.span.column - 1 : found.span.end_column - 1] == '"*"'


def test_a_hole_in_the_place_of_a_value_leaves_the_rest_known() -> None:
    value: Setting = Unknown("because", parts=('{"a": ', None, ', "b": ["x', None, '", 2]}'))
    found = structure_of(value)
    assert isinstance(found, Known)
    assert plain(found) == {"a": None, "b": [None, 2]}
    assert isinstance(found.it, dict)
    (inner, _) = found.it["b"].it
    assert inner.parts == ("x", None)


def test_text_that_is_no_json_is_unknown() -> None:
    assert isinstance(structure_of(Known("{", NOWHERE)), Unknown)


def test_a_comma_before_a_closing_bracket_is_read_over_and_told() -> None:
    text = '{"a": [1, "],",\n],\n}'
    value: Setting = Known(PlacedText.read(text, Source("f", text), 0, len(text)))
    assert plain(structure_of(value)) == {"a": [1, "],"]}
    fault = fault_in(value)
    assert fault is not None
    assert (fault[0], fault[1].line, fault[1].column) == ("a comma stands before a closing bracket", 1, 15)
    holed: Setting = Unknown("because", parts=('{"a": ["', None, '",]}'))
    assert plain(structure_of(holed)) == {"a": [None]}
    assert fault_in(holed) is not None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", 'expected a key or "}"'),
        ('{"a": 1 "b": 2}', 'expected "," or the end'),
        ('{"a": ","}', None),
        ("[]", None),
    ],
)
def test_the_fault_of_a_text_is_named(text: str, fault: str | None) -> None:
    found = fault_in(Known(text))
    assert (found and found[0]) == fault


def test_a_text_with_holes_may_be_json() -> None:
    assert fault_in(Unknown("because", parts=("{", None))) is None


@given(st.lists(st.text("ab \n", max_size=8), min_size=1, max_size=4), st.data())
def test_places_survive_sums_and_slices(pieces: list[str], data: st.DataObject) -> None:
    whole: str = ""
    for piece in pieces:
        whole = whole + PlacedText.read(piece, Source("f", piece), 0, len(piece))
    begin = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(begin, len(whole)))
    cut = whole[begin:end]
    assert isinstance(cut, PlacedText)
    for at, char in enumerate(str(cut)):
        place = cut.place(at)
        assert place is not None
        assert (place[0].text + "\n")[place[1]] == char or char != "\n"
