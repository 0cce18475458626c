"""Every function: a call and its value. Answers are Terraform 1.11's, where it has the function."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from partywall.terraform import functions
from partywall.terraform.scope import EvaluationError
from partywall.value import Unknown
from tests.terraform.conformance import SHARED
from tests.terraform.written import shape, value, write

VALUES = {
    "abs(-2.5)": 2.5,
    'provider::aws::arn_parse("arn:aws:s3:::b:c/d")': {
        "partition": "aws", "service": "s3", "region": "", "account_id": "", "resource": "b:c/d",
    },
    'provider::aws::arn_build("aws", "iam", "", "444455556666", "role/x")': "arn:aws:iam::444455556666:role/x",
    'provider::aws::arn_build("aws", "s3", "", "", u)': "arn:aws:s3:::?",
    'provider::aws::trim_iam_role_path("arn:aws:iam::444455556666:role/a/b/x")': "arn:aws:iam::444455556666:role/x",
    'abspath("/a/../b")': "/b",
    "alltrue([true, \"true\"])": True,
    "anytrue([])": False,
    'base64decode("aMO2")': "hö",
    'base64encode("hö")': "aMO2",
    'base64gunzip("H4sIAAAAAAAA/ypJLS4BAAAA//8BAAD//wx+f9gEAAAA")': "test",
    'base64sha256("x")': "LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=",
    'substr(base64sha512("x"), 0, 12)': "pKvURIxJVi2C",
    'basename("a/b.txt")': "b.txt",
    "ceil(1.2)": 2,
    'chomp("a\\n\\n")': "a",
    "chunklist([1, 2, 3], 2)": [[1, 2], [3]],
    'cidrhost("10.1.2.240/28", 1)': "10.1.2.241",
    'cidrhost("10.0.0.0/24", -1)': "10.0.0.255",
    'cidrnetmask("172.16.0.0/12")': "255.240.0.0",
    'cidrsubnet("fd00:fd12:3456:7890:00a2::/72", 16, 162)': "fd00:fd12:3456:7890:0:a200::/88",
    'cidrsubnet("10.0.0.7/8", 8, 3)': "10.3.0.0/16",
    'cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)': ["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20"],
    'cidrsubnets("2001:db8:1100::/56", 8, 8)': ["2001:db8:1100::/64", "2001:db8:1100:1::/64"],
    'cidrcontains("10.0.0.0/8", "10.1.2.3")': True,
    'coalesce(null, "", "a")': "a",
    "coalescelist([], [1])": [1],
    'compact(["a", "", null, "b"])': ["a", "b"],
    "concat([1], [2, 3], [])": [1, 2, 3],
    "contains([1, 2], 2)": True,
    'contains(["1"], 1)': False,
    'csvdecode("a,b\\n1,\\"x, y\\"\\n")': [{"a": "1", "b": "x, y"}],
    'dirname("a/b/c.txt")': "a/b",
    'distinct(["a", "b", "a"])': ["a", "b"],
    "element([1, 2, 3], 4)": 2,
    "element(tolist([1, 2, 3]), -1)": 3,
    'endswith("abc", "bc")': True,
    "flatten([[1, [2]], 3, []])": [1, 2, 3],
    "floor(-1.5)": -2,
    'format("%s %q %v %5d|%-5s|%05.1f|%x %t %%", "a", "b", [1], 42, "ab", 3.14159, 255, true)':
        'a "b" [1]    42|ab   |003.1|ff true %',
    'format("%[2]s-%[1]s", "a", "b")': "b-a",
    'format("%e %g %G", 12345.678, 1e-7, 1e25)': "1.234568e+04 1e-07 1E+25",
    'formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ \'o\'\'clock\'", "2018-01-02T23:12:01Z")':
        "Tuesday, 02-Jan-18 23:12:01 UTC o'clock",
    'formatlist("%s-%s", ["a", "b"], "x")': ["a-x", "b-x"],
    'indent(2, "a\\nb")': "a\n  b",
    'index(["a", "b"], "b")': 1,
    'join(",", ["a", 1], ["b"])': "a,1,b",
    'jsondecode("{\\"a\\": [1, 2.5, null, true]}")': {"a": [1, 2.5, None, True]},
    'jsonencode({ b = [1, null], a = "<&>" })': '{"a":"\\u003c\\u0026\\u003e","b":[1,null]}',
    "keys({ b = 1, a = 2 })": ["a", "b"],
    'length("añb")': 3,
    "log(16, 2)": 4,
    'lookup({ a = 1 }, "b", 2)': 2,
    'lower("ÀB")': "àb",
    'upper("straße")': "STRAßE",
    'matchkeys([1, 2, 3], ["a", "b", "a"], ["a"])': [1, 3],
    "max(1, 3, 2)": 3,
    'md5("x")': "9dd4e461268c8034f5c8564e155c67a6",
    "merge({ a = 1, b = 1 }, null, { b = 2 })": {"a": 1, "b": 2},
    'min(2, "1")': 1,
    "one([])": None,
    "one([5])": 5,
    'parseint("-ff", 16)': -255,
    'pathexpand("a/b")': "a/b",
    "pow(2, 10)": 1024,
    "range(1, 4)": [1, 2, 3],
    "range(3, 0)": [3, 2, 1],
    "range(0, 1, 0.5)": [0, 0.5],
    'regex("(\\\\d+)-(\\\\w+)", "x 12-ab")': ["12", "ab"],
    'regex("(?P<a>\\\\d)", "5")': {"a": "5"},
    'regex("[[:alpha:]]+", "12ab")': "ab",
    'regexall("\\\\d", "a1b2")': ["1", "2"],
    'replace("a.b.c", ".", "-")': "a-b-c",
    'replace("abc", "/(b)/", "[$1]")': "a[b]c",
    'replace("abc", "/b/", "$$")': "a$c",
    "reverse([1, 2])": [2, 1],
    "setintersection([1, 2], [2, 3])": [2],
    'setproduct(["a", "b"], ["x"])': [["a", "x"], ["b", "x"]],
    "setsubtract([1, 2], [2])": [1],
    "setunion([2, 1], [3, 2])": [1, 2, 3],
    'sha1("x")': "11f6ad8ec52a2984abaafd7c3b516503785c2072",
    'substr(sha256("x"), 0, 8)': "2d711642",
    'substr(sha512("x"), 0, 8)': "a4abd444",
    "signum(-3)": -1,
    'slice(["a", "b", "c"], 1, 3)': ["b", "c"],
    'sort(["b", "a", "B"])': ["B", "a", "b"],
    'split(",", "a,b,")': ["a", "b", ""],
    'startswith("abc", "ab")': True,
    'strcontains("abc", "bc")': True,
    'strrev("añ")': "ña",
    'substr("hello", -3, 2)': "ll",
    'substr("hello", 1, -1)': "ello",
    'sum([1, "2", 0.5])': 3.5,
    'textdecodebase64("aABpAA==", "UTF-16LE")': "hi",
    'textencodebase64("hi", "UTF-16LE")': "aABpAA==",
    'timeadd("2024-01-31T00:00:00Z", "36h")': "2024-02-01T12:00:00Z",
    'timecmp("2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00")': 0,
    'title("hello world")': "Hello World",
    'tobool("true")': True,
    'tolist([1, "a", true])': ["1", "a", "true"],
    'tomap({ a = 1, b = "x" })': {"a": "1", "b": "x"},
    'tonumber("1e2")': 100,
    'toset(["b", "a", "b"])': ["a", "b"],
    "tostring(1.50)": "1.5",
    "tostring(1e21)": "1000000000000000000000",
    'transpose({ a = ["x", "y"], b = ["x"] })': {"x": ["a", "b"], "y": ["a"]},
    'trim("??a?", "?")': "a",
    'trimprefix("aab", "a")': "ab",
    'trimspace(" a\\n")': "a",
    'trimsuffix("abb", "b")': "ab",
    'urldecode("a%20b+c")': "a b c",
    'urlencode("a b/ü&")': "a+b%2F%C3%BC%26",
    'uuidv5("dns", "example.com")': "cfbff0d1-9375-5685-968c-48ce8b15ae17",
    "values({ b = 1, a = 2 })": [2, 1],
    'yamldecode("a: 010\\nb: yes\\nc: 2020-01-01\\nd: ~\\ne: &x [1]\\nf: *x\\n")':
        {"a": 10, "b": True, "c": "2020-01-01T00:00:00Z", "d": None, "e": [1], "f": [1]},
    'yamldecode("x: &d {a: 1, b: 2}\\n7:\\n  <<: *d\\n  b: 3\\n")["7"]': {"a": 1, "b": 3},
    'yamlencode({ a = [1, "x"], b = { c = null } })': '"a":\n- 1\n- "x"\n"b":\n  "c": null\n',
    'zipmap(["a", "b"], [1, 2])': {"a": 1, "b": 2},
    'templatestring("Hi $${who}", { who = "you" })': "Hi you",
    'convert({ a = 1 }, map(string))': {"a": "1"},
    'assumestringprefix("foo-bar", "foo-")': "foo-bar",
    "assumesetlength([2, 1], 1, 2)": [1, 2],
    "assumelistlengthmin([1], 1)": [1],
    "assumemaplengthmax({ a = 1 }, 2)": {"a": 1},
    "assumenotnull(1)": 1,
    "assumeequal(1, 1)": 1,
    "issensitive(secret)": True,
    "issensitive(nonsensitive(secret))": False,
    "ephemeralasnull(1)": 1,
    'file("t.txt")': "hällo\n",
    'fileexists("t.txt")': True,
    'filebase64("t.txt")': "aMOkbGxvCg==",
    'filemd5("t.txt")': "62274deee0d46002087901c6c31d8132",
    'substr(filesha1("t.txt"), 0, 6)': "150c90",
    'substr(filesha256("t.txt"), 0, 6)': "89ec06",
    'substr(filesha512("t.txt"), 0, 6)': "730fd7",
    'substr(filebase64sha256("t.txt"), 0, 6)': "iewGxi",
    'substr(filebase64sha512("t.txt"), 0, 6)': "cw/XFS",
    'fileset(".", "**/*.{txt,md}")': [".git/config.md", "sub/a.md", "t.txt"],
    'fileset("sub", "?.[^x]d")': ["a.md"],
    'templatefile("t.tftpl", { names = ["a", "b"] })': "- a\n- b\n",
}  # fmt: skip

UNKNOWN = {
    "timestamp()": "timestamp is known at apply",
    "uuid()": "uuid is known at apply",
    'bcrypt("x")': "bcrypt is known at apply",
    "plantimestamp()": "plantimestamp is known at apply",
    'rsadecrypt("x", "y")': "rsadecrypt is known at apply",
    "type(1)": "type is known at apply",
    'pathexpand("~/x")': "the home directory is the machine's",
    'abspath("x")': "where the directory lies is the machine's",
    'base64gzip("x")': "compressed bytes differ between versions",
    'file("missing.txt")': "missing.txt does not exist yet",
    'fileexists("missing.txt")': "missing.txt does not exist yet",
    'file("../../../etc/hosts")': "../../../etc/hosts lies outside the project",
    'file("/etc/hosts")': "/etc/hosts lies outside the project",
    'file("link")': "link lies outside the project",
    'templatefile("missing", {})': "missing does not exist yet",
    "provider::x::y(1)": "provider::x::y is a function of a provider",
}

ERRORS = {
    'provider::aws::arn_parse("arn:a:b:c:d")': 'provider::aws::arn_parse: "arn:a:b:c:d" is no ARN',
    'provider::aws::trim_iam_role_path("a:r:n")': 'provider::aws::trim_iam_role_path: "a:r:n" is no ARN',
    'provider::aws::trim_iam_role_path("arn:aws:s3:::b")': (
        "provider::aws::trim_iam_role_path: the ARN is not that of a role"
    ),
    'file("sub")': "file: sub is a directory",
    'file("bytes")': "file: bytes is not UTF-8 text (byte 0): use filebase64",
    'base64decode("%")': "base64decode: the text is not base64",
    'cidrhost("10.0.0.0/30", 4)': "cidrhost: the block has no host 4",
    'cidrsubnet("10.0.0.0/30", 4, 0)': "cidrsubnet: the prefix cannot be 4 bits longer",
    'coalesce(null, "")': "coalesce: all arguments are null or empty",
    'csvdecode("a,a\\n1,2")': "csvdecode: a name stands twice in the header",
    'formatdate("\'", "2018-01-02T23:12:01Z")': "formatdate: a quote has no end",
    'jsondecode("{")': "jsondecode: the text is not JSON",
    'lookup({}, "a")': "lookup: the map has no such key, and there is no default",
    "one([1, 2])": "one: the list has more than one element",
    'parseint("9", 8)': "parseint: the text is no whole number in that base",
    'regex("a", "b")': "regex: the pattern does not match",
    'regex("(?=a)", "a")': "regex: the pattern looks around or back, which is not supported",
    'tobool("yes")': "tobool: true or false is needed, not a text",
    "tomap({ a = 1, b = true })": "tomap: a number and a truth value have no type in common",
    'tonumber("x")': "tonumber: a number is needed, not a text",
    'yamldecode("a: [")': "yamldecode: the text is not YAML at line 1, column 5",
    'format("%d", "x")': "format: a number is needed, not a text",
    'format("%s")': "format: there are too few arguments for the pattern",
    'templatestring("$${x}", {})': "the template: x is not declared",
    'templatefile("t.tftpl", {})': "the template: names is not declared",
    'fileset(".", "[")': "fileset: the pattern has a [ without end",
    "sum([])": "sum: there is nothing to add",
    "slice([1], 0, 2)": "slice: the indexes lie outside the list",
}


@pytest.fixture
def place(tmp_path: Path) -> str:
    """A project with a few files in it."""
    write(
        tmp_path,
        {
            "t.txt": "hällo\n",
            "sub/a.md": "",
            ".git/config.md": "",
            "t.tftpl": "%{ for name in names ~}\n- ${name}\n%{ endfor ~}\n",
        },
    )
    (tmp_path / "bytes").write_bytes(b"\xff\x00")
    (tmp_path / "link").symlink_to("/etc/hosts")
    return str(tmp_path)


@pytest.mark.parametrize("text", VALUES)
def test_a_call_has_its_value(text: str, place: str) -> None:
    found = shape(value(text, place))
    assert found == VALUES[text]
    assert isinstance(found, bool) is isinstance(VALUES[text], bool)


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_only_the_machine_or_the_clock_knows_is_unknown(text: str, place: str) -> None:
    found = value(text, place)
    assert isinstance(found, Unknown)
    assert found.why == UNKNOWN[text]


@pytest.mark.parametrize("text", ERRORS)
def test_a_call_that_terraform_refuses_says_why(text: str, place: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        value(text, place)
    assert caught.value.message == ERRORS[text]


def test_every_function_has_a_case() -> None:
    calls = " ".join((*VALUES, *UNKNOWN, *ERRORS))
    missing = sorted(name for name in functions.names() if f"{name}(" not in calls)
    assert not [name for name in missing if not name.startswith("assume")]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared conformance data is not beside this checkout")
def test_the_functions_are_those_of_terraform_and_opentofu() -> None:
    listed = json.loads((SHARED / "function_list.json").read_text(encoding="utf-8"))["functions"]
    theirs = {one["name"] for one in listed}
    of_syntax = {"try", "can", "convert", "templatefile", "templatestring"}
    gone = {"list", "map"}
    own = {name for name in functions.names() if not name.startswith("provider::")}
    assert theirs - of_syntax - gone == own


REPLACED = {
    'replace("a _X_ b _X_", "_X_", u)': "a ? b ?",
    'replace("abc", "_X_", u)': "abc",
    'replace("abc", "", u)': "?",
    'replace(jsonencode({ a = "x/_X_/*", b = [u, "_X_"] }), "_X_", "y")': {"a": "x/y/*", "b": ["?", "y"]},
    'replace(jsonencode({ a = "_X_/${u}", b = u }), "_X_", u)': {"a": "?/?", "b": "?"},
    'replace(jsonencode({ a = u }), "{", "x")': "?",
    'replace(jsonencode({ a = u }), "_X_", "\\"")': "?",
    'replace(partly, "s3", "S")': "arn:aws:S:::?/*",
    'replace(partly, "::x", "-")': "?",
    'replace(partly, "x/", "-")': "?",
}


@pytest.mark.parametrize("text", REPLACED)
def test_what_is_replaced_leaves_the_rest_known(text: str) -> None:
    assert shape(value(text)) == REPLACED[text]
