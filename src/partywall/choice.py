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
    """A choice, or its value where every option has the same; what an arm assumes of the variable is settled in it.

    Options with equal values share one of them, so that whoever asks about it asks once.
    """
    shared: dict[object, Setting] = {}
    settled = []
    for option, arm in arms:
        value = settle(arm, {variable: option})
        settled.append((option, shared.setdefault(_identity(value), value)))
    if len(shared) == 1:
        return settled[0][1]
    references = tuple(dict.fromkeys(it for _, arm in arms for it in arm.references))
    return Choice(variable, tuple(settled), span, references)


def same(one: Setting, other: Setting) -> bool:
    """Whether two values are known to be equal, unknown parts included only if they are the very same."""
    return one is other or _identity(one) == _identity(other)


def _identity(value: Setting) -> object:
    """What equal values have in common, wherever they stand; what is not known equals itself only."""
    if isinstance(value, Choice):
        return value.variable, tuple((option, _identity(arm)) for option, arm in value.arms)
    if isinstance(value, Known):
        it = value.it
        if isinstance(it, tuple):
            return type(it), tuple(map(_identity, it))
        if isinstance(it, dict):
            return type(it), frozenset((key, _identity(inner)) for key, inner in it.items())
        if isinstance(it, str | int | float | None):
            return type(it), it, value.sensitive
    return id(value)
