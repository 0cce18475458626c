"""Functions over numbers."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import Decimal
from functools import reduce

from partywall.terraform import conversion
from partywall.terraform.conversion import Number
from partywall.terraform.function_table import Call, FunctionError, NotKnown, function
from partywall.value import Known

MAX_DIGITS = 4096
MAX_BITS = 13_600
"""What 4,096 digits take."""


@function("abs", 1)
def absolute(call: Call) -> object:
    """Without its sign."""
    return abs(call.number(0))


@function("ceil", 1)
def ceil(call: Call) -> object:
    """The next whole number above."""
    number = call.number(0)
    return number if isinstance(number, int) or not math.isfinite(number) else math.ceil(number)


@function("floor", 1)
def floor(call: Call) -> object:
    """The next whole number below."""
    number = call.number(0)
    return number if isinstance(number, int) or not math.isfinite(number) else math.floor(number)


@function("log", 2)
def log(call: Call) -> object:
    """A logarithm to a base."""
    try:
        number, base = float(call.number(0)), float(call.number(1))
        divisor = math.log(base) if base else -math.inf
        return (math.log(number) if number else -math.inf) / divisor + 0.0
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise FunctionError("there is no such logarithm") from error


@function("pow", 2)
def power(call: Call) -> object:
    """A power."""
    number, exponent = call.number(0), call.number(1)
    try:
        digits = abs(float(exponent)) * max(1.0, abs(math.log10(abs(float(number)) or 1)))
        if number and digits > MAX_DIGITS:
            raise NotKnown(f"the result has more than {MAX_DIGITS} digits")
        if isinstance(number, int) and isinstance(exponent, int) and exponent >= 0:
            return number**exponent
        made = float(number) ** float(exponent)
    except (OverflowError, ZeroDivisionError) as error:
        raise FunctionError("the result is no finite number") from error
    if isinstance(made, complex) or not math.isfinite(made):
        raise FunctionError("the result is no finite number")
    return made


@function("signum", 1)
def signum(call: Call) -> object:
    """-1, 0 or 1."""
    number = call.number(0)
    return (number > 0) - (number < 0)


@function("parseint", 2)
def parseint(call: Call) -> object:
    """A whole number in a base from 2 to 62."""
    if not isinstance(call.given(0), str):
        raise FunctionError(f"a text is needed, not {conversion.kind_of(call.given(0))}")
    text, base = call.text(0), call.whole(1)
    if not 2 <= base <= 62:
        raise FunctionError("the base must lie between 2 and 62")
    if len(text) > MAX_DIGITS:
        raise NotKnown(f"the text has more than {MAX_DIGITS} digits")
    digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[:base]
    body = text.lstrip("+-") if base > 36 else text.lstrip("+-").lower()
    if not body or any(char not in digits for char in body) or len(text) - len(text.lstrip("+-")) > 1:
        raise FunctionError("the text is no whole number in that base")
    number = 0
    for char in body:
        number = number * base + digits.index(char)
    if number.bit_length() > MAX_BITS:
        raise NotKnown(f"the number has more than {MAX_DIGITS} digits")
    return -number if text.startswith("-") else number


def _extreme(call: Call, choose: Callable[[list[Number]], Number]) -> object:
    return choose([call.number(at) for at in range(len(call))])


@function("max", 1, None)
def maximum(call: Call) -> object:
    """The greatest."""
    return _extreme(call, max)


@function("min", 1, None)
def minimum(call: Call) -> object:
    """The least."""
    return _extreme(call, min)


@function("sum", 1)
def total(call: Call) -> object:
    """All elements added."""
    numbers: list[Number] = []
    for item in call.items(0):
        if not isinstance(item, Known):
            raise NotKnown("an element is unknown")
        number = conversion.number_of(item.it)
        if number is None:
            raise FunctionError("all elements must be numbers")
        numbers.append(number)
    if not numbers:
        raise FunctionError("there is nothing to add")
    if all(isinstance(number, int) for number in numbers):
        return reduce(operator.add, numbers)
    return conversion.number_from(str(sum((Decimal(str(number)) for number in numbers), Decimal(0))))


@function("tonumber", 1)
def tonumber(call: Call) -> object:
    """A text as number."""
    return None if call.given(0) is None else call.number(0)


@function("tobool", 1)
def tobool(call: Call) -> object:
    """A text as truth value."""
    return None if call.given(0) is None else call.flag(0)
