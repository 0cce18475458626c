"""Reading HCL: the tree, the places, what goes on behind an error, and that no text makes it stumble or hang."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partywall.source import Source
from partywall.terraform import syntax
from partywall.terraform.reader import read_body, read_expression, read_template
from partywall.terraform.syntax import Body, HclError
from tests.terraform.written import shape, value


def _spelled(node: Any) -> str:
    """A tree as text with all its brackets."""
    match node:
        case syntax.Binary():
            return f"({_spelled(node.left)} {node.operator} {_spelled(node.right)})"
        case syntax.Unary():
            return f"({node.operator}{_spelled(node.operand)})"
        case syntax.Conditional():
            return f"({_spelled(node.condition)} ? {_spelled(node.yes)} : {_spelled(node.no)})"
        case syntax.Get():
            return f"{_spelled(node.target)}.{node.name}"
        case syntax.Index():
            return f"{_spelled(node.target)}[{_spelled(node.key)}]"
        case syntax.Splat():
            steps = "".join(f".{one}" if isinstance(one, str) else f"[{_spelled(one)}]" for one in node.steps)
            return f"{_spelled(node.target)}[*]<{steps}>"
        case syntax.Call():
            return f"{node.name}({', '.join(map(_spelled, node.arguments))}{'...' if node.spread else ''})"
        case syntax.ListOf():
            return f"[{', '.join(map(_spelled, node.items))}]"
        case syntax.ObjectOf():
            return "{" + ", ".join(f"{_spelled(key)} = {_spelled(item)}" for key, item in node.items) + "}"
        case syntax.Group():
            return _spelled(node.inner)
        case syntax.Literal():
            return repr(node.value)
        case syntax.Name():
            return node.name
    return type(node).__name__


TREES = {
    "a ? b : c ? d : e": "(a ? b : (c ? d : e))",
    "1 + 2 * 3 == 7 && x || y": "((((1 + (2 * 3)) == 7) && x) || y)",
    "a - b - c": "((a - b) - c)",
    "-a.b[0]": "(-a.b[0])",
    "!a == b": "((!a) == b)",
    "a.*.b[0]": "a[*]<.b>[0]",
    "a[*].b[0].c": "a[*]<.b[0].c>",
    "a.0.b": "a[0].b",
    "f(x, [1]...)": "f(x, [1]...)",
    '{ a : 1, "b" = 2\n c = 3 }': "{'a' = 1, 'b' = 2, 'c' = 3}",
    "[\n  1,\n  2\n]": "[1, 2]",
    "(\n  a\n  + b\n)": "(a + b)",
    "for": "for",
    "{ a = 1, for = 2 }": "{'a' = 1, 'for' = 2}",
    "{ if = in }": "{'if' = in}",
    "provider::x::y(1)": "provider::x::y(1)",
}


@pytest.mark.parametrize("text", TREES)
def test_an_expression_is_read_as_a_tree(text: str) -> None:
    assert _spelled(read_expression(Source("", text))) == TREES[text]


HEREDOCS = {
    # Answers of Terraform 1.11.
    "<<-E\n    a\n      b\n    E\n": "a\n  b\n",
    "<<E\n    a\n  E\n": "    a\n",
    "<<-E\n    %{ for x in [1,2] ~}\n    a${x}\n    %{ endfor ~}\n    z\n    E\n": "    a1\n    a2\n    z\n",
    "<<-E\n    %{ for x in [1,2] }\n      a${x}\n    %{ endfor }\n    z\n   \n      ${ \"x\" }\n\n    E\n":
        "\n  a1\n\n  a2\n\nz\n   \n  x\n\n",
    "<<-E\n    a\n      ${~ \"x\" ~}\n    \n      b $${q} c\n    E\n": "    a\nx    \n      b ${q} c\n",
    "<<E\n%{ for x in [1,2] ~}\n    a${x}\n%{ endfor ~}\n   z\nE\n": "    a1\n    a2\n   z\n",
    "<<E\nE\n": "",
    "<<-E\n\ta\n\t\tb\n\tE\n": "a\n\tb\n",
    "<<E\na \\n \"b\" E\nE\n": 'a \\n "b" E\n',
    "[<<E\nx\nE\n, 1]": ["x\n", 1],
    '"%{ for x in [1, 2] ~}\\n    a${x}\\n%{ endfor ~}\\n   z"': "a1\na2\nz",
}  # fmt: skip


@pytest.mark.parametrize("text", HEREDOCS)
def test_heredocs_are_trimmed_and_set_out_as_terraform_does(text: str) -> None:
    assert shape(value(text)) == HEREDOCS[text]


def test_a_body_keeps_arguments_blocks_and_places() -> None:
    source = Source(
        "m.tf", 'a = 1 # one\nresource "x" y {\n  b = "é" // two\n  c {\n    d = [1,\n 2]\n  }\n}\n/* three */ e {}\n'
    )
    body, problems = read_body(source)
    assert not problems
    assert [one.name for one in body.arguments] == ["a"]
    resource, empty = body.blocks
    assert (resource.type, resource.labels, empty.type) == ("resource", ("x", "y"), "e")
    assert (resource.header.line, resource.header.column, resource.header.end_column) == (2, 1, 15)
    assert (resource.extent.line, resource.extent.end_line, resource.extent.end_column) == (2, 8, 2)
    (c,) = resource.body.blocks_of("c")
    d = c.body.argument("d")
    assert d is not None
    span = source.span(d.expression.start, d.expression.end)
    assert (span.line, span.column, span.end_line, span.end_column) == (5, 9, 6, 4)


RECOVERIES = {
    'a = \nresource "x" "y" {\n}\n': ([(1, 5, "expected an expression, found a new line")], ["resource"]),
    'x "a" {\n  b = [1\n}\ny "b" {\n}\n': ([(3, 1, "expected , or ], found }")], ["y"]),
    "x {\n  a = 1\n  a = 2\n}\n": ([(3, 3, "the argument a is set twice")], ["x"]),
    "x {\n  a = 1\n": ([(1, 1, "the block x has no closing }")], []),
    "x {\n  a: 1\n}\ny {\n}\n": ([(2, 4, "expected = or { after a, found :")], ["y"]),
    'x "y"\n{\n}\nz {\n}\n': ([(1, 6, "expected { on the same line after x, found a new line")], ["z"]),
    "x { a = 1, b = 2 }\ny {\n}\n": ([(1, 10, "expected a new line, found ,")], ["y"]),
    'x {\n  a = "b\n}\ny {\n}\n': ([(2, 7, "a text has no closing quote on its line")], ["y"]),
    "x {\n  a = <<E\n}\ny {\n}\n": ([(2, 7, "the heredoc has no line with E that ends it")], ["y"]),
    "}\ny {\n}\n": ([(1, 1, "expected the name of an argument or a block, found }")], ["y"]),
    "x {\n  a = 1;\n}\ny {\n}\n": ([(2, 8, "arguments are separated by new lines, not ;")], ["y"]),
    "x {\n  a = 1 }\ny {\n}\n": ([(2, 9, "the } that ends a block stands on a line of its own")], ["x", "y"]),
    "x {\n  z {} }\ny {\n}\n": ([(2, 8, "the } that ends a block stands on a line of its own")], ["x", "y"]),
    "x {\n  a = {\n    b =\n      1\n  }\n}\ny {\n}\n": ([(3, 8, "expected an expression, found a new line")], ["y"]),
    "x {\n  a = { for = 1 }\n}\ny {\n}\n": ([(2, 13, "expected a name, found =")], ["y"]),
    "x {\n  a = { , }\n}\ny {\n}\n": ([(2, 9, "expected an expression, found ,")], ["y"]),
    "x {\n  a = f(b..., )\n}\ny {\n}\n": ([(2, 13, "expected ), found ,")], ["y"]),
    "x {\n  a = 1.5.2\n}\ny {\n}\n": ([(2, 7, "the number is malformed")], ["y"]),
    "x {\n  a = <<E \nE\n}\ny {\n}\n": ([(2, 7, "expected an expression, found <")], ["y"]),
    "x = <<E\nE": ([(1, 5, "the heredoc has no line with E that ends it")], []),
    'x "a$${b" "%%{" {\n}\n': ([], ["x"]),
    'x {\n  a = "${b"\n}\ny {\n}\n': ([(2, 11, "a text has no closing quote on its line")], ["y"]),
}


@pytest.mark.parametrize("text", RECOVERIES)
def test_one_bad_block_costs_that_block(text: str) -> None:
    source = Source("", text)
    body, problems = read_body(source)
    found = [(*source.position(one.offset), one.message) for one in problems]
    assert (found, [one.type for one in body.blocks]) == RECOVERIES[text]


_WORDS = st.sampled_from(
    [
        "a", "b", "for", "in", "if", "null", "true", "1", "2.5", '"', "${", "%{", "}", "{", "[", "]", "(", ")", "=",
        "==", ",", ".", "*", "?", ":", "=>", "...", "~", "\n", " ", "<<E\n", "<<-E\n", "E\n", "\\", "$", "%", "#", "//",
        "/*", "*/", "-", "!", "é", "\u0301", "\U0001f600", "\x00", "endif", "else", "endfor", "resource", "'", "&", "|",
        "::",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=40).map("".join))


def _nodes(node: Any) -> Iterator[Any]:
    if isinstance(node, tuple):
        if hasattr(node, "start"):
            yield node
        for field in node:
            if not isinstance(field, Source):
                yield from _nodes(field)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_no_text_makes_the_reader_stumble_and_every_place_is_in_the_text(text: str) -> None:
    source = Source("", text)
    body, problems = read_body(source)
    for one in problems:
        assert 0 <= one.offset <= len(text)
        assert one.message
    for node in _nodes(body):
        assert 0 <= node.start <= node.end <= len(text)
    for read in (read_expression, lambda source: read_template(source.text)):
        try:
            tree = read(source)
        except HclError as error:
            offset = error.offset
        else:
            offset = 0
            assert all(0 <= node.start <= node.end <= len(text) for node in _nodes(tree))
        assert 0 <= offset <= len(text)


_LEAVES = st.one_of(
    st.integers(0, 99).map(str), st.sampled_from(["a", "b.c", "true", '"t"', '"x${a}y"', "f(a, 1)", "a[0]", "a[*].b"])
)
EXPRESSIONS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", "&&", "||"]), inner).map(" ".join),
        st.tuples(inner, inner, inner).map(lambda it: f"{it[0]} ? {it[1]} : {it[2]}"),
        inner.map(lambda it: f"({it})"),
        inner.map(lambda it: f"-{it}"),
        st.lists(inner, max_size=3).map(lambda it: f"[{', '.join(it)}]"),
        st.lists(inner, max_size=3).map(lambda it: "{" + ", ".join(f"k{n} = {one}" for n, one in enumerate(it)) + "}"),
        st.tuples(inner, inner).map(lambda it: f"[for x in {it[0]} : {it[1]}]"),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS)
def test_what_is_spelled_with_all_brackets_reads_the_same(text: str) -> None:
    tree = read_expression(Source("", text))
    spelled = _spelled(tree)
    if not any(name in spelled for name in ("Template", "For", "<")):
        assert _spelled(read_expression(Source("", spelled.replace("'", '"').replace("True", "true")))) == spelled


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), EXPRESSIONS), max_size=4))
def test_blocks_stand_for_themselves(items: list[tuple[str, str]]) -> None:
    text = "".join(f'resource "{name}" "{at}" {{\n  v = {one}\n}}\n' for at, (name, one) in enumerate(items))
    source = Source("", text)
    body, problems = read_body(source)
    assert not problems
    assert [block.labels[0] for block in body.blocks] == [name for name, _ in items]
    for block, (_, one) in zip(body.blocks, items, strict=True):
        argument = block.body.argument("v")
        assert argument is not None
        assert text[argument.expression.start : argument.expression.end].strip() in one


HOSTILE = {
    "open brackets": "a = " + "[" * 100_000,
    "open braces": "a {" * 50_000,
    "closing": "}" * 100_000,
    "comments without end": "/*" * 100_000,
    "stars in a comment": "/*" + "*" * 200_000,
    "quotes": '"' * 100_000,
    "text without end": 'a = "' + "x" * 300_000,
    "escapes without end": 'a = "' + "\\n" * 100_000,
    "dollars": 'a = "' + "$" * 200_000 + '"\n',
    "interpolations": 'a = "' + "${" * 50_000,
    "heredocs": "".join(f"a{n} = <<E{n}\nx ${{1}}\nE{n}\n" for n in range(8_000)),
    "heredocs without end": "a = <<E\n" * 20_000,
    "minus": "a = " + "-" * 100_000 + "1\n",
    "conditionals": "a = " + "b ? c : " * 50_000 + "d\n",
    "sum": "a = " + "1 + " * 50_000 + "1\n",
    "path": "a = b" + ".c" * 50_000 + "\n",
    "arguments": "".join(f"a{n} = 1\n" for n in range(50_000)),
    "errors": "x {\n  = \n}\n" * 20_000,
    "digits": "a = " + "9" * 200_000 + "\n",
    "exponent": "a = 1e999999999\n",
    "labels": "x" + ' "y"' * 100_000 + "\n",
    "directives": 'a = "' + "%{ if a }" * 5_000 + '"\n',
    "pieces": 'a = "' + "x${1}" * 20_000 + '"\n',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_time_that_grows_with_it(name: str) -> None:
    began = time.process_time()
    read_body(Source("", HOSTILE[name]))
    assert time.process_time() - began < 4


def test_a_body_of_nothing_is_empty() -> None:
    assert read_body(Source("", "")) == (Body((), ()), [])
    assert read_body(Source("", "# only a comment")) == (Body((), ()), [])
