"""What a scalar of YAML says: plain words by the core schema, quotes, and lines that are folded into one."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}
_WHOLE = re.compile(r"(?:0|-?[1-9]\d{0,17})\Z").match
_BEHIND_DIGITS = ":"
"""Digits and the minus come before it, letters after: most text is seen at once to be no number."""

_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_ESCAPED = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_HIGHEST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


class UnusualError(Exception):
    """Text that is left to the reader of all of YAML: rare, or perhaps an error."""


def typed(word: str) -> str | int | bool | None:
    """A plain scalar without a tag: a whole number, a truth value, null, or else text."""
    return int(word) if word < _BEHIND_DIGITS and _WHOLE(word) else _WORDS.get(word, word)


def unescaped(text: str) -> str:
    """What stands between double quotes; raises UnusualError for what no escape means."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) == 1:
        found = _ESCAPED.get(code)
        if found is None:
            raise UnusualError
        return found
    number = int(code[1:], 16)
    if number > _HIGHEST or number in _SURROGATES:
        raise UnusualError
    return chr(number)


def flowed(lines: Iterable[str]) -> str:
    """Lines of a plain or quoted scalar as one: a break is a space, blank lines are breaks. The first is not blank."""
    pieces: list[str] = []
    blank = 0
    for line in lines:
        if not line and pieces:
            blank += 1
            continue
        if pieces:
            pieces.append("\n" * blank or " ")
        pieces.append(line)
        blank = 0
    return "".join(pieces)


def folded(lines: Iterable[str]) -> str:
    """Lines of a folded block scalar as one; those that are indented further keep their breaks."""
    pieces: list[str] = []
    blank = 0
    further: bool | None = None
    for line in lines:
        if not line:
            blank += 1
            continue
        before, further = further, line[0] in " \t"
        if before is None:
            pieces.append("\n" * blank)
        elif before or further:
            pieces.append("\n" * (blank + 1))
        else:
            pieces.append("\n" * blank or " ")
        pieces.append(line)
        blank = 0
    return "".join(pieces)
