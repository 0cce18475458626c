"""Functions over numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from functools import partial, reduce

from partywall.terraform import conversion
from partywall.terraform.arithmetic import MAX_BITS, ArithmeticRefusedError, calculated
from partywall.terraform.conversion import Number
from partywall.terraform.function_table import Call, FunctionError, NotKnown, function
from partywall.terraform.static_type import type_of
from partywall.value import Known

MAX_DIGITS = 4096


@function("abs", "number", returns="number")
def absolute(call: Call) -> object:
    """Without its sign."""
    number = call.number(0)
    return number if number >= 0 else calculated("-", 0, number)


@function("ceil", "number", returns="number")
def ceil(call: Call) -> object:
    """The next whole number above."""
    number = call.number(0)
    return number if isinstance(number, int) or not math.isfinite(number) else math.ceil(number)


@function("floor", "number", returns="number")
def floor(call: Call) -> object:
    """The next whole number below."""
    number = call.number(0)
    return number if isinstance(number, int) or not math.isfinite(number) else math.floor(number)


@function("log", "number", "number", returns="number")
def log(call: Call) -> object:
    """A logarithm to a base."""
    try:
        number, base = float(call.number(0)), float(call.number(1))
        divisor = math.log(base) if base else -math.inf
        made = (math.log(number) if number else -math.inf) / divisor + 0.0
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise FunctionError("there is no such logarithm") from error
    if math.isnan(made):
        raise FunctionError("there is no such logarithm")
    return made


@function("pow", "number", "number", returns="number")
def power(call: Call) -> object:
    """A power, in the precision of doubles."""
    try:
        made = math.pow(_double(call.number(0)), _double(call.number(1)))
    except OverflowError:
        made = math.inf
    except ValueError as error:
        if call.number(0) != 0:
            raise FunctionError("the result is no number") from error
        made = math.inf
    if math.isnan(made):
        raise FunctionError("the result is no number")
    # Terraform writes a double with as few digits as tell it apart, and zeros behind them.
    return int(Decimal(repr(made))) if made.is_integer() else made


def _double(number: Number) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


@function("signum", "number", returns="number")
def signum(call: Call) -> object:
    """-1, 0 or 1."""
    number = call.whole(0)
    return (number > 0) - (number < 0)


@function("parseint", "any", "number", returns="number")
def parseint(call: Call) -> object:
    """A whole number in a base from 2 to 62."""
    if type_of(call.value(0)).kind not in {"string", "any"}:
        raise FunctionError(f"a text is needed, not {conversion.found(type_of(call.value(0)).kind)}")
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


@function("max", "number", "number...", returns="number")
def maximum(call: Call) -> object:
    """The greatest."""
    return _extreme(call, max)


@function("min", "number", "number...", returns="number")
def minimum(call: Call) -> object:
    """The least."""
    return _extreme(call, min)


@function("sum", "any", returns="number")
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
    try:
        return reduce(partial(calculated, "+"), numbers)
    except ArithmeticRefusedError as error:
        raise FunctionError(str(error)) from error


@function("tonumber", "any?", returns="number")
def tonumber(call: Call) -> object:
    """A text as number."""
    return call.value(0)


@function("tobool", "any?", returns="bool")
def tobool(call: Call) -> object:
    """A text as truth value."""
    return call.value(0)
