"""The structure of JSON text inside a template, with the places of its parts in the template itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from partywall.source import Source, Span
from partywall.text.json_scanner import read_json
from partywall.text.node import Mapping, Node, Scalar, TextError
from partywall.text.structured import JsonText, PlacedText
from partywall.value import Choice, Known, Setting, Unknown

_HOLE = "\ue000"
"""Stands for an unknown piece while the text is read; a private character nobody writes."""

_OUTSIDE = re.compile(rf'"(?:[^"\\]|\\.)*"|{_HOLE}', re.DOTALL)


def structure_of(value: Setting) -> Setting:
    """What JSON text spells: maps, lists and scalars; every other value as it is.

    Text with unknown pieces keeps all that surrounds them: a piece inside a string leaves a partly known text, a
    piece in the place of a value an unknown value. What is no JSON is unknown.
    """
    if isinstance(value, Choice):
        arms = tuple((option, structure_of(arm)) for option, arm in value.arms)
        return Choice(value.variable, arms, value.span, value.references, value.origin)
    if isinstance(value, Known):
        if isinstance(value.it, JsonText):
            return structure_of(value.it.structure)
        return _read(value.it, value) if isinstance(value.it, str) else value
    if value.parts is None or len(value.parts) < 2:
        return value
    return _read(PlacedText.joined([_HOLE if part is None else part for part in value.parts]), value)


def _read(text: str, value: Setting) -> Setting:
    filled = text
    if _HOLE in text:
        ends = [0, *(match.end() for match in _OUTSIDE.finditer(text) if match[0] == _HOLE), len(text) + 1]
        between = [text[begin : end - 1] for begin, end in pairwise(ends)]
        filled = PlacedText.joined([piece for one in between for piece in (one, f'"{_HOLE}"')][:-1])
    try:
        node = read_json(Source("", filled)).root
    except TextError:
        return Unknown("the text is not JSON", value.span, value.references)
    return _setting(node, _Places(filled, value))


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
        if self.text is not None:
            found = self.text.span(self.offset(span.line, span.column), self.offset(span.end_line, span.end_column))
            if found is not None:
                return found
        return self.value.span

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
