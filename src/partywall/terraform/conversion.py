"""Terraform's conversions between types, and the kind of value that plain Python lacks: sets."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from partywall.terraform.static_type import ANY, SetOf, Type
from partywall.text.structured import JsonArray, JsonObject, PlacedText
from partywall.value import Known, Setting

Number = int | float | Decimal

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\Z")
_DIGITS = 4096


class ConversionError(Exception):
    """A value that Terraform cannot convert; the message says to what."""


class JsonBlocks(tuple[Setting, ...]):
    """What an object in JSON syntax is where only the provider knows whether it means a block or an attribute."""

    __slots__ = ()


def text_of(it: object) -> str:
    """A primitive as text: numbers as the shortest decimal without exponent. Raises ConversionError."""
    if isinstance(it, str):
        return it
    if isinstance(it, bool):
        return "true" if it else "false"
    if isinstance(it, int):
        try:
            return str(it)
        except ValueError as error:
            raise ConversionError(f"a number of more than {_DIGITS} digits has no text") from error
    if isinstance(it, float):
        if not math.isfinite(it):
            return "+Inf" if it > 0 else "-Inf"
        it = Decimal(repr(it))
    if isinstance(it, Decimal):
        if abs(it.adjusted()) > _DIGITS:
            raise ConversionError(f"a number of more than {_DIGITS} digits has no text")
        text = format(it, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    raise ConversionError(f"{kind_of(it)} is no text")


def number_of(it: object) -> Number | None:
    """A number, or the number a text spells in decimal or scientific notation; None for anything else."""
    if isinstance(it, bool):
        return None
    if isinstance(it, int | float | Decimal):
        return it
    if isinstance(it, str) and len(it) <= _DIGITS and _NUMBER.match(it):
        return number_from(it)
    return None


def number_from(text: str) -> Number:
    """The exact number that digits spell: whole numbers as int, others as a double when exact, else decimal."""
    if text.lstrip("-").isdecimal():
        return int(text)
    try:
        exact = Decimal(text)
    except ArithmeticError:
        return math.inf
    return simplest(exact)


def simplest(exact: Decimal) -> Number:
    """An exact number as int or double where that is the same."""
    if exact.is_nan():
        return math.nan
    if exact == exact.to_integral_value() and abs(exact.adjusted()) < _DIGITS:
        return int(exact)
    near = float(exact)
    return near if math.isfinite(near) and Decimal(repr(near)) == exact else exact


def whole_of(number: Number) -> int | None:
    """A number without its fraction; None for an infinite one."""
    return int(number) if isinstance(number, int) or math.isfinite(number) else None


def bool_of(it: object) -> bool | None:
    """A truth value, or the one that a text spells: `true`, `false`, `1`, `0` exactly; None for anything else."""
    if isinstance(it, bool):
        return it
    return {"true": True, "1": True, "false": False, "0": False}.get(it) if isinstance(it, str) else None


def kind_of(it: object) -> str:
    """What a value is, for messages."""
    if it is None:
        return "null"
    if isinstance(it, bool):
        return "a truth value"
    if isinstance(it, str | JsonObject | JsonArray):
        return "a text"
    if isinstance(it, tuple):
        return "a set" if isinstance(it, SetOf) else "a list"
    return "an object" if isinstance(it, Mapping) else "a number"


CHANGES: Mapping[str, Callable[[object], object]] = {"string": text_of, "number": number_of, "bool": bool_of}
"""What makes a value one of a primitive type: None, or a ConversionError, for a value that does not fit."""

ARTICLE = {
    "string": "a text", "number": "a number", "bool": "true or false", "list": "a list", "set": "a set", "map": "a map",
    "object": "an object", "tuple": "a list of fixed length",
}  # fmt: skip
"""What a value of a kind of type must be, for messages."""


def found(kind: str) -> str:
    """What a value of a kind of type is, for messages."""
    return {"bool": "a truth value", "tuple": "a list"}.get(kind) or ARTICLE[kind]


def set_of(items: Iterable[Setting], element: Type = ANY) -> SetOf:
    """A set of values: repeats removed, primitives unified and sorted as Terraform orders them."""
    found = list(items)
    if any(isinstance(item, Known) and isinstance(item.it, str) for item in found):
        found = [_as_text(item) for item in found]
    distinct: dict[object, Setting] = {}
    for at, item in enumerate(found):
        distinct.setdefault(_identity(item, at), item)
    known = [item for item in distinct.values() if isinstance(item, Known)]
    rest = [item for item in distinct.values() if not isinstance(item, Known)]
    return SetOf.of(element, (*sorted(known, key=_order), *rest))


def _as_text(item: Setting) -> Setting:
    if isinstance(item, Known) and item.it is not None and not isinstance(item.it, str | tuple | Mapping):
        return replace(item, it=text_of(item.it))
    return item


def _identity(item: Setting, at: int) -> object:
    """Something equal for equal known values; unknown ones are all different."""
    if not isinstance(item, Known):
        return ("unknown", at)
    it = item.it
    if isinstance(it, tuple):
        return ("list", tuple(_identity(one, at * 1000 + i) for i, one in enumerate(it)))
    if isinstance(it, Mapping):
        return ("map", tuple((key, _identity(it[key], at * 1000)) for key in sorted(it)))
    return (isinstance(it, bool), isinstance(it, str), it)


def _order(item: Known[object]) -> tuple[int, Number, bytes, str]:
    it = item.it
    if isinstance(it, bool):
        return (0, it, b"", "")
    if isinstance(it, int | float | Decimal):
        return (1, it, b"", "")
    if isinstance(it, str):
        return (2, 0, it.encode("utf-8", "surrogatepass"), "")
    return (3, 0, b"", repr(_identity(item, 0)))


def merged(pieces: Sequence[str | None]) -> tuple[str | None, ...]:
    """The pieces of a partly known text with neighbours joined: texts and holes (None) take turns."""
    out: list[str | None] = []
    run: list[str] = []
    for piece in pieces:
        if piece is not None:
            run.append(piece)
            continue
        if run:
            out.append(PlacedText.joined(run))
            run = []
        if not out or out[-1] is not None:
            out.append(None)
    if run:
        out.append(PlacedText.joined(run))
    return tuple(out)
