"""YAML text → positioned data."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from partywall.source import Source
from partywall.text.node import MAX_DEPTH, Mapping, Node, Scalar, Sequence, TextError, children
from partywall.text.yaml_events import read_events
from partywall.text.yaml_text import read_yaml

Read = Callable[[str], Node]


@pytest.fixture(params=[read_yaml, read_events])
def read(request: pytest.FixtureRequest) -> Read:
    """The way every text is read, and the one for those that the scanner leaves."""
    return lambda text: request.param(Source("a.yaml", text)).root


def plain(node: Node) -> object:
    """Ordinary data, for comparison with what PyYAML makes of the same text."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(entry.value) for key, entry in node.entries.items()}


def at(text: str, node: Node) -> str:
    """The text that a node's span covers."""
    span = node.span
    lines = text.split("\n")
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    first, last = lines[span.line - 1][span.column - 1 :], lines[span.end_line - 1][: span.end_column - 1]
    return "\n".join([first, *lines[span.line : span.end_line - 1], last])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1", {"a": 1}),
        ("a: '1'", {"a": "1"}),
        ("a: 012345670123", {"a": "012345670123"}),
        ("a: 1e3", {"a": "1e3"}),
        ("a: 0x1F", {"a": "0x1F"}),
        ("a: -1", {"a": -1}),
        ("a: 2012-10-17", {"a": "2012-10-17"}),
        ("a: True\nb: 'true'\nc: yes", {"a": True, "b": "true", "c": "yes"}),
        ("a: ~\nb:\nc: null\nd: ''", {"a": None, "b": None, "c": None, "d": ""}),
        ("1: a\ntrue: b\n~: c", {"1": "a", "true": "b", "~": "c"}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("a: >-\n  one\n  two\n", {"a": "one two"}),
        ("- [a, {b: c}]\n- d", [["a", {"b": "c"}], "d"]),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}", {"a": {"b": 1, "c": 2}, "d": {"c": 2, "b": 3}}),
        ("a: {b: 3, <<: {b: 1}}", {"a": {"b": 3}}),
        ("a: &x {k: 1}\nb: &y {k: 2}\nc: {<<: [*x, *y]}", {"a": {"k": 1}, "b": {"k": 2}, "c": {"k": 1}}),
        ("a: 1\nb: 2\na: 3", {"b": 2, "a": 3}),
    ],
)
def test_data(read: Read, text: str, expected: object) -> None:
    assert plain(read(text)) == expected


def test_tags_are_kept_and_nothing_else_is_converted_under_them(read: Read) -> None:
    root = read("a: !Ref 22\nb: !Sub [x, {}]\nc: !<tag:yaml.org,2002:str> 5\nd: ! 7")
    assert isinstance(root, Mapping)
    found = {key: (entry.value.tag, plain(entry.value)) for key, entry in root.entries.items()}
    assert found["a"] == ("!Ref", "22")
    assert found["b"][0] == "!Sub"
    assert found["c"][1] == "5"
    assert found["d"] == ("", "7")


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("a: b", "a", "b"),
        ("a: 'b''c'", "a", "'b''c'"),
        ("a:  !Ref  B", "a", "!Ref  B"),
        ("a: |\n  one\n\n  two\n\n\nb: c", "a", "|\n  one\n\n  two"),
        ("a:\n  b: |\n    one\n  c: d", "a", "b: |\n    one\n  c: d"),
        ("a:\n  b:\n    c: d\n\n# more\n  e: f\n\n\ng: h", "a", "b:\n    c: d\n\n# more\n  e: f"),
        ("a:\n- b\n- c\n\nd: e", "a", "- b\n- c"),
        ("a: [b,\n  c]\nd: e", "a", "[b,\n  c]"),
        ("x: &x {b: 1}\na: *x", "a", "*x"),
        ("s: '\u2028\x85'\na: [b]", "a", "[b]"),
        ("s: '\U0001f600'\na: '\U0001f600x'", "a", "'\U0001f600x'"),
    ],
)
def test_spans(read: Read, text: str, key: str, expected: str) -> None:
    root = read(text)
    assert isinstance(root, Mapping)
    assert at(text, root.entries[key].value) == expected
    span = root.entries[key].key
    assert text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1] == key


def test_an_alias_keeps_the_place_of_what_it_names(read: Read) -> None:
    root = read("a: &x 1\nb: *x")
    assert isinstance(root, Mapping)
    alias = root.entries["b"].value
    assert (alias.span.line, alias.span.column) == (2, 4)
    assert alias.anchor is not None
    assert alias.anchor.line == 1


def test_repeated_keys_are_noted_at_the_first_and_merged_ones_are_not() -> None:
    document = read_yaml(Source("a.yaml", "a: 1\nb: {c: 1, c: 2}\na: 3\nx: &x {d: 1}\ny: {<<: *x, d: 2}"))
    assert [(name, span.line) for name, span in document.repeated] == [("c", 2), ("a", 1)]


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {" + ", ".join(f"k{at}: 1" for at in range(200)) + "}\nb: [" + "{<<: *a}, " * 60 + "]"
TOWER = "a: &a " + "[" * 150 + "]" * 150 + "\nb: " + "[" * 150 + "*a" + "]" * 150


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("[" * 30_000, "nest", 1),
        ("- " * 30_000, "nested deeper", 1),
        ("{a: " * 1_000, "nested deeper", 1),
        (LAUGHS, "more than 250000 nodes", 1),
        ("[" + "a," * 260_000 + "]", "more than 250000 nodes", 1),
        (MERGES, "keys are merged", 2),
        (TOWER, "nested deeper", 1),
        ("a: &a [*a]", "no anchor a is complete", 1),
        ("a: *b", "no anchor b is complete", 1),
        ("a: 1\n---\nb: 2", "several YAML documents", 2),
        ("a: [1, 2\nb: 3", "expected ',' or ']'", 2),
        ("a:\n\t- b", "cannot start any token", 2),
        ("a: 1\n b: 2", "not allowed", 2),
        ("{a: 1}: 2", "a key must be text", 1),
        ("? [a]\n: b", "a key must be text", 1),
        ("<<: 5", "only maps can be merged", 1),
        ("a: \x01", "not allowed", 1),
        ("", "empty", 1),
        ("# nothing\n", "empty", 1),
    ],
)
def test_what_cannot_be_read_is_one_error_with_its_place(read: Read, text: str, message: str, line: int) -> None:
    with pytest.raises(TextError) as error:
        read(text)
    assert message in error.value.message
    assert error.value.line == line


def test_the_deepest_document_that_is_read(read: Read) -> None:
    assert isinstance(read("[" * MAX_DEPTH + "]" * MAX_DEPTH), Sequence)


def test_without_libyaml_the_result_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = Source("a.yaml", "a: &x\n  b: |\n    c\n\nd: !Ref 'e'\nf: [*x, 1]\ng: 'é\U0001f600'\n")
    fast = read_events(text)
    monkeypatch.setitem(sys.modules, "yaml.cyaml", None)
    slow = read_events(text)
    assert _spans(fast.root) == _spans(slow.root)


def _spans(node: Node) -> list[object]:
    found: list[object] = []
    pending = [node]
    while pending:
        one = pending.pop()
        found.append((one.span, one.tag, getattr(one, "value", None)))
        pending.extend(children(one))
    return found


_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_data = st.recursive(
    _texts | st.integers(-(10**9), 10**9) | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(_texts.filter(lambda it: it != "<<"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_data, st.booleans())
def test_what_pyyaml_writes_is_read_back_and_spans_hold(data: object, flow: bool) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True).replace("\r", "\n")
    try:
        wanted = yaml.safe_load(text)
        root = read_yaml(Source("a.yaml", text)).root
    except (yaml.YAMLError, TextError):
        return
    assert _comparable(plain(root)) == _comparable(wanted)
    pending = [root]
    while pending:
        node = pending.pop()
        pending.extend(children(node))
        if isinstance(node, Scalar) and isinstance(node.value, str) and "\n" not in at(text, node):
            assert yaml.safe_load(at(text, node)) is not None
            assert str(getattr(yaml.compose(at(text, node)), "value", None)) == node.value


def _comparable(data: object) -> object:
    """Keys as they are written; all else as it is, told apart by type."""
    if isinstance(data, dict):
        return sorted((_key(key), repr(_comparable(value))) for key, value in data.items())
    return [_comparable(item) for item in data] if isinstance(data, list) else (type(data), data)


def _key(key: object) -> str:
    return str(yaml.safe_dump(key)).split("\n")[0].strip("'\"") if key is None or isinstance(key, bool) else str(key)
