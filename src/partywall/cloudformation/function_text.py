"""Functions that make text."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TypeVar

from partywall.choice import derived
from partywall.cloudformation.evaluation import Evaluation, printed, word
from partywall.cloudformation.function_reference import attribute_of, named
from partywall.cloudformation.intrinsic import evaluate, resolved
from partywall.source import Span
from partywall.text import node as text
from partywall.text.node import Mapping, Node
from partywall.text.structured import Base64Text, JsonArray, JsonObject, JsonText, PlacedText
from partywall.truth import Because
from partywall.value import Choice, Known, Reference, Setting, Unknown, convert, is_marked, parts, plain, references

T = TypeVar("T")

MAX_TEXT = 1024 * 1024
"""The service takes no template that is longer; functions in functions can make texts without end."""

_COLLECTIONS = (tuple, dict)
_TOO_LONG = f"a text is longer than {MAX_TEXT} characters"
_HOLE = re.compile(r"\$\{([^{}]*)\}")
_PLAIN_WORDS = frozenset({"AWS::Region", "AWS::AccountId", "AWS::Partition"})
"""What holds letters, digits and hyphens only."""


def sub(node: Node, scope: Evaluation) -> Setting:
    """`Fn::Sub`: names in `${…}` replaced, those of its own map first; `${!x}` is the text `${x}`."""
    template, own = node, None
    if isinstance(node, text.Sequence):
        if len(node.items) != 2 or not isinstance(node.items[1], Mapping):
            return scope.note(node.span, "Fn::Sub needs a text, or a list of a text and a map")
        template, own = node.items
    value = word(template)
    if value is None:
        return scope.note(node.span, "Fn::Sub needs a text, or a list of a text and a map")
    names = (
        {key: evaluate(entry.value, scope) for key, entry in own.entries.items()} if isinstance(own, Mapping) else {}
    )
    pieces: list[Setting] = []
    at = 0
    for match in _HOLE.finditer(value):
        if match.start() > at:
            pieces.append(Known(value[at : match.start()]))
        at = match.end()
        name = match[1].strip()
        if name.startswith("!"):
            pieces.append(Known("${" + name[1:] + "}"))
        elif name in names:
            pieces.append(names[name])
        elif "." in name and name not in scope.names:
            owner, _, attribute = name.partition(".")
            pieces.append(attribute_of(owner, attribute, template.span, scope))
        else:
            pieces.append(named(name, template.span, scope))
    if at < len(value):
        pieces.append(Known(value[at:]))
    return joined(pieces, "", node.span)


def joined(pieces: Sequence[Setting], delimiter: str, span: Span) -> Setting:
    """Texts put together; unknown ones leave holes in a partly known text."""
    return derived(pieces, lambda values: _joined(values, delimiter, span), span)


def _joined(pieces: Sequence[Setting], delimiter: str, span: Span) -> Setting:
    texts: list[str | None] = []
    mentioned: list[Reference] = []
    origin: list[Because] = []
    length = 0
    why = ""
    for piece in pieces:
        if isinstance(piece, Known):
            it = piece.it
            if it is None:
                continue
            if isinstance(it, _COLLECTIONS):
                why = why or "a list or a map is no text"
                added: tuple[str | None, ...] = (None,)
            else:
                written = it if isinstance(it, str) else printed(it)
                length += len(written)
                added = (written,)
        else:
            assert isinstance(piece, Unknown)
            why = why or piece.why
            added = piece.parts or (None,)
            length += sum(map(len, filter(None, added)))
        if delimiter and texts:
            texts.append(delimiter)
        texts += added
        mentioned += piece.references
        origin += piece.origin
    if length + len(delimiter) * len(pieces) > MAX_TEXT:
        return Unknown(_TOO_LONG, span, _once(mentioned))
    if why:
        return Unknown(why, span, _once(mentioned), _together(texts), _once(origin))
    whole = PlacedText.joined([part for part in texts if part])
    if "{{resolve:" in whole:
        return resolved(whole, span)
    return Known(whole, span, _once(mentioned), _once(origin))


def _once(found: Sequence[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found)) if found else ()


def _together(texts: Sequence[str | None]) -> tuple[str | None, ...]:
    """Literal pieces side by side as one, holes side by side as one, and nothing empty."""
    rows: list[list[str] | None] = []
    for part in texts:
        last = rows[-1] if rows else None
        if part is None:
            if last is not None or not rows:
                rows.append(None)
        elif last is None:
            rows.append([part])
        else:
            last.append(part)
    whole = [None if row is None else PlacedText.joined(row) for row in rows]
    return tuple(part for part in whole if part != "")


def join(node: Node, scope: Evaluation) -> Setting:
    """`Fn::Join`: a literal delimiter, and a list."""
    if not isinstance(node, text.Sequence) or len(node.items) != 2:
        return scope.note(node.span, "Fn::Join needs a delimiter and a list")
    delimiter = word(node.items[0])
    value = evaluate(node.items[1], scope)
    if delimiter is None:
        return Unknown("the delimiter is unknown", node.span, tuple(dict.fromkeys(references(value))))

    def over(values: Sequence[Setting]) -> Setting:
        (found,) = values
        if isinstance(found, Known) and isinstance(found.it, tuple):
            return joined(found.it, delimiter, node.span)
        if isinstance(found, Known):
            return Known(printed(found.it), node.span, found.references, found.origin)
        return Unknown(found.why if isinstance(found, Unknown) else "", node.span, found.references)

    return derived((value,), over, node.span)


def split(node: Node, scope: Evaluation) -> Setting:
    """`Fn::Split`: a literal delimiter, and text whose unknown pieces cannot hide one."""
    if not isinstance(node, text.Sequence) or len(node.items) != 2:
        return scope.note(node.span, "Fn::Split needs a delimiter and a text")
    delimiter, value = word(node.items[0]), evaluate(node.items[1], scope)
    if not delimiter:
        return scope.note(node.span, "Fn::Split needs a delimiter that is text")

    def over(values: Sequence[Setting]) -> Setting:
        (found,) = values
        if isinstance(found, Known):
            if isinstance(found.it, tuple | dict):
                return Unknown("a list or a map is no text", node.span, found.references)
            pieces = (Known(part, node.span, (), found.origin) for part in printed(found.it).split(delimiter))
            return Known(tuple(pieces), node.span, found.references)
        assert isinstance(found, Unknown)
        harmless = all(it.address in _PLAIN_WORDS for it in found.references) and re.search(r"[^A-Za-z0-9-]", delimiter)
        if found.parts is None or not found.references or not harmless:
            return Unknown(found.why, node.span, found.references)
        return Known(tuple(_pieces(found, delimiter, node.span)), node.span)

    return derived((value,), over, node.span)


def _pieces(value: Unknown[object], delimiter: str, span: Span) -> list[Setting]:
    rows: list[list[str | None]] = [[]]
    for part in value.parts or ():
        first, *rest = [None] if part is None else part.split(delimiter)
        rows[-1] += [first] if first != "" else []
        rows += [[one] if one else [] for one in rest]
    return [
        Unknown(value.why, span, value.references, tuple(row))
        if None in row
        else Known("".join(filter(None, row)), span)
        for row in rows
    ]


def base64(node: Node, scope: Evaluation) -> Setting:
    """`Fn::Base64`: text that keeps what it encodes; of what is partly known the pieces stay as they are written."""
    return convert(evaluate(node, scope), _encoded, "text")


def _encoded(it: object) -> Base64Text | None:
    return (
        None
        if it is None or isinstance(it, _COLLECTIONS)
        else Base64Text.of(it if isinstance(it, str) else printed(it))
    )


def to_json_string(node: Node, scope: Evaluation) -> Setting:
    """`Fn::ToJsonString`: text that keeps its structure, which policies are read from directly."""
    value = evaluate(node, scope)
    if all(isinstance(part, Known) for part in parts(value)):
        made = json.dumps(plain(value), separators=(",", ":"), ensure_ascii=False)
        if len(made) > MAX_TEXT:
            return Unknown(_TOO_LONG, node.span, value.references)
        return Known(JsonText.of(made, value), node.span, value.references, sensitive=is_marked(value))
    if isinstance(value, Known) and isinstance(value.it, dict):
        return Known(JsonObject(value.it), value.span, value.references, value.origin)
    if isinstance(value, Known) and isinstance(value.it, tuple):
        return Known(JsonArray(value.it), value.span, value.references, value.origin)
    if isinstance(value, Choice):
        return value
    return Unknown(value.why if isinstance(value, Unknown) else "", node.span, value.references)
