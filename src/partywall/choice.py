"""Choices among values: what is computed from them is computed once for each option."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from partywall.source import Span
from partywall.value import Choice, Known, Setting, Unknown, settle

MAX_VARIABLES = 4


class UndefinedError(Exception):
    """A value that does not exist, such as an element past the end; the message is one sentence."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


def lifted(
    values: Sequence[Setting], apply: Callable[[Sequence[Setting]], Setting], span: Span, depth: int = 0
) -> Setting:
    """Apply a function under every option of the choices among its arguments.

    An error under one option is that option's reason for being unknown. Beyond four open
    variables the result is unknown.
    """
    for value in values:
        if isinstance(value, Choice):
            if depth >= MAX_VARIABLES:
                return Unknown(
                    "it depends on too many conditions", span, tuple(it for v in values for it in v.references)
                )
            arms = []
            for option, _ in value.arms:
                settled = [settle(one, {value.variable: option}) for one in values]
                try:
                    arms.append((option, lifted(settled, apply, span, depth + 1)))
                except UndefinedError as error:
                    arms.append((option, Unknown(error.message, error.span)))
            return combined(value.variable, tuple(arms), span)
    return apply(values)


def combined(variable: str, arms: tuple[tuple[str, Setting], ...], span: Span) -> Setting:
    """A choice, or its value where every option has the same; what an arm assumes of the variable is settled in it."""
    settled = tuple((option, settle(arm, {variable: option})) for option, arm in arms)
    first = settled[0][1]
    if all(same(first, arm) for _, arm in settled[1:]):
        return first
    references = tuple(dict.fromkeys(it for _, arm in settled for it in arm.references))
    return Choice(variable, settled, span, references)


def same(one: Setting, other: Setting) -> bool:
    """Whether two values are known to be equal, unknown parts included only if they are the very same."""
    if one is other:
        return True
    if isinstance(one, Known) and isinstance(other, Known):
        if isinstance(one.it, tuple) and isinstance(other.it, tuple):
            return len(one.it) == len(other.it) and all(map(same, one.it, other.it))
        if isinstance(one.it, dict) and isinstance(other.it, dict):
            return one.it.keys() == other.it.keys() and all(same(value, other.it[key]) for key, value in one.it.items())
        return type(one.it) is type(other.it) and isinstance(one.it, str | int | float | None) and one.it == other.it
    return False
