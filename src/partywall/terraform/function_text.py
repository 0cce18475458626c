"""Functions over text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal

from partywall.terraform import conversion
from partywall.terraform.function_table import Call, FunctionError, NotKnown, function, plain, text_in
from partywall.terraform.static_type import is_bare_null
from partywall.value import Choice, Known, Reference, Setting, Unknown

MAX_TEXT = 4 * 1024 * 1024
MAX_WIDTH = 1024


def graphemes(text: str) -> list[str]:
    """What a reader takes for single characters: a base with its marks, joined emoji, line ends of two characters.

    Source: Unicode Standard Annex 29, the part of it that occurs in configuration.
    """
    out: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        joins = out and (
            unicodedata.category(char) in {"Mn", "Me", "Mc"}
            or char in "\u200d\ufe0f"
            or "\U0001f3fb" <= char <= "\U0001f3ff"
            or out[-1].endswith("\u200d")
            or (char == "\n" and out[-1] == "\r")
        )
        if joins:
            out[-1] += char
        else:
            out.append(char)
    return out


def joined(pieces: Sequence[Setting], separator: str = "") -> Setting:
    """Texts put together; unknown ones leave holes in a partly known text."""
    known: list[str | None] = []
    why = ""
    references: list[Reference] = []
    sensitive = False
    for at, piece in enumerate(pieces):
        if at and separator:
            known.append(separator)
        references += piece.references
        if isinstance(piece, Choice):
            why = why or "it depends on a condition"
            known.append(None)
            continue
        sensitive |= piece.sensitive
        if isinstance(piece, Known):
            known.append(text_in(piece))
        else:
            why = why or piece.why
            known.extend(piece.parts or (None,))
    unique = tuple(dict.fromkeys(references))
    if sum(map(len, filter(None, known))) > MAX_TEXT:
        raise NotKnown("the text is beyond 4 MiB")
    if not why:
        return Known("".join(piece or "" for piece in known), references=unique, sensitive=sensitive)
    return Unknown(why, references=unique, parts=conversion.merged(known), sensitive=sensitive)


@function("join", "string", "list(string)", "list(string)...", returns="string")
def join(call: Call) -> object:
    """Lists of texts with a separator between the elements."""
    separator = call.text(0)
    return joined([item for at in range(1, len(call)) for item in call.items(at)], separator)


@function("format", "string", "any?...", returns="string")
def format_(call: Call) -> object:
    """A text by a pattern of verbs."""
    return formatted(call.text(0), call.arguments[1:])


_VERB = re.compile(r"%(?:%|([-+# 0]*)(\d{0,9})(?:\.(\d{1,9}))?(?:\[(\d{1,9})\])?([a-zA-Z]))")


def formatted(pattern: str, arguments: Sequence[Setting]) -> Setting:
    """A pattern with its verbs replaced; an unknown argument leaves a hole.

    Terraform itself does not say what it makes of a null without a type.
    """
    if any(map(is_bare_null, arguments)):
        raise NotKnown("a null without a type is not written")
    pieces: list[Setting] = []
    at = used = 0
    for match in _VERB.finditer(pattern):
        if "%" in pattern[at : match.start()]:
            raise FunctionError("the pattern has a malformed verb")
        pieces.append(Known(pattern[at : match.start()]))
        at = match.end()
        if match[0] == "%%":
            pieces.append(Known("%"))
            continue
        position = int(match[4]) - 1 if match[4] else used
        used = position + 1
        if not 0 <= position < len(arguments):
            raise FunctionError("there are too few arguments for the pattern")
        argument = arguments[position]
        if isinstance(argument, Known):
            pieces.append(Known(_verb(match, argument), references=argument.references))
        else:
            plain_text = match[5] in "sv" and not match[2] and not match[3]
            partial = argument.parts if plain_text and isinstance(argument, Unknown) else None
            why = argument.why if isinstance(argument, Unknown) else "it depends on a condition"
            pieces.append(Unknown(why, references=argument.references, parts=partial))
    if "%" in pattern[at:]:
        raise FunctionError("the pattern has a malformed verb")
    if used < len(arguments) and not any(match[4] for match in _VERB.finditer(pattern)):
        raise FunctionError("there are too many arguments for the pattern")
    return joined([*pieces, Known(pattern[at:])])


def _verb(match: re.Match[str], argument: Known[object]) -> str:
    flags, width, precision, _, verb = match.groups()
    if int(width or 0) > MAX_WIDTH or int(precision or 0) > MAX_WIDTH:
        raise FunctionError(f"a width is beyond {MAX_WIDTH}")
    it = argument.it
    if verb in "sqv":
        text = _shown(argument, verb, None if precision is None or verb == "v" else int(precision), flags or "")
    elif verb == "t":
        flag = conversion.bool_of(it)
        if flag is None:
            raise FunctionError(f"true or false is needed, not {conversion.kind_of(it)}")
        text = "true" if flag else "false"
    else:
        number = conversion.number_of(it)
        if number is None:
            raise FunctionError(f"a number is needed, not {conversion.kind_of(it)}")
        text = _numeric(verb, number, flags or "", precision)
    missing = int(width or 0) - len(graphemes(text))
    if missing <= 0:
        return text
    if "-" in (flags or ""):
        return text + " " * missing
    if "0" in (flags or ""):
        sign = text[:1] if text[:1] in "+-" else ""
        return sign + "0" * missing + text[len(sign) :]
    return " " * missing + text


def _shown(argument: Known[object], verb: str, precision: int | None, flags: str) -> str:
    from partywall.terraform.function_encoding import json_text

    it = argument.it
    if verb == "v" and (it is None or isinstance(it, tuple | dict) or "#" in flags):
        return json_text(plain(argument))
    if verb == "v" and isinstance(it, int | float | Decimal) and not isinstance(it, bool):
        return conversion.text_of(it)
    text = text_in(argument)
    text = text if precision is None else "".join(graphemes(text)[:precision])
    return json_text(text) if verb == "q" else text


def _numeric(verb: str, number: conversion.Number, flags: str, precision: str | None) -> str:
    sign = "+" if "+" in flags and number >= 0 else " " if " " in flags and number >= 0 else ""
    if verb in "dbox":
        whole = int(number)
        digits = {"d": "d", "b": "b", "o": "o", "x": "x"}[verb]
        return sign + format(whole, digits)
    if verb == "X":
        return sign + format(int(number), "X")
    if verb in "eEfFgG":
        return sign + _fraction(verb, Decimal(str(number)), precision)
    raise FunctionError(f"%{verb} is no verb")


def _fraction(verb: str, exact: Decimal, precision: str | None) -> str:
    """A number as Go's fmt writes it: exponents of two digits at least, %g as short as can be."""
    if verb in "gG":
        digits = len(exact.normalize().as_tuple().digits) if precision is None else max(int(precision), 1)
        rounded = Decimal(format(exact, f".{digits - 1}e")) if exact else exact
        if exact and not -4 <= rounded.adjusted() < (21 if precision is None else digits):
            return _exponent(format(rounded.normalize(), "e"), verb)
        return conversion.text_of(rounded)
    places = 6 if precision is None else int(precision)
    text = format(exact, f".{places}{'f' if verb in 'fF' else 'e'}")
    return text if verb in "fF" else _exponent(text, verb)


def _exponent(text: str, verb: str) -> str:
    mantissa, _, exponent = text.partition("e")
    if exponent[:1] not in {"+", "-"}:
        exponent = f"+{exponent}"
    return f"{mantissa}{'e' if verb.islower() else 'E'}{exponent[0]}{exponent[1:].zfill(2)}"


@function("formatlist", "string", "any?...", returns="list(string)")
def formatlist(call: Call) -> object:
    """A pattern for each element of the lists among the arguments."""
    pattern = call.text(0)
    lists = [it.it if isinstance(it, Known) and isinstance(it.it, tuple) else None for it in call.arguments[1:]]
    sizes = {len(items) for items in lists if items is not None}
    if len(sizes) > 1:
        raise FunctionError("the lists are of different lengths")
    if not sizes:
        unknown = next((it for it in call.arguments[1:] if isinstance(it, Unknown)), None)
        if unknown is not None:
            raise NotKnown(unknown.why)
    out = []
    for at in range(sizes.pop() if sizes else 1):
        row = [items[at] if items is not None else one for items, one in zip(lists, call.arguments[1:], strict=True)]
        out.append(formatted(pattern, row))
    return tuple(out)


def _partial(call: Call, change: Callable[[str], str]) -> object:
    """A change of every character: what is known of a text stays known."""
    value = call.value(0)
    if isinstance(value, Unknown) and value.parts:
        parts = tuple(None if part is None else change(part) for part in value.parts)
        return Unknown(value.why, references=value.references, parts=parts, sensitive=value.sensitive)
    return change(call.text(0))


def _each(change: Callable[[str], str]) -> Callable[[str], str]:
    """A change character by character, as Go does it: what would become several characters stays ("ß")."""
    return lambda text: (
        change(text) if text.isascii() else "".join(c if len(change(c)) > 1 else change(c) for c in text)
    )


@function("lower", "string", returns="string")
def lower(call: Call) -> object:
    """In small letters."""
    return _partial(call, _each(str.lower))


@function("upper", "string", returns="string")
def upper(call: Call) -> object:
    """In capital letters."""
    return _partial(call, _each(str.upper))


@function("title", "string", returns="string")
def title(call: Call) -> object:
    """Each word with a capital."""
    return re.sub(r"(^|[^\w'])(\w)", lambda match: match[1] + match[2].upper(), call.text(0))


@function("trimspace", "string", returns="string")
def trimspace(call: Call) -> object:
    """Without white space at both ends."""
    return call.text(0).strip()


@function("trim", "string", "string", returns="string")
def trim(call: Call) -> object:
    """Without some characters at both ends."""
    return call.text(0).strip(call.text(1)) if call.text(1) else call.text(0)


@function("trimprefix", "string", "string", returns="string")
def trimprefix(call: Call) -> object:
    """Without a prefix."""
    return call.text(0).removeprefix(call.text(1))


@function("trimsuffix", "string", "string", returns="string")
def trimsuffix(call: Call) -> object:
    """Without a suffix."""
    return call.text(0).removesuffix(call.text(1))


@function("chomp", "string", returns="string")
def chomp(call: Call) -> object:
    """Without line ends at the end."""
    return call.text(0).rstrip("\r\n")


@function("startswith", "string", "string", returns="bool")
def startswith(call: Call) -> object:
    """Whether a text begins with another."""
    value, prefix = call.value(0), call.text(1)
    if not prefix:
        return True
    head = (value.parts or (None,))[0] if isinstance(value, Unknown) else None
    if head and (head.startswith(prefix) or not prefix.startswith(head)):
        return head.startswith(prefix)
    return call.text(0).startswith(prefix)


@function("endswith", "string", "string", returns="bool")
def endswith(call: Call) -> object:
    """Whether a text ends with another."""
    value, suffix = call.value(0), call.text(1)
    if not suffix:
        return True
    tail = (value.parts or (None,))[-1] if isinstance(value, Unknown) else None
    if tail and (tail.endswith(suffix) or not suffix.endswith(tail)):
        return tail.endswith(suffix)
    return call.text(0).endswith(suffix)


@function("strcontains", "string", "string", returns="bool")
def strcontains(call: Call) -> object:
    """Whether a text holds another."""
    value, wanted = call.value(0), call.text(1)
    if isinstance(value, Unknown) and any(part and wanted in part for part in value.parts or ()):
        return True
    return wanted in call.text(0)


@function("split", "string", "string", returns="list(string)")
def split(call: Call) -> object:
    """A text in pieces between separators."""
    separator, text = call.text(0), call.text(1)
    if not separator:
        return graphemes(text)
    return text.split(separator)


@function("strrev", "string", returns="string")
def strrev(call: Call) -> object:
    """A text backwards."""
    return "".join(reversed(graphemes(call.text(0))))


@function("substr", "string", "number", "number", returns="string")
def substr(call: Call) -> object:
    """A stretch of a text."""
    clusters, offset, length = graphemes(call.text(0)), call.whole(1), call.whole(2)
    start = offset + len(clusters) if offset < 0 else offset
    start = max(start, 0)
    return "".join(clusters[start:] if length < 0 else clusters[start : start + length])


@function("indent", "number", "string", returns="string")
def indent(call: Call) -> object:
    """Every line but the first set in."""
    return call.text(1).replace("\n", "\n" + " " * min(max(call.whole(0), 0), MAX_WIDTH))


@function("tostring", "any?", returns="string")
def tostring(call: Call) -> object:
    """A primitive as text."""
    return call.value(0)
