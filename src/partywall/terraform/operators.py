"""The operators of the language over values, with Kleene's logic for what is unknown."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from decimal import Context, Decimal

from partywall.choice import lifted
from partywall.source import Span
from partywall.terraform import conversion
from partywall.terraform.conversion import SetOf
from partywall.terraform.scope import EvaluationError
from partywall.truth import Because
from partywall.value import CREATED, Choice, Known, Reference, Setting, Unknown, is_marked

Number = int | float | Decimal


def truth(value: Setting, span: Span) -> Setting:
    """A value as a condition reads it; raises EvaluationError for what is no truth value."""
    if isinstance(value, Choice):
        return lifted((value,), lambda values: truth(values[0], span), span)
    if isinstance(value, Unknown):
        return value
    if isinstance(value.it, bool):
        return value
    flag = conversion.bool_of(value.it)
    if flag is None:
        raise EvaluationError(f"true or false is needed, not {conversion.kind_of(value.it)}", span)
    return Known(flag, value.span, value.references, value.origin, value.sensitive)


def logical(left: Setting, right: Setting, span: Span, *, decided: bool) -> Setting:
    """`||` (decided by true) or `&&` (decided by false), past unknowns too."""
    for value in (left, right):
        if isinstance(value, Known) and value.it is decided:
            return Known(decided, span, value.references, value.origin, value.sensitive)
    for value in (left, right):
        if not isinstance(value, Known):
            return _unknown(value, left, right, span)
    return Known(not decided, span, _references(left, right), _origin(left, right), _sensitive(left, right))


def binary(mark: str, left: Setting, right: Setting, span: Span) -> Setting:
    """`left mark right` for equality, comparison and arithmetic."""
    if mark in {"==", "!="}:
        answer = equal(left, right)
        if answer is None:
            unknown = left if not isinstance(left, Known) else right
            return _unknown(unknown, left, right, span)
        return Known(
            answer is (mark == "=="), span, _references(left, right), _origin(left, right), _sensitive(left, right)
        )
    if not isinstance(left, Known) or not isinstance(right, Known):
        return _unknown(left if not isinstance(left, Known) else right, left, right, span)
    first, second = _number(left, span), _number(right, span)
    result = _COMPARE[mark](first, second) if mark in _COMPARE else _calculated(mark, first, second, span)
    return Known(result, span, _references(left, right), _origin(left, right), _sensitive(left, right))


def unary(mark: str, operand: Setting, span: Span) -> Setting:
    """`!operand` or `-operand`."""
    if mark == "!":
        operand = truth(operand, span)
    if not isinstance(operand, Known):
        return _unknown(operand, operand, operand, span)
    result: object = not operand.it if mark == "!" else -_number(operand, span)
    return Known(result, span, operand.references, operand.origin, operand.sensitive)


def equal(left: Setting, right: Setting) -> bool | None:
    """Whether two values are equal in type and value; None where unknown parts leave it open."""
    if not isinstance(left, Known) or not isinstance(right, Known):
        return _equal_texts(left, right)
    one, other = left.it, right.it
    if one is None or other is None:
        return one is other
    if isinstance(one, tuple) and isinstance(other, tuple):
        if isinstance(one, SetOf) is not isinstance(other, SetOf) or len(one) != len(other):
            return False
        return _all(equal(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if set(one) != set(other):
            return False
        return _all(equal(one[key], other[key]) for key in one)
    if isinstance(one, bool) or isinstance(other, bool) or isinstance(one, str) or isinstance(other, str):
        same_kind = isinstance(one, bool) is isinstance(other, bool) and isinstance(one, str) is isinstance(other, str)
        return same_kind and one == other
    return one == other


def _equal_texts(left: Setting, right: Setting) -> bool | None:
    """Partly known text can already differ: at its beginning or end. The identity of one resource equals itself."""
    if (
        isinstance(left, Unknown)
        and isinstance(right, Unknown)
        and left.parts is None
        and right.parts is None
        and len(left.references) == 1
        and left.references == right.references
        and left.references[0].attribute
    ):
        return True
    for partial, other in ((left, right), (right, left)):
        if isinstance(partial, Unknown) and isinstance(other, Known) and other.it is None and _is_there(partial):
            return False
        if isinstance(partial, Unknown) and partial.parts and isinstance(other, Known):
            if not isinstance(other.it, str):
                return False
            head, tail = partial.parts[0] or "", partial.parts[-1] or ""
            if not other.it.startswith(head) or not other.it.endswith(tail) or len(other.it) < len(head) + len(tail):
                return False
    return None


def _is_there(value: Unknown[object]) -> bool:
    """Whether an unknown value is yet not null: text in parts, and what identifies a resource once it is made."""
    identity = len(value.references) == 1 and value.references[0].attribute in {"id", "arn"}
    return value.parts is not None or (value.why == CREATED and identity)


def _all(answers: object) -> bool | None:
    out: bool | None = True
    for answer in answers:  # type: ignore[attr-defined]
        if answer is False:
            return False
        if answer is None:
            out = None
    return out


_COMPARE: Mapping[str, Callable[[Number, Number], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


_PRECISION = Context(prec=154, Emax=4096, Emin=-4096, traps=[])
"""Terraform counts with 512 binary digits."""


def _calculated(mark: str, left: Number, right: Number, span: Span) -> Number:
    if mark in "/%" and right == 0:
        if mark == "%" or left == 0:
            raise EvaluationError(
                "division of zero by zero" if mark == "/" else "remainder of a division by zero", span
            )
        return math.inf if left > 0 else -math.inf
    whole = isinstance(left, int) and isinstance(right, int)
    if whole and mark in "+-*":
        if mark == "*" and left.bit_length() + right.bit_length() > _BITS:  # type: ignore[union-attr]
            raise EvaluationError("the product has too many digits", span)
        return _EXACT[mark](left, right)  # type: ignore[arg-type]
    first, second = (Decimal(repr(it)) if isinstance(it, float) else Decimal(it) for it in (left, right))
    if mark == "%":
        return conversion.simplest(_PRECISION.remainder(first, second))
    made = getattr(_PRECISION, _DECIMAL[mark])(first, second)
    return conversion.simplest(made) if made.is_finite() else float(made)


_BITS = 13_600
"""What 4,096 digits take."""
_EXACT: Mapping[str, Callable[[int, int], int]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_DECIMAL = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}


def _number(value: Known[object], span: Span) -> Number:
    number = conversion.number_of(value.it)
    if number is None:
        raise EvaluationError(
            f"a number is needed, not {conversion.kind_of(value.it)}", value.span if value.span.line else span
        )
    return number


def _unknown(cause: Setting, left: Setting, right: Setting, span: Span) -> Setting:
    why = cause.why if isinstance(cause, Unknown) else "it depends on a condition"
    return Unknown(why, span, _references(left, right), None, _origin(left, right), _sensitive(left, right))


def _sensitive(left: Setting, right: Setting) -> bool:
    return is_marked(left) or is_marked(right)


def _references(left: Setting, right: Setting) -> tuple[Reference, ...]:
    if not right.references or left.references == right.references:
        return left.references
    return tuple(dict.fromkeys((*left.references, *right.references)))


def _origin(left: Setting, right: Setting) -> tuple[Because, ...]:
    if not right.origin:
        return left.origin
    return tuple(dict.fromkeys((*left.origin, *right.origin)))
