"""Terraform's conversions between types, and the kind of value that plain Python lacks: sets."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from partywall.value import Known, Setting

Number = int | float | Decimal

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\Z")
_DIGITS = 4096


class ConversionError(Exception):
    """A value that Terraform cannot convert; the message says to what."""


class SetOf(tuple[Setting, ...]):
    """A set: known elements sorted and without repeats, unknown ones behind them. It has no index."""

    __slots__ = ()


def text_of(it: object) -> str:
    """A primitive as text: numbers as the shortest decimal without exponent. Raises ConversionError."""
    if isinstance(it, str):
        return it
    if isinstance(it, bool):
        return "true" if it else "false"
    if isinstance(it, int):
        return str(it)
    if isinstance(it, float):
        if math.isinf(it) or math.isnan(it):
            raise ConversionError("an infinite number has no text")
        it = Decimal(repr(it))
    if isinstance(it, Decimal):
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
    if text.lstrip("-").isdigit():
        return int(text)
    exact = Decimal(text)
    if exact == exact.to_integral_value() and abs(exact.adjusted()) < _DIGITS:
        return int(exact)
    near = float(exact)
    return near if Decimal(repr(near)) == exact else exact


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
    if isinstance(it, str):
        return "a text"
    if isinstance(it, tuple):
        return "a set" if isinstance(it, SetOf) else "a list"
    return "an object" if isinstance(it, Mapping) else "a number"


def set_of(items: Iterable[Setting]) -> SetOf:
    """A set of values: repeats removed, primitives unified and sorted as Terraform orders them."""
    found = list(items)
    if any(isinstance(item, Known) and isinstance(item.it, str) for item in found):
        found = [_as_text(item) for item in found]
    distinct: dict[object, Setting] = {}
    for at, item in enumerate(found):
        distinct.setdefault(_identity(item, at), item)
    known = [item for item in distinct.values() if isinstance(item, Known)]
    rest = [item for item in distinct.values() if not isinstance(item, Known)]
    return SetOf((*sorted(known, key=_order), *rest))


def _as_text(item: Setting) -> Setting:
    if isinstance(item, Known) and item.it is not None and not isinstance(item.it, str | tuple | Mapping):
        return Known(text_of(item.it), item.span, item.references, item.origin)
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


def _order(item: Known[object]) -> tuple[int, float, bytes, str]:
    it = item.it
    if isinstance(it, bool):
        return (0, float(it), b"", "")
    if isinstance(it, int | float | Decimal):
        return (1, float(it), b"", "")
    if isinstance(it, str):
        return (2, 0.0, it.encode("utf-8", "surrogatepass"), "")
    return (3, 0.0, b"", repr(_identity(item, 0)))


def alike(chosen: Setting, other: Setting) -> Setting:
    """The chosen arm of a conditional in the type that both arms have in common.

    Source: Terraform's type unification: a primitive beside a text becomes text.
    """
    if not isinstance(chosen, Known) or not isinstance(other, Known):
        return chosen
    it = chosen.it
    if isinstance(other.it, str) and isinstance(it, bool | int | float | Decimal):
        return Known(text_of(it), chosen.span, chosen.references, chosen.origin)
    return chosen
