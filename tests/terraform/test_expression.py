"""Expressions: a text and the value it has, and what stays known although parts are not."""

from __future__ import annotations

import pytest

from partywall.terraform.scope import EvaluationError
from partywall.terraform.syntax import HclError
from partywall.value import Known, Unknown
from tests.terraform.written import shape, value

VALUES = {
    # Operators.
    "1 + 2 * 3 - 4 / 2": 5,
    "-(7 % 4)": -3,
    "0.1 + 0.2": 0.3,
    "1 == 1.0": True,
    '1 == "1"': False,
    "true == 1": False,
    "null == null": True,
    '"a" == null': False,
    "[1, 2] == [1, 2]": True,
    "{ a = 1 } == { a = 2 }": False,
    '"2" > 1 && !false': True,
    "false || true && false": False,
    "1 < 2 ? 3 < 4 ? 5 : 6 : 7": 5,
    "1 / 4": 0.25,
    "2 - -2": 4,
    "9007199254740993 + 0": 9007199254740993,
    "1e3": 1000,
    # Conditionals find one type.
    'true ? 1 : "b"': "1",
    "true ? [1] : []": [1],
    'false ? { a = 1 } : { b = "x" }': {"b": "x"},
    'true ? { a = 1 } : { b = "x" }': {"a": "1"},
    "true ? null : 1": None,
    # References.
    "object.name": "n",
    'object["name"]': "n",
    "[10, 20, 30].1": 20,
    '[10, 20, 30]["1"]': 20,
    "{ a = { b = [1, 2] } }.a.b[1]": 2,
    # Splats.
    '[{ a = 1 }, { a = 2 }][*].a': [1, 2],
    '[{ a = [1, 2] }, { a = [3] }][*].a[0]': [1, 3],
    '[[{ a = 1 }], [{ a = 2 }]].*.0.a': [1, 2],
    '[{ a = [{ b = 1 }] }][*].a[*].b': [[1]],
    "null[*]": [],
    '"x"[*]': ["x"],
    "texts[*]": ["a", "b"],
    # Lists and objects.
    "[1, [2], { c = 3 },]": [1, [2], {"c": 3}],
    '{ a = 1, "b" : 2, (upper("c")) = 3, 4 = 5, null = 6 }': {"a": 1, "b": 2, "C": 3, "4": 5, "null": 6},
    "{ a = 1, a = 2 }": {"a": 2},
    # For.
    "[for x in [1, 2, 3] : x * 2 if x != 2]": [2, 6],
    '[for i, x in ["a", "b"] : "${i}${x}"]': ["0a", "1b"],
    "[for k, v in { b = 2, a = 1 } : \"${k}=${v}\"]": ["a=1", "b=2"],
    "[for v in { b = 2, a = 1 } : v]": [1, 2],
    "[for x in texts : x]": ["a", "b"],
    '{ for x in ["a", "b"] : x => upper(x) }': {"a": "A", "b": "B"},
    '{ for x in ["a", "ab", "b"] : substr(x, 0, 1) => x... }': {"a": ["a", "ab"], "b": ["b"]},
    "{\n  for x in [1] :\n  x => x\n}": {"1": 1},
    # Templates.
    '"a${1}b${true}"': "a1btrue",
    '"${[1]}"': [1],
    '"${null}"': None,
    '"$${x} %%{y} $x %y"': "${x} %{y} $x %y",
    '"\\n\\t\\"\\\\\\u00e9\\U0001F600"': '\n\t"\\é😀',
    '"%{ if true }yes%{ else }no%{ endif }"': "yes",
    '"%{ for x in [1, 2] }${x},%{ endfor }"': "1,2,",
    '"a ${~ "b" ~} c"': "abc",
    '"a\\u0301"': "á",
    # Functions that see syntax.
    "try({}.a, [][0], 3)": 3,
    "can({}.a)": False,
    "can(1)": True,
    "max([1, 5, 3]...)": 5,
    'core::upper("a")': "A",
    # What stays known although parts are not.
    "length(half)": 2,
    "half[0]": "a",
    "keys({ a = u })": ["a"],
    'merge({ a = 1 }, { b = u })': {"a": 1, "b": "?"},
    'concat(["x"], half)': ["x", "a", "?"],
    'contains(half, "a")': True,
    'contains(half, "b")': "?",
    'coalesce("", "x", u)': "x",
    "coalesce(u, 1)": "?",
    'lookup({ a = 1, b = u }, "a", 2)': 1,
    "object.id": "?",
    "alltrue([false, u])": False,
    "alltrue([true, u])": "?",
    "anytrue([true, u])": True,
    "false && u": False,
    "u && false": False,
    "true || u": True,
    "u || true": True,
    "u == null": "?",
    "partly == null": False,
    "created != null ? 1 : 2": 1,
    '"x-${u}-y"': "x-?-y",
    'format("%s/%d", u, 3)': "?/3",
    'join("-", ["a", u])': "a-?",
    "upper(partly)": "ARN:AWS:S3:::?/*",
    'startswith(partly, "arn:aws:s3")': True,
    'startswith(partly, "http")': False,
    'startswith(partly, "arn:aws:s3:::b")': "?",
    'partly == "arn:aws:sqs:x"': False,
    'jsonencode({ a = u, b = [1] })': {"a": "?", "b": [1]},
    "jsondecode(jsonencode({ a = u, b = [1] })).b[0]": 1,
    "[for x in half : x]": ["a", "?"],
    "[for x in [1] : x if u]": "?",
    "u.a[0].b": "?",
    "sort([\"b\", u])": ["?", "?"],
    # Choices.
    "u ? 1 : 1": 1,
    "u ? 1 : 2": {"u is true": 1, "u is false": 2},
    "!u ? 1 : 2": {"u is true": 2, "u is false": 1},
    "(u ? 1 : 2) + 1": {"u is true": 2, "u is false": 3},
    '"v${u ? 1 : 2}"': {"u is true": "v1", "u is false": "v2"},
    "u ? [1][5] : 2": {"u is true": "?", "u is false": 2},
}  # fmt: skip

ERRORS = {
    "[1, 2][2]": "there is no element 2: the list has 2",
    "{ a = 1, b = 2 }.c": "there is no attribute c; there are a, b",
    '"x".length': "a text has no attribute length",
    "null.a": "null has no attribute a",
    "texts[0]": "a set has no elements to index",
    "[1][-1]": "an index must be a whole number from 0",
    "[1][0.5]": "an index must be a whole number from 0",
    '"a" < "b"': "a number is needed, not a text",
    "!1": "true or false is needed, not a number",
    "0 / 0": "division of zero by zero",
    "[for x in 1 : x]": "only a list, set, map or object can be visited, not a number",
    '{ for x in ["a", "a"] : x => 1 }': 'the key "a" is there twice',
    "{ (null) = 1 }": "a key must be a text, not null",
    '"a${[1]}"': "a template needs a text here, not a list",
    '"a${null}"': "a template needs a text here, not null",
    "nope": "nope is not declared",
    "nope(1)": "nope: there is no such function",
    "upper()": "upper: it takes 1 argument",
    "substr(1)": "substr: it takes 3 arguments",
    "list(1)": "list: Terraform 0.15 took the function away: use […] or tolist",
    "upper(1...)": "only a list can be spread with ..., not a number",
    "secret.x": "a text has no attribute x",
    'timeadd(secret, "1h")': "timeadd: an argument does not fit; it is sensitive and not shown",
    '{ for x in [secret, secret] : x => 1 }': "the key (sensitive) is there twice",
}  # fmt: skip

MALFORMED = {
    "1 +": (3, "expected an expression, found the end"),
    "[1 2]": (3, "expected , or ], found 2"),
    "{ a = 1 b = 2 }": (8, "expected a new line or ,, found b"),
    "f(1": (3, "expected , or ), found the end"),
    '"abc': (0, "a text has no closing quote on its line"),
    '"a${b"': (5, "a text has no closing quote on its line"),
    '"${1 2}"': (5, "expected the end, found 2"),
    "'a'": (0, "texts stand in double quotes, not '"),
    "a & b": (2, "the operator is &&, not &"),
    "/* x": (0, "a comment has no */ that ends it"),
    "a.b.*.c.*.d": (8, "a .* cannot follow another one: use [*]"),
    '"\\q"': (1, "\\q is not an escape; write \\\\ for a backslash"),
    "{ a.b = 1 }": (2, "a reference as key stands in parentheses"),
    '"%{ if true }a"': (1, "%{ if } has no %{ endif }"),
    '"%{ endfor }"': (4, "unexpected %{ endfor }"),
    '"%{ while true }"': (4, "while is no directive: there are if, else, endif, for and endfor"),
    "x[": (2, "expected an expression, found the end"),
    "a ? b": (5, "expected :, found the end"),
}


@pytest.mark.parametrize("text", VALUES)
def test_an_expression_has_its_value(text: str) -> None:
    found = shape(value(text))
    assert found == VALUES[text]
    assert isinstance(found, bool) is isinstance(VALUES[text], bool)


@pytest.mark.parametrize("text", ERRORS)
def test_an_expression_in_error_says_what_is_wrong(text: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        value(text)
    assert caught.value.message == ERRORS[text]
    assert caught.value.span.path == "test.tf"


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed_text_says_where_and_what_was_expected(text: str) -> None:
    with pytest.raises(HclError) as caught:
        value(text)
    assert (caught.value.offset, caught.value.message) == MALFORMED[text]


@pytest.mark.parametrize(
    "text",
    [
        "secret", '"a-${secret}"', "upper(secret)", "secret == \"x\"", "[secret][0]", "{ a = secret }.a",
        'secret == "hush" ? 1 : 2', "[for x in [secret] : x][0]", "sensitive(1)", "sensitive({ a = 1 }).a",
        'split(",", secret)[0]', "jsonencode({ a = secret })", "try(secret, 1)", '"%{ if secret == "x" }a%{ endif }"',
        "coalesce(null, secret)", "sensitive([1, 2])[*]", '"${secret}${u}"',
    ],
)  # fmt: skip
def test_what_comes_from_a_sensitive_value_is_sensitive(text: str) -> None:
    found = value(text)
    assert isinstance(found, Known | Unknown)
    assert found.sensitive


@pytest.mark.parametrize(
    "text", ["nonsensitive(secret)", "length([secret])", "[secret, 1][1]", "{ a = secret, b = 1 }.b"]
)
def test_what_does_not_tell_a_sensitive_value_is_not(text: str) -> None:
    found = value(text)
    assert isinstance(found, Known)
    assert not found.sensitive


def test_references_reach_what_is_computed_from_them() -> None:
    for text in ('"a${u}"', "upper(u)", "[u][0]", "u == 1", "[for x in u : x]", "merge(u)", "{ (u) = 1 }", "u.b"):
        assert "aws_x.y" in {one.address for one in value(text).references}, text
