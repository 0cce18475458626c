"""JSON text → positioned data."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partywall.source import Source
from partywall.text.json_scanner import read_json
from partywall.text.node import Mapping, Node, Scalar, TextError, children
from tests.text.test_yaml_text import at, plain


def read(text: str) -> Node:
    return read_json(Source("a.json", text)).root


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, "b": [true, false, null]}', {"a": 1, "b": [True, False, None]}),
        ('{"a": 1e3, "b": -0.5, "c": 12345678901234567890}', {"a": "1e3", "b": "-0.5", "c": "12345678901234567890"}),
        ('"\\ud83d\\ude00 \\" \\\\ \\n"', '\U0001f600 " \\ \n'),
        ('"\\ud83d"', "\ufffd"),
        ('\t{\n\t"a"\t:\t"\x7f"}\n', {"a": "\x7f"}),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ('{"' + "k" * 2000 + '": {}}', {"k" * 2000: {}}),
        ("[[], {}]", [[], {}]),
        ("7", 7),
    ],
)
def test_data(text: str, expected: object) -> None:
    assert plain(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("[" * 30_000, "nested deeper", 1, 201),
        ('{"a":' * 30_000, "nested deeper", 1, 1001),
        ('{"a": 1,}', "expected a key", 1, 9),
        ("[1,\n]", "expected a value", 2, 1),
        ("[,1]", 'expected a value or "]"', 1, 2),
        ("{ ,}", 'expected a key or "}"', 1, 3),
        ("{]", 'expected a key or "}"', 1, 2),
        ("[[1}]", 'expected "," or the end', 1, 4),
        ('{"a": 1\n// no\n}', 'expected "," or the end', 2, 1),
        ('{"a" 1}', 'expected ":"', 1, 6),
        ("{1: 2}", "expected a key", 1, 2),
        ('{"a": 1]', 'expected "," or the end', 1, 8),
        ('{"a": tru}', "expected a value", 1, 7),
        ('{"a": "b', "a text is malformed", 1, 7),
        ('{"a": "b\nc"}', "a text is malformed", 1, 9),
        ('{"a": 1} {', "unexpected text after the document", 1, 10),
        ('{"a": ', "expected a value", 1, 7),
        ("", "expected a value", 1, 1),
        ("01", "unexpected text", 1, 2),
    ],
)
def test_what_cannot_be_read_is_one_error_with_its_place(text: str, message: str, line: int, column: int) -> None:
    with pytest.raises(TextError) as error:
        read(text)
    assert message in error.value.message
    assert (error.value.line, error.value.column) == (line, column)


def test_too_many_nodes() -> None:
    with pytest.raises(TextError, match="more than 250000 nodes"):
        read("[" + "1," * 260_000 + "1]")


def test_repeated_keys_are_noted_at_the_first() -> None:
    document = read_json(Source("a.json", '{"a": 1,\n"b": {"c": 1,\n"c": 2}, "a": 3}'))
    assert [(name, span.line) for name, span in document.repeated] == [("c", 2), ("a", 1)]


_data = st.recursive(
    st.text(max_size=12) | st.integers(-(10**9), 10**9) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=15,
)


@given(_data, st.sampled_from([None, 0, 2, "\t"]), st.booleans())
def test_what_json_writes_is_read_back_and_spans_hold(data: object, indent: int | str | None, ascii_: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_)
    root = read(text)
    assert repr(plain(root)) == repr(data)
    pending = [root]
    while pending:
        node = pending.pop()
        pending.extend(children(node))
        assert json.loads(at(text, node)) == plain(node)
        if isinstance(node, Mapping):
            for key, entry in node.entries.items():
                assert json.loads(at(text, Scalar(entry.key, key))) == key


_PIECES = st.sampled_from(
    [*'{}[],:"\\ \n', '"a"', '"b":', '"\\u00e9"', "1", "-2", "0.5", "1e3", "true", "null", "nul", "{}", "[]"]
)


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_what_is_json_is_read_and_nothing_else(text: str) -> None:
    try:
        json.loads(text)
    except ValueError:
        with pytest.raises(TextError):
            read(text)
    else:
        assert json.loads(at(text, read(text))) == json.loads(text)
