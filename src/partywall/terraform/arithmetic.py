"""Calculation as Terraform does it: with 512 binary digits, and with infinity.

Source: go-cty's numbers, which are Go's `big.Float`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from fractions import Fraction

from partywall.terraform.conversion import Number, simplest

DIGITS = 512
MAX_BITS = 13_600
"""What 4,096 decimal digits take: no number grows beyond."""


class ArithmeticRefusedError(Exception):
    """A calculation without result; the message is one sentence."""


def calculated(mark: str, left: Number, right: Number) -> Number:
    """`left mark right` for + - * / %; raises ArithmeticRefusedError."""
    if _is_infinite(left) or _is_infinite(right):
        return _with_infinity(mark, left, right)
    if mark in "/%" and right == 0:
        if mark == "%":
            return left
        if left == 0:
            raise ArithmeticRefusedError("division of zero by zero")
        return math.inf if left > 0 else -math.inf
    if isinstance(left, int) and isinstance(right, int):
        if mark == "*" and left.bit_length() + right.bit_length() > MAX_BITS:
            raise ArithmeticRefusedError("the product has too many digits")
        if mark in _WHOLE:
            return _WHOLE[mark](left, right)
        if left % right == 0:
            return left // right if mark == "/" else 0
    first, second = _binary(left), _binary(right)
    if mark == "%":
        times = math.trunc(_rounded(first / second))
        return _shortest(_rounded(first - _rounded(second * times)))
    return _shortest(_rounded(_EXACT[mark](first, second)))


_WHOLE: Mapping[str, Callable[[int, int], int]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_EXACT: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


def _is_infinite(number: Number) -> bool:
    return isinstance(number, float) and math.isinf(number)


def _direction(number: Number) -> float:
    return float(number) if _is_infinite(number) else float((number > 0) - (number < 0))


def _with_infinity(mark: str, left: Number, right: Number) -> Number:
    """Only signs count beside infinity."""
    if mark == "%":
        raise ArithmeticRefusedError("infinity leaves no remainder")
    first, second = map(_direction, (left, right))
    if mark == "/" and second == 0:
        return first
    made = _BESIDE_INFINITY[mark](first, second)
    if math.isnan(made):
        raise ArithmeticRefusedError("infinity is no number to calculate with")
    return 0 if made == 0 else made


_BESIDE_INFINITY: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


def _binary(number: Number) -> Fraction:
    """A number as it is kept: its decimal digits in binary ones."""
    return _rounded(Fraction(repr(number) if isinstance(number, float) else number))


def _rounded(exact: Fraction) -> Fraction:
    """The nearest number with 512 binary digits, the even one of two."""
    shift = DIGITS - exact.numerator.bit_length() + exact.denominator.bit_length()
    for places in (shift, shift - 1):
        digits = round(exact * (Fraction(2) ** places))
        if digits.bit_length() <= DIGITS:
            break
    return Fraction(digits) / Fraction(2) ** places


def _shortest(binary: Fraction) -> Number:
    """The shortest decimal that stands for a binary number."""
    if binary.denominator == 1:
        return binary.numerator
    for digits in (17, 40, 80, *range(150, 158)):
        context = Context(prec=digits, Emax=9999, Emin=-9999)
        shown = context.divide(Decimal(binary.numerator), Decimal(binary.denominator))
        if _rounded(Fraction(shown)) == binary:
            return simplest(shown.normalize(context))
    return simplest(shown)
