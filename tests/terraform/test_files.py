"""Which files make a module: names, override files, OpenTofu's files, duplicates, and JSON syntax."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partywall.source import Source
from partywall.terraform import roots
from partywall.terraform.json_syntax import read_json_body
from tests.terraform.written import attributes, deployment, messages, output, resources, write


def test_other_names_are_no_part_of_the_module(tmp_path: Path) -> None:
    text = 'resource "x_y" "%s" {}\n'
    names = [
        "main.tf",
        ".hidden.tf",
        "old.tf~",
        "#edit.tf#",
        "t.tftest.hcl",
        "m.tfmock.hcl",
        "x.tf.bak",
        "sub/below.tf",
    ]
    found = deployment(tmp_path, {name: text % f"n{at}" for at, name in enumerate(names)})
    assert list(resources(found)) == ["x_y.n0"]
    assert [Path(one).name for one in found.files] == ["main.tf"]


def test_an_override_file_replaces_arguments_and_all_blocks_of_a_type(tmp_path: Path) -> None:
    found = deployment(
        tmp_path,
        {
            "main.tf": """
                resource "x_y" "a" {
                  one = 1
                  two = 2
                  kept { n = 0 }
                  replaced { n = 1 }
                  replaced { n = 2 }
                  lifecycle {
                    prevent_destroy = true
                    create_before_destroy = true
                  }
                }
                variable "v" { default = "weak" }
                locals { l = "weak" }
                output "v" { value = "${var.v} ${local.l}" }
            """,
            "b_override.tf": 'locals { l = "strong" }\nresource "x_y" "a" { two = 4 }\n',
            "a_override.tf": """
                variable "v" { default = "strong" }
                resource "x_y" "a" {
                  two = 3
                  dynamic "replaced" {
                    for_each = [7]
                    content { n = replaced.value }
                  }
                  lifecycle { prevent_destroy = false }
                }
            """,
        },
    )
    assert not found.problems
    assert attributes(found, "x_y.a") == {"one": 1, "two": 4, "kept": [{"n": 0}], "replaced": [{"n": 7}]}
    two = resources(found)["x_y.a"].attributes["two"]
    assert (Path(two.span.path).name, two.span.line) == ("b_override.tf", 2)
    assert output(found, "v") == "strong strong"


def test_an_override_file_declares_nothing_new(tmp_path: Path) -> None:
    found = deployment(tmp_path, {"main.tf": "", "override.tf": 'resource "x_y" "a" {}\n'})
    assert messages(found) == ["override.tf:1: an override file changes resource.x_y.a, which no other file declares"]


def test_a_file_of_opentofu_takes_the_place_of_its_twin(tmp_path: Path) -> None:
    found = deployment(
        tmp_path,
        {
            "a.tf": 'resource "x_y" "terraform" {}\n',
            "a.tofu": 'resource "x_y" "opentofu" {}\n',
            "b.tf.json": '{"resource": {"x_y": {"json": {}}}}',
            "b.tofu": 'resource "x_y" "beside" {}\n',
        },
    )
    assert sorted(resources(found)) == ["x_y.beside", "x_y.json", "x_y.opentofu"]


def test_what_is_declared_twice_counts_once_and_is_a_problem(tmp_path: Path) -> None:
    text = 'resource "x_y" "a" {\n  n = %d\n}\nlocals {\n  l = %d\n}\nvariable "v" {}\n'
    found = deployment(tmp_path, {"a.tf": text % (1, 1), "b.tf": text % (2, 2)})
    assert attributes(found, "x_y.a") == {"n": 1}
    assert messages(found) == [
        "b.tf:1: resource.x_y.a is declared twice; the first one counts",
        "b.tf:5: the local value l is declared twice",
        "b.tf:7: variable.v is declared twice; the first one counts",
    ]


def test_what_is_no_block_of_terraform_is_noted(tmp_path: Path) -> None:
    found = deployment(tmp_path, 'future "x" {}\nresource "x_y" {}\nmoved {\n  from = a.b\n  to = a.c\n}\n')
    assert messages(found) == [
        "main.tf:1: blocks of type future are not known here and were passed over",
        "main.tf:2: resource needs 2 labels, found 1",
    ]


def test_one_bad_file_costs_that_file(tmp_path: Path) -> None:
    write(tmp_path, {"a.tf": 'resource "x_y" "a" {}\n', "c.tf.json": "{"})
    (tmp_path / "b.tf").write_bytes(b"\xff")
    found = deployment(tmp_path, {})
    assert list(resources(found)) == ["x_y.a"]
    assert messages(found) == ["b.tf:1: is not UTF-8 text (byte 0)", "c.tf.json:1: expected a JSON string"]


def test_roots_are_what_no_other_directory_calls(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app/main.tf": 'module "m" { source = "../module" }\nmodule "s" { source = "../state" }\n',
            "module/main.tf": "",
            "state/main.tf": 'terraform {\n  backend "s3" {}\n}\n',
            "values/main.tf": "",
            "values/a.tfvars": "",
            "user/main.tf": 'module "v" { source = "../values" }\n',
            "app/.terraform/modules/x/main.tf": "",
        },
    )
    found = [str(Path(one).relative_to(tmp_path)) for one in roots(str(tmp_path))]
    assert found == ["app", "state", "user", "values"]


JSON = """{
  "//": "a comment",
  "variable": {"n": {"type": "number", "default": 2}, "s": {"default": "not ${evaluated}"}},
  "locals": {"list": ["${var.n}", "x${var.n}"], "object": {"k${var.n}": true}, "whole": "${[1, 2]}"},
  "resource": {
    "x_y": {
      "a": [{
        "count": "${var.n}",
        "tags": {"Name": "n${count.index}"},
        "block": {"inner": {"b": "${count.index + 1}"}},
        "several": [{"c": 1}, {"c": 2}],
        "list": [1, "${var.n}"],
        "dynamic": {"made": {"for_each": ["p", "q"], "content": {"d": "${made.value}"}}},
        "depends_on": ["x_y.b"],
        "lifecycle": {"prevent_destroy": true}
      }],
      "b": {"text": "${x_y.a[0].block.inner.b}", "plain": "%%{ $${"}
    }
  },
  "output": {"list": {"value": "${local.list}"}, "object": {"value": "${local.object}"}, "s": {"value": "${var.s}"}}
}"""


def test_json_says_what_hcl_says(tmp_path: Path) -> None:
    found = deployment(tmp_path, {"main.tf.json": JSON})
    assert not found.problems
    assert attributes(found, "x_y.a[1]") == {
        "tags": {"Name": "n1"},
        "block": [{"inner": [{"b": 2}]}],
        "several": [{"c": 1}, {"c": 2}],
        "list": [1, 2],
        "made": [{"d": "p"}, {"d": "q"}],
    }
    assert attributes(found, "x_y.b") == {"text": 1, "plain": "%{ ${"}
    assert (output(found, "list"), output(found, "object")) == ([2, "x2"], {"k2": True})
    assert output(found, "s") == "not ${evaluated}"
    tags = resources(found)["x_y.a[0]"].attributes["tags"]
    assert (tags.span.line, tags.span.column) == (9, 17)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "main.tf.json:1: expected a JSON value"),
        ('{"a": 1', "main.tf.json:1: expected , or }"),
        ('{\n"resource": {\n"x_y": {"a": {"b": "${"}}}}', "main.tf.json:3: an interpolation has no closing }"),
        ("[" * 100_000, "main.tf.json:1: JSON is nested too deeply"),
        ('{"a": "\\q"}', "main.tf.json:1: a JSON string is malformed"),
    ],
)
def test_json_in_error_says_where(tmp_path: Path, text: str, expected: str) -> None:
    assert messages(deployment(tmp_path, {"main.tf.json": text})) == [expected]


_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.sampled_from(["${a}", "%{ if", "${"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.dictionaries(
            st.sampled_from(["resource", "variable", "locals", "module", "output", "terraform", "x"]),
            _VALUES,
            max_size=3,
        ).map(__import__("json").dumps),
    )
)
def test_no_json_makes_the_reader_stumble(text: str) -> None:
    _, problems = read_json_body(Source("", text))
    assert all(0 <= one.offset <= len(text) for one in problems)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\n", "main.tf:1: a stands in no block and was not read"),
        ("locals {\n  a {}\n}\n", "main.tf:2: a is a block among local values and was not read"),
        ('resource "x_y" "1a" {}\n', 'main.tf:1: "1a" is no name: Terraform wants letters, digits, _ and - only'),
        ('variable "source" {}\n', "main.tf:1: a variable cannot be called source"),
        ('output "a" {}\n', "main.tf:1: output needs the argument value"),
        ('module "a" {}\n', "main.tf:1: module needs the argument source"),
        ("moved {\n  from = x_y.a\n}\n", "main.tf:1: moved needs the argument to"),
        (
            'provider "aws" {}\nprovider "aws" {}\n',
            "main.tf:2: the provider aws is configured twice under the same name",
        ),
        ('variable "a" {\n  type = foo\n}\n', "main.tf:2: foo is not a type"),
        (
            'variable "a" {\n  type    = number\n  default = "x"\n}\n',
            "main.tf:1: a number is needed, not a text; the value counts as unknown",
        ),
        ("locals {\n  a = local.a\n}\n", "main.tf:2: local.a depends on itself; the value counts as unknown"),
        (
            "locals {\n  a = [1][3]\n}\n",
            "main.tf:2: there is no element 3: the list has 1; the value counts as unknown",
        ),
        ("locals {\n  a = terraform.env\n}\n", "main.tf:2: terraform.env does not exist; the value counts as unknown"),
    ],
)
def test_what_terraform_would_refuse_is_told_although_nothing_asks_for_it(
    tmp_path: Path, text: str, message: str
) -> None:
    assert message in messages(deployment(tmp_path, text))
