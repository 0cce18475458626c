"""Where the values of variables come from, what their types make of them, and what stays open."""

from __future__ import annotations

from pathlib import Path

import pytest

from partywall.limit import Limits, Range
from partywall.value import Choice, Known, Unknown
from tests.terraform.written import attributes, deployment, messages, output

FILES = {
    "main.tf": """
        variable "a" { default = "default" }
        variable "b" { default = "default" }
        variable "c" { default = "default" }
        variable "d" { default = "default" }
        variable "e" { default = "default" }
        variable "f" { default = "default" }
        output "all" { value = [var.a, var.b, var.c, var.d, var.e, var.f] }
    """,
    "terraform.tfvars": 'b = "terraform.tfvars"\nc = "terraform.tfvars"\nd = "terraform.tfvars"\ne = "t"\nf = "t"\n',
    "terraform.tfvars.json": '{"c": "json", "d": "json"}',
    "1.auto.tfvars": 'd = "auto 1"\ne = "auto 1"\nf = "auto 1"\n',
    "2.auto.tfvars.json": '{"e": "auto 2", "f": "auto 2"}',
    "other.tfvars": 'a = "other"\n',
}


def test_later_sources_win(tmp_path: Path) -> None:
    found = deployment(tmp_path, FILES, variables={"f": "typed"})
    assert output(found, "all") == ["default", "terraform.tfvars", "json", "auto 1", "auto 2", "typed"]


def test_a_named_file_counts_before_what_is_typed(tmp_path: Path) -> None:
    found = deployment(tmp_path, FILES, variable_files=["other.tfvars"], variables={"b": "typed"})
    assert output(found, "all") == ["other", "typed", "json", "auto 1", "auto 2", "auto 2"]


def test_a_value_leads_back_to_where_it_is_set(tmp_path: Path) -> None:
    found = deployment(tmp_path, FILES | {"r.tf": 'resource "x_y" "a" {\n  n = var.d\n}\n'})
    (one,) = (one for one in found.resources if one.address == "x_y.a")
    told = [(Path(because.span.path).name, because.span.line) for because in one.attributes["n"].origin]
    assert ("1.auto.tfvars", 1) in told


def test_a_value_for_no_variable_is_noted(tmp_path: Path) -> None:
    found = deployment(tmp_path, {"main.tf": "", "terraform.tfvars": "x = 1\n"})
    assert messages(found) == ["terraform.tfvars:1: a value is given for x, which is no variable of this module"]


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        ("string", "007", "007"),
        ("string", '["a"]', '["a"]'),
        ("number", "007", 7),
        ("bool", "true", True),
        ("list(string)", '["a", 1]', ["a", "1"]),
        ("map(number)", '{ a = "1" }', {"a": 1}),
        ("any", "[1]", [1]),
    ],
)
def test_typed_text_is_read_as_its_type_says(tmp_path: Path, kind: str, typed: str, expected: object) -> None:
    text = f'variable "v" {{ type = {kind} }}\noutput "v" {{ value = var.v }}\n'
    assert output(deployment(tmp_path, text, variables={"v": typed}), "v") == expected


def test_a_variable_without_type_takes_typed_text_as_it_is(tmp_path: Path) -> None:
    text = 'variable "v" {}\noutput "v" { value = var.v }\n'
    assert output(deployment(tmp_path, text, variables={"v": "[1]"}), "v") == "[1]"


OPTIONAL = """
variable "v" {
  type = object({
    name  = string
    port  = optional(number, 443)
    tls   = optional(object({ on = optional(bool, true), cert = optional(string) }), {})
    rules = optional(list(object({ cidr = string, open = optional(bool, false) })), [])
  })
}
output "v" { value = var.v }
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('{ name = "a" }', {"name": "a", "port": 443, "tls": {"on": True, "cert": None}, "rules": []}),
        (
            '{ name = 1, port = null, tls = { on = false }, extra = 1 }',
            {"name": "1", "port": 443, "tls": {"on": False, "cert": None}, "rules": []},
        ),
        (
            '{ name = "a", rules = [{ cidr = "x" }, { cidr = "y", open = "true" }] }',
            {
                "name": "a",
                "port": 443,
                "tls": {"on": True, "cert": None},
                "rules": [{"cidr": "x", "open": False}, {"cidr": "y", "open": True}],
            },
        ),
    ],
)  # fmt: skip
def test_optional_attributes_have_their_defaults(tmp_path: Path, given: str, expected: object) -> None:
    assert output(deployment(tmp_path, OPTIONAL, variables={"v": given}), "v") == expected


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("number", "x", "a number is needed, not a text"),
        ("bool", "yes", "true or false is needed, not a text"),
        ("list(number)", '["a"]', "a number is needed, not a text"),
        ("object({ a = string })", "{}", "the attribute a is required"),
        ("map(string)", "[1]", "a map is needed, not a list"),
        ("tuple([string])", "[1, 2]", "a list of fixed length is needed, not a list"),
        ("list(any)", '[1, [2]]', "a list and a number have no type in common"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_its_type_is_a_problem(tmp_path: Path, kind: str, given: str, message: str) -> None:
    text = f'variable "v" {{ type = {kind} }}\noutput "v" {{ value = var.v }}\n'
    found = deployment(tmp_path, text, variables={"v": given})
    assert output(found, "v") == "?"
    assert [one.message for one in found.problems] == [f"{message}; the value counts as unknown"]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("strin", "strin is not a type"),
        ("object", "object needs its parts in parentheses"),
        ("list(string, string)", "this is not a type"),
        ("object({ a = optional(number, true) })", "the default must be a number"),
    ],
)
def test_a_malformed_type_is_a_problem(tmp_path: Path, kind: str, message: str) -> None:
    found = deployment(tmp_path, f'variable "v" {{\n  type = {kind}\n}}\noutput "v" {{ value = var.v }}\n')
    assert [one.message for one in found.problems] == [message]


NULLABLE = """
variable "strict" {
  default  = "d"
  nullable = false
}
variable "loose" { default = "d" }
output "v" { value = [var.strict, var.loose] }
"""


def test_null_is_the_default_where_a_variable_may_not_be_null(tmp_path: Path) -> None:
    found = deployment(tmp_path, {"main.tf": NULLABLE, "terraform.tfvars": "strict = null\nloose = null\n"})
    assert output(found, "v") == ["d", None]


def test_a_module_argument_of_null_is_null_and_not_absent(tmp_path: Path) -> None:
    call = 'module "m" {\n  source = "./m"\n  strict = null\n  loose = null\n}\noutput "v" { value = module.m.v }\n'
    found = deployment(tmp_path, {"main.tf": call, "m/main.tf": NULLABLE})
    assert output(found, "v") == ["d", None]


def test_a_variable_without_value_is_unknown_and_knows_its_attributes(tmp_path: Path) -> None:
    text = """
        variable "plain" {}
        variable "object" { type = object({ name = string, inner = object({ n = number }) }) }
        output "v" { value = [var.plain, var.object, keys(var.object)] }
    """
    found = deployment(tmp_path, text)
    assert output(found, "v") == ["?", {"name": "?", "inner": {"n": "?"}}, ["inner", "name"]]
    (one,) = (one for one in found.resources if one.address == "output.v")
    value = one.attributes["value"]
    assert isinstance(value, Known)
    plain = value.it[0]  # type: ignore[index]
    assert isinstance(plain, Unknown)
    assert plain.why == "variable plain has no default"


@pytest.mark.parametrize(
    "condition", ['contains(["small", "large"], var.size)', '(var.size == "small" || var.size == "large")']
)
def test_a_validation_that_lists_values_makes_a_choice(tmp_path: Path, condition: str) -> None:
    text = """
        variable "size" {
          validation {
            condition     = CONDITION
            error_message = "No."
          }
        }
        resource "x_y" "a" { disk = var.size == "large" ? 100 : 10 }
    """
    found = deployment(tmp_path, text.replace("CONDITION", condition))
    assert attributes(found, "x_y.a") == {"disk": {"var.size is small": 10, "var.size is large": 100}}


@pytest.mark.parametrize(
    ("condition", "limits"),
    [
        ("var.days >= 7 && var.days <= 35", Range(7, 35)),
        ("(7 <= var.days) && (var.days < 36)", Range(7, 36)),
        ("var.days > 0.5", Range(0.5)),
        ("var.days >= 7 || var.days == 0", None),
        ("var.days >= 7 && var.days != 9 && floor(var.days) == var.days", Range(7)),
        ("!(var.days >= 7)", None),
        ("var.days >= var.least", None),
    ],
)
def test_validations_bound_a_number(tmp_path: Path, condition: str, limits: Range | None) -> None:
    text = """
        variable "days" {
          type = number
          validation {
            condition     = CONDITION
            error_message = "No."
          }
        }
        resource "x_y" "a" { days = var.days }
    """
    found = deployment(tmp_path, text.replace("CONDITION", condition))
    (one,) = (one for one in found.resources if one.address == "x_y.a")
    value = one.attributes["days"]
    assert isinstance(value, Unknown)
    assert value.limits == (None if limits is None else Limits(limits))


def test_sensitive_variables_and_outputs_are_judged_and_not_shown(tmp_path: Path) -> None:
    text = """
        variable "s" {
          default   = { password = "hush" }
          sensitive = true
        }
        variable "e" {
          default   = "x"
          ephemeral = true
        }
        resource "x_y" "a" {
          password = var.s.password
          text     = "p=${var.s["password"]}"
          e        = var.e
          plain    = "p"
        }
    """
    found = deployment(tmp_path, text)
    assert attributes(found, "x_y.a") == {"password": "hush", "text": "p=hush", "e": "x", "plain": "p"}
    (one,) = (one for one in found.resources if one.address == "x_y.a")
    marks = {name: not isinstance(it, Choice) and it.sensitive for name, it in one.attributes.items()}
    assert marks == {"password": True, "text": True, "e": True, "plain": False}


def test_a_map_looked_up_by_an_open_variable_is_a_choice(tmp_path: Path) -> None:
    text = """
        variable "env" {}
        resource "x_y" "a" {
          open = { dev = true, prod = false }[var.env]
          size = lookup({ prod = 10 }, terraform.workspace, 1)
        }
    """
    assert attributes(deployment(tmp_path, text), "x_y.a") == {
        "open": {
            'var.env == "dev" is true': True,
            'var.env == "dev" is false': {'var.env == "prod" is true': False, 'var.env == "prod" is false': "?"},
        },
        "size": {'terraform.workspace == "prod" is true': 10, 'terraform.workspace == "prod" is false': 1},
    }
    assert attributes(deployment(tmp_path, text, variables={"env": "dev"}, workspace="prod"), "x_y.a") == {
        "open": True,
        "size": 10,
    }
