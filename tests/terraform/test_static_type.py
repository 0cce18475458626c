"""Types: which a value has although it is null, unknown or empty, and what Terraform refuses because of them.

Every answer is that of `terraform console`.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from partywall.source import NOWHERE, Source
from partywall.terraform.evaluation import evaluate
from partywall.terraform.reader import read_expression
from partywall.terraform.scope import EvaluationError, Scope
from partywall.terraform.static_type import STRING, Provided, common, convertible, differ, named, type_of
from partywall.terraform.type_conversion import conform, open_value
from partywall.terraform.variable import Constants
from partywall.value import Known, Setting, Unknown
from tests.terraform.written import shape

UNKNOWN: Unknown[object] = Unknown("nobody knows")
NAMES: Mapping[str, Setting] = {
    **{
        f"u_{name}": open_value(named(kind), UNKNOWN)
        for name, kind in (("text", "string"), ("number", "number"), ("list", "list(string)"), ("set", "set(string)"))
    },
    "u_any": UNKNOWN,
    **{
        f"n_{name}": conform(Known(None), named(kind), NOWHERE)
        for name, kind in (("text", "string"), ("list", "list(string)"), ("map", "map(string)"))
    },
    "provided": Known({"port": Provided("80")}),
}


def value(text: str) -> Setting:
    source = Source("test.tf", text)
    return evaluate(read_expression(source), Scope(source, Constants("."), NAMES))


REFUSED = (
    # Arms of a conditional without a type in common, whichever is taken.
    "true ? 1 : true",
    "true ? { a = true } : { a = true, b = 1 }",
    'false ? "a" : [1]',
    "false ? u_list : 1",
    "true ? toset([[true, 0]]) : toset([[true]])",
    'true ? [1, 2] : ["a", true]',
    'true ? { a = 1, b = "x" } : { a = true, b = "y" }',
    'coalesce("a", [])',
    "transpose(true ? tomap({}) : tomap({ a = 1 }))",
    # Null of a type.
    "n_list[*]",
    "merge({ a = 1 }, n_text)",
    "n_map[u_text]",
    "length(n_list)",
    "null + u_number",
    # Unknown of a type.
    'u_text["a"]',
    "u_text.a",
    "u_set[0]",
    "[for x in u_number : x]",
    '[for x in ["a"] : x if u_list]',
    "u_list + 1",
    "-u_list",
    "!u_list",
    '"a${u_list}"',
    "keys(u_list)",
    "one(u_text)",
    "one(u_set).a",
    "length(u_number)",
    "formatlist(u_text, u_text).a",
    "toset(u_text)",
    'jsondecode("a-${u_text}")',
    # Elements.
    "toset([[], null])",
    'lookup(tomap({ a = 1 }), "a", "x")',
    'lookup(tomap({ a = [1] }), "a", "")',
    "coalescelist(toset([1]))",
    'concat(toset(["a"]))',
    "alltrue([1])",
    "sum({ a = 1 })",
    'false && "value"',
    "signum(0.5)",
    'yamldecode("")',
    "0 / 0",
    "1 / 0 - 1 / 0",
)


@pytest.mark.parametrize("text", REFUSED)
def test_a_mistake_in_types_is_an_error_whatever_the_values_are(text: str) -> None:
    with pytest.raises(EvaluationError):
        value(text)


VALUES = {
    # A list is no tuple, a map no object.
    'tolist(["a"]) == ["a"]': False,
    "tomap({ a = 1 }) == { a = 1 }": False,
    'toset(["a"]) == ["a"]': False,
    "[] == tolist([])": False,
    "u_text == 1": False,
    'u_list == ["a"]': False,
    'contains(["a", "b"], 1)': False,
    'tolist(["a"]) == tolist([for x in ["a"] : x])': True,
    "provided.port == 80": False,
    # The type is that of the other arm, of the arguments, or of the elements.
    'true ? [1] : tolist(["a"])': ["1"],
    'true ? { a = 1 } : tomap({ b = "x" })': {"a": "1"},
    'concat(tolist([1]), tolist(["a"]))': ["1", "a"],
    'concat(tolist([1]), ["a"])': [1, "a"],
    "concat(tolist([1]), tolist([n_text]))": ["1", None],
    'merge(tomap({ a = 1 }), tomap({ b = "x" }))': {"a": 1, "b": "x"},
    "setunion(toset([true]), tolist([n_text]), toset([]))": ["true", None],
    "toset(compact([1, 2]))": ["1", "2"],
    'lookup(tomap({ a = "x" }), "b", 1)': "1",
    'distinct([1, "1"])': ["1"],
    'tolist([1, null, "a"])': ["1", None, "a"],
    'values(tomap({ a = 1, b = "x" }))': ["1", "x"],
    "coalesce(null, 3, [])": 3,
    'true ? [1] : [1, "a", true]': ["1"],
    'true ? { a = 1, b = 2 } : { a = true, c = "x" }': {"a": "1", "b": "2"},
    'format("%v", null)': "?",
    'format("%v", n_text)': "null",
    "pow(3, 40)": 12157665459056929000,
    "pow(0, -1)": float("inf"),
    # What a type alone tells.
    "length(setproduct([], u_list))": 0,
    "tolist([u_text])[*]": ["?"],
    '"${u_text}"[*]': "?",
    '"a${u_text}"[*]': ["a?"],
    "try(u_text.a, 1)": 1,
    "coalescelist([], [1])": [1],
    # Numbers have 512 binary digits.
    "tostring(1 / 3 * 3)": "1",
    "tostring(1 / 3)": f"0.{'3' * 154}5",
    "-(1 / 3) + 1 / 3": 0,
    "5.5 % -2": 1.5,
    "2 % 0": 2,
    '"a${1 / 0}"': "a+Inf",
    "1 / (1 / 0)": 0,
    "jsonencode([1e-7, 12345678901234567890.5])": "[0.0000001,12345678901234567890.5]",
}


@pytest.mark.parametrize(("text", "expected"), VALUES.items())
def test_a_value_has_a_type_that_decides(text: str, expected: object) -> None:
    assert shape(value(text)) == expected


def test_a_condition_marks_its_value_as_sensitive_when_either_arm_is() -> None:
    found = value('true ? "a" : sensitive("b")')
    assert isinstance(found, Known)
    assert found.sensitive
    text = value('"x%{ if true }a%{ else }${sensitive("b")}%{ endif }"')
    assert isinstance(text, Known)
    assert text.sensitive


def test_a_type_is_kept_by_what_hands_a_value_on() -> None:
    assert type_of(value("n_list")) == named("list(string)")
    assert type_of(value("sensitive(tolist([]))")) == named("list(any)")
    assert type_of(value("true ? null : n_text")) == STRING
    assert type_of(value("upper(u_text)")) == STRING
    assert type_of(value("u_list[0]")) == STRING
    assert type_of(value("one(u_set)")) == STRING
    assert type_of(value("contains(u_list, u_text)")) == named("bool")
    assert type_of(value("u_list[*]")) == named("list(string)")
    assert type_of(value("keys({ a = 1 })")).kind == "tuple"
    assert type_of(value("keys(tomap({ a = 1 }))")) == named("list(string)")


def test_types_have_a_type_in_common_where_all_convert_to_it() -> None:
    assert common([named("number"), STRING]) == STRING
    assert common([named("number"), named("bool")]) is None
    assert common([named("list(number)"), named("list(string)")]) == named("list(string)")
    assert common([named("list(number)"), named("set(string)")]) == named("list(number)")
    assert convertible(named("set(any)"), named("list(string)"))
    assert not convertible(named("map(string)"), named("list(string)"))
    assert differ(named("set(string)"), named("set(number)"))
    assert not differ(named("set(string)"), named("set(any)"))
