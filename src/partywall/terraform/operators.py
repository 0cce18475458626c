"""The operators of the language over values, with Kleene's logic for what is unknown."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from partywall.choice import lifted
from partywall.source import Span
from partywall.terraform import conversion
from partywall.terraform.arithmetic import ArithmeticRefusedError, calculated
from partywall.terraform.conversion import Number
from partywall.terraform.scope import EvaluationError
from partywall.terraform.static_type import BOOL, NUMBER, SetOf, Type, convertible, differ, is_null, type_of, typed
from partywall.truth import Because
from partywall.value import CREATED, Choice, Known, Reference, Setting, Unknown, is_marked


def truth(value: Setting, span: Span) -> Setting:
    """A value as a condition reads it; raises EvaluationError for what is no truth value."""
    if isinstance(value, Choice):
        return lifted((value,), lambda values: truth(values[0], span), span)
    if isinstance(value, Unknown):
        return _typed(value, BOOL, span)
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
            return typed(_unknown(unknown, left, right, span), BOOL)
        return Known(
            answer is (mark == "=="), span, _references(left, right), _origin(left, right), _sensitive(left, right)
        )
    if not isinstance(left, Known) or not isinstance(right, Known):
        for operand in (left, right):
            _checked(operand, span)
        unknown = _unknown(left if not isinstance(left, Known) else right, left, right, span)
        return typed(unknown, BOOL if mark in _COMPARE else NUMBER)
    first, second = _number(left, span), _number(right, span)
    result = _COMPARE[mark](first, second) if mark in _COMPARE else _calculated(mark, first, second, span)
    return Known(result, span, _references(left, right), _origin(left, right), _sensitive(left, right))


def unary(mark: str, operand: Setting, span: Span) -> Setting:
    """`!operand` or `-operand`."""
    if mark == "!":
        operand = truth(operand, span)
    if not isinstance(operand, Known):
        if mark == "-":
            _checked(operand, span)
        return typed(_unknown(operand, operand, operand, span), BOOL if mark == "!" else NUMBER)
    result: object = not operand.it if mark == "!" else calculated("-", 0, _number(operand, span))
    return Known(result, span, operand.references, operand.origin, operand.sensitive)


def equal(left: Setting, right: Setting) -> bool | None:
    """Whether two values are equal in type and value; None where unknown parts leave it open."""
    if not is_null(left) and not is_null(right) and differ(type_of(left), type_of(right)):
        return False
    return _equal(left, right)


def _equal(left: Setting, right: Setting) -> bool | None:
    if not isinstance(left, Known) or not isinstance(right, Known):
        return _equal_texts(left, right)
    one, other = left.it, right.it
    if one is None or other is None:
        return one is other
    if isinstance(one, tuple) and isinstance(other, tuple):
        if isinstance(one, SetOf) is not isinstance(other, SetOf) or len(one) != len(other):
            return False
        return _all(_equal(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if set(one) != set(other):
            return False
        return _all(_equal(one[key], other[key]) for key in one)
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
        if isinstance(partial, Unknown) and isinstance(other, Known) and other.it is None and is_there(partial):
            return False
        if isinstance(partial, Unknown) and partial.parts and isinstance(other, Known):
            if not isinstance(other.it, str):
                return False
            head, tail = partial.parts[0] or "", partial.parts[-1] or ""
            if not other.it.startswith(head) or not other.it.endswith(tail) or len(other.it) < len(head) + len(tail):
                return False
    return None


def is_there(value: Unknown[object]) -> bool:
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


def _calculated(mark: str, left: Number, right: Number, span: Span) -> Number:
    try:
        return calculated(mark, left, right)
    except ArithmeticRefusedError as error:
        raise EvaluationError(str(error), span) from error


def _checked(operand: Setting, span: Span) -> None:
    """An operand of arithmetic beside an unknown one: it fails all the same where it is no number."""
    if isinstance(operand, Known):
        _number(operand, span)
    else:
        _typed(operand, NUMBER, span)


def _typed(value: Setting, kind: Type, span: Span) -> Setting:
    """An unknown value as one of a primitive type; raises EvaluationError where its own type is another."""
    given = type_of(value)
    if not convertible(given, kind):
        wanted, found = conversion.found(kind.kind), conversion.found(given.kind)
        raise EvaluationError(f"{wanted} is needed, not {found}", span)
    return typed(value, kind)


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
