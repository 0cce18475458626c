"""Terraform's JSON syntax -> the same syntax tree as HCL; a node spans its JSON text."""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from partywall.source import Source
from partywall.terraform.reader import read_template
from partywall.terraform.syntax import Argument, Block, Body, HclError, ListOf, Literal, Node, ObjectOf, SyntaxProblem

_SPACE = re.compile(r"[ \t\n\r]*").match
_PLAIN = re.compile(r"true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?").match
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "provider": 1, "variable": 1, "output": 1, "module": 1, "check": 1}
_BLOCKS = frozenset({*_LABELS, "terraform", "locals", "moved", "removed", "import"})
_MAPS = re.compile(
    r"(?:.*_)?(?:tags|tags_all|variables|parameters|labels|triggers|keepers|options|headers|map|providers)$"
)
_LITERAL = frozenset({"provider", "depends_on", "ignore_changes"})
_LITERAL_IN = {"variable": frozenset({"type", "default"}), "module": frozenset({"source", "version", "providers"})}
"""Where a text is no template: everywhere, and in some kinds of blocks."""
_DEPTH = 200
MAX_PARTS = 1_000_000
"""So many commas, each of which parts two values, are read: with what is made of them they take 500 MB."""


class _Json(NamedTuple):
    """A JSON value with its place; objects are lists of (key, key start, key end, value)."""

    start: int
    end: int
    value: Any


class _Pair(NamedTuple):
    key: str
    start: int
    end: int
    value: _Json


class _Object(tuple[_Pair, ...]):
    """The pairs of an object, to tell it from an array."""

    __slots__ = ()


def read_json_body(source: Source) -> tuple[Body, list[SyntaxProblem]]:
    """All top-level arguments and blocks of a JSON file."""
    if source.text.count(",") > MAX_PARTS:
        return Body((), ()), [SyntaxProblem(0, f"the document has more than {MAX_PARTS} parts, and is not read")]
    try:
        document, at = _value(source.text, _space(source.text, 0), 0)
        if _space(source.text, at) != len(source.text):
            raise HclError(at, "unexpected text after the JSON document")
    except HclError as error:
        return Body((), ()), [SyntaxProblem(error.offset, error.message)]
    problems: list[SyntaxProblem] = []
    arguments: list[Argument] = []
    blocks: list[Block] = []
    for top in document.value if isinstance(document.value, list) else [document]:
        for pair in _pairs(top):
            if pair.key in _BLOCKS:
                _blocks(source, pair, _LABELS.get(pair.key, 0), (), blocks, problems)
            else:
                arguments.append(Argument(pair.start, pair.end, pair.key, _node(pair.value, problems), source))
    return Body(tuple(arguments), tuple(blocks)), problems


def _pairs(item: _Json) -> list[_Pair]:
    if isinstance(item.value, list):
        return [pair for one in item.value for pair in _pairs(one)]
    return [pair for pair in item.value if pair.key != "//"] if isinstance(item.value, _Object) else []


def _blocks(
    source: Source,
    pair: _Pair,
    missing: int,
    labels: tuple[str, ...],
    out: list[Block],
    problems: list[SyntaxProblem],
    kind: str = "",
) -> None:
    """Blocks below a key: labels first, then one body or an array of bodies."""
    kind = kind or pair.key
    if missing:
        for inner in _pairs(pair.value):
            _blocks(source, inner, missing - 1, (*labels, inner.key), out, problems, kind)
        return
    several = isinstance(pair.value.value, list)
    for item in pair.value.value if several else [pair.value]:
        body = _body(source, item, kind, problems)
        out.append(Block(pair.start, item.end, kind, labels, body, pair.end, source, bare=not several))


def _body(source: Source, item: _Json, kind: str, problems: list[SyntaxProblem]) -> Body:
    arguments: list[Argument] = []
    blocks: list[Block] = []
    open_ended = kind in {"locals", "variable", "output", "module", "required_providers"}
    for pair in _pairs(item):
        nested = isinstance(pair.value.value, _Object) and not _MAPS.match(pair.key)
        several = (
            isinstance(pair.value.value, list)
            and bool(pair.value.value)
            and all(isinstance(one.value, _Object) for one in pair.value.value)
        )
        if pair.key == "dynamic":
            _blocks(source, pair, 1, (), blocks, problems)
        elif (nested or several) and (not open_ended or pair.key in {"validation", "lifecycle"}):
            _blocks(source, pair, 0, (), blocks, problems)
        else:
            bare = pair.key in _LITERAL or pair.key in _LITERAL_IN.get(kind, ())
            node = _node(pair.value, problems, templates=not bare)
            arguments.append(Argument(pair.start, pair.end, pair.key, node, source))
    return Body(tuple(arguments), tuple(blocks))


def _node(item: _Json, problems: list[SyntaxProblem], *, templates: bool = True) -> Node:
    if isinstance(item.value, _Object):
        pairs = tuple(
            (
                _text(pair.key, pair.start, pair.end, problems, templates=templates),
                _node(pair.value, problems, templates=templates),
            )
            for pair in item.value
        )
        return ObjectOf(item.start, item.end, pairs)
    if isinstance(item.value, list):
        return ListOf(item.start, item.end, tuple(_node(one, problems, templates=templates) for one in item.value))
    if isinstance(item.value, str):
        return _text(item.value, item.start, item.end, problems, templates=templates)
    return Literal(item.start, item.end, item.value)


def _text(text: str, start: int, end: int, problems: list[SyntaxProblem], *, templates: bool) -> Node:
    if not templates or "{" not in text:
        return Literal(start, end, text)
    try:
        node: Node = relocated(read_template(text), start, end)
    except HclError as error:
        problems.append(SyntaxProblem(start, error.message))
        return Literal(start, end, text)
    return node


def relocated(node: Any, start: int, end: int) -> Any:
    """A syntax tree with every node placed at one stretch of text."""
    if not isinstance(node, tuple):
        return node
    fields = [relocated(field, start, end) for field in node]
    if hasattr(node, "_make"):
        fields[:2] = [start, end]
        return type(node)(*fields)
    return tuple(fields)


def _space(text: str, at: int) -> int:
    match = _SPACE(text, at)
    return match.end() if match else at


def _value(text: str, at: int, depth: int) -> tuple[_Json, int]:
    if depth > _DEPTH:
        raise HclError(at, "JSON is nested too deeply")
    mark = text[at : at + 1]
    if mark == '"':
        word, end = _string(text, at)
        return _Json(at, end, word), end
    if mark in {"{", "["} and mark:
        return _container(text, at, depth, "}" if mark == "{" else "]")
    match = _PLAIN(text, at)
    if match is None:
        raise HclError(at, "expected a JSON value")
    raw = match[0]
    if raw in _CONSTANTS:
        return _Json(at, match.end(), _CONSTANTS[raw]), match.end()
    number: int | float = int(raw) if raw.lstrip("-").isdecimal() and len(raw) < 4096 else float(raw)
    return _Json(at, match.end(), number), match.end()


def _container(text: str, start: int, depth: int, close: str) -> tuple[_Json, int]:
    pairs: list[_Pair] = []
    items: list[_Json] = []
    at = _space(text, start + 1)
    while text[at : at + 1] != close:
        if pairs or items:
            if text[at : at + 1] != ",":
                raise HclError(at, f"expected , or {close}")
            at = _space(text, at + 1)
        if close == "}":
            key, end = _string(text, at)
            after = _space(text, end)
            if text[after : after + 1] != ":":
                raise HclError(after, "expected :")
            value, stop = _value(text, _space(text, after + 1), depth + 1)
            pairs.append(_Pair(key, at, end, value))
        else:
            value, stop = _value(text, at, depth + 1)
            items.append(value)
        at = _space(text, stop)
    content: Any = _Object(pairs) if close == "}" else items
    return _Json(start, at + 1, content), at + 1


def _string(text: str, at: int) -> tuple[str, int]:
    if text[at : at + 1] != '"':
        raise HclError(at, "expected a JSON string")
    try:
        word, end = scanstring(text, at + 1)
    except ValueError as error:
        raise HclError(at, "a JSON string is malformed") from error
    return str(word), int(end)
