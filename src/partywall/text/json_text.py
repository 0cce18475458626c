"""The structure of JSON text inside a template, with the places of its parts in the template itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from partywall.source import Source, Span
from partywall.text.json_scanner import read_json
from partywall.text.node import Mapping, Node, Scalar, TextError
from partywall.text.structured import JsonText, PlacedText
from partywall.value import Choice, Known, Setting, Unknown, is_marked, marked

_HOLE = "\ue000"
"""Stands for an unknown piece while the text is read; a private character nobody writes."""

_TRAILING = re.compile(r'"(?:[^"\\]|\\.)*"|(,)(?=\s*[\]}])', re.DOTALL)

_OUTSIDE = re.compile(rf'"(?:[^"\\]|\\.)*"|{_HOLE}', re.DOTALL)


def structure_of(value: Setting) -> Setting:
    """What JSON text spells: maps, lists and scalars; every other value as it is.

    Text with unknown pieces keeps all that surrounds them: a piece inside a string leaves a partly known text, a
    piece in the place of a value an unknown value. A comma before a closing bracket is read over (`fault_in` tells of
    it); what else is no JSON is unknown.
    """
    if isinstance(value, Choice):
        arms = tuple((option, structure_of(arm)) for option, arm in value.arms)
        return Choice(value.variable, arms, value.span, value.references, value.origin)
    if isinstance(value, Known):
        if isinstance(value.it, JsonText):
            return _marked(structure_of(value.it.structure), value)
        return _marked(_read(value.it, value), value) if isinstance(value.it, str) else value
    if value.parts is None or len(value.parts) < 2:
        return value
    return _marked(_read(PlacedText.joined([_HOLE if part is None else part for part in value.parts]), value), value)


def _marked(read: Setting, value: Known[object] | Unknown[object]) -> Setting:
    """The structure of a sensitive text: where none of its parts is known to be the sensitive one, all of them are."""
    return marked(read) if value.sensitive and not is_marked(read) else read


def _read(text: str, value: Setting) -> Setting:
    filled = text
    if _HOLE in text:
        ends = [0, *(match.end() for match in _OUTSIDE.finditer(text) if match[0] == _HOLE), len(text) + 1]
        between = [text[begin : end - 1] for begin, end in pairwise(ends)]
        filled = PlacedText.joined([piece for one in between for piece in (one, f'"{_HOLE}"')][:-1])
    try:
        node = read_json(Source("", _TRAILING.sub(_blank, filled) if "," in filled else filled)).root
    except TextError:
        return Unknown("the text is not JSON", value.span, value.references)
    return _setting(node, _Places(filled, value))


def _blank(match: re.Match[str]) -> str:
    """A string as it is, and a space for a comma that nothing follows: all else keeps its place."""
    return " " if match[1] else match[0]


def fault_in(value: Setting) -> tuple[str, Span] | None:
    """What keeps a text from being JSON, and where; None for what is JSON, no text, or not known well enough."""
    if isinstance(value, Choice) or (isinstance(value, Known) and not isinstance(value.it, str)):
        return None
    parts = (value.it,) if isinstance(value, Known) else value.parts or ()
    text = PlacedText.joined([part if isinstance(part, str) else _HOLE for part in parts]) if parts else ""
    comma = next((match for match in _TRAILING.finditer(text) if match[1]), None)
    places = _Places(text, value)
    if comma is not None:
        return "a comma stands before a closing bracket", places.between(comma.start(), comma.end())
    if isinstance(value, Unknown) or isinstance(value.it, JsonText):
        return None
    try:
        read_json(Source("", text))
    except TextError as error:
        at = places.offset(error.line, error.column)
        return error.message, places.between(at, at + 1)
    return None


class _Places:
    """Spans in the text → spans in the template; and the references of the unknown pieces, in turn."""

    def __init__(self, text: str, value: Setting) -> None:
        self.value = value
        self.offset: Callable[[int, int], int] = _offsets(text)
        self.text = text if isinstance(text, PlacedText) else None
        holes = text.count(_HOLE)
        self.fitting = len(value.references) == holes
        self.hole = 0

    def span(self, span: Span) -> Span:
        return self.between(self.offset(span.line, span.column), self.offset(span.end_line, span.end_column))

    def between(self, begin: int, end: int) -> Span:
        """The span of the characters from `begin` up to `end`; the whole value's where it is not known."""
        found = None if self.text is None else self.text.span(begin, end)
        return found or self.value.span

    def partly(self, text: str, span: Span) -> Setting:
        pieces: list[str | None] = []
        for at, piece in enumerate(text.split(_HOLE)):
            if at:
                pieces.append(None)
            if piece:
                pieces.append(piece)
        holes = text.count(_HOLE)
        references = self.value.references
        if self.fitting:
            references = references[self.hole : self.hole + holes]
        self.hole += holes
        why = self.value.why if isinstance(self.value, Unknown) else "a part of the text is unknown"
        return Unknown(why, self.span(span), references, None if pieces == [None] else tuple(pieces))


def _offsets(text: str) -> Callable[[int, int], int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return lambda line, column: starts[line - 1] + column - 1


def _setting(node: Node, places: _Places) -> Setting:
    span = places.span(node.span)
    if isinstance(node, Scalar):
        if isinstance(node.value, str) and _HOLE in node.value:
            return places.partly(node.value, node.span)
        return Known(node.value, span)
    if isinstance(node, Mapping):
        found = {}
        for key, entry in node.entries.items():
            places.hole += key.count(_HOLE)
            found[key.replace(_HOLE, "?")] = _setting(entry.value, places)
        return Known(found, span)
    return Known(tuple(_setting(item, places) for item in node.items), span)
