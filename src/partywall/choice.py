"""Choices among values: what is computed from them is computed once for each option."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from types import NoneType

from partywall.source import Span
from partywall.value import SENSITIVE, Choice, Known, Reference, Setting, Unknown, is_marked, marked, settle

_SCALARS = (str, int, float, NoneType)

MAX_VARIABLES = 4
MAX_WORLDS = 4096
"""So many options of so many variables are told apart in one value."""


class UndefinedError(Exception):
    """A value that does not exist, such as an element past the end; the message is one sentence.

    `references` tell what it was meant to be of, where that can be said of what is not there.
    """

    def __init__(self, message: str, span: Span, references: tuple[Reference, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.references = references


def lifted(
    values: Sequence[Setting],
    apply: Callable[[Sequence[Setting]], Setting],
    span: Span,
    depth: int = 0,
    worlds: int = 1,
) -> Setting:
    """Apply a function under every option of the choices among its arguments.

    An error under one option is that option's reason for being unknown. Beyond four open variables, or very many
    options, the choices that are left count as unknown values.
    """
    for choice in values:
        if isinstance(choice, Choice):
            break
    else:
        return apply(values)
    worlds *= len(choice.arms)
    if depth >= MAX_VARIABLES or worlds > MAX_WORLDS:
        return apply([_undecided(value) for value in values])
    arms: list[tuple[str, Setting]] = []
    made: dict[tuple[int, ...], Setting] = {}
    # A choice may have hundreds of options: looking each up in all of them would cost the square.
    variable = choice.variable
    tables = [
        (at, dict(one.arms)) for at, one in enumerate(values) if isinstance(one, Choice) and one.variable == variable
    ]
    for option, _ in choice.arms:
        settled = list(values)
        for at, table in tables:
            settled[at] = settle(table[option], {variable: option})
        alike = tuple(map(id, settled))
        if alike not in made:
            try:
                made[alike] = lifted(settled, apply, span, depth + 1, worlds)
            except UndefinedError as error:
                made[alike] = Unknown(error.message, error.span)
        arms.append((option, made[alike]))
    return combined(variable, tuple(arms), span)


def derived(values: Sequence[Setting], apply: Callable[[Sequence[Setting]], Setting], span: Span) -> Setting:
    """Apply a function as `lifted` does; what is computed from a sensitive value is sensitive too."""

    def over(settled: Sequence[Setting]) -> Setting:
        for value in settled:
            if not isinstance(value, Choice) and value.sensitive:
                break
        else:
            return apply(settled)
        try:
            return marked(apply(settled))
        except UndefinedError as error:
            raise UndefinedError("a value does not fit; it is sensitive and not shown", error.span) from error

    return lifted(values, over, span)


def _undecided(value: Setting) -> Setting:
    if not isinstance(value, Choice):
        return value
    return Unknown("it depends on too many conditions", value.span, value.references)


def combined(variable: str, arms: tuple[tuple[str, Setting], ...], span: Span) -> Setting:
    """A choice, or its value where every option has the same; what an arm assumes of the variable is settled in it.

    Options with equal values share one of them, so that whoever asks about it asks once.
    """
    shared: dict[object, Setting] = {}
    settled = []
    for option, arm in arms:
        value = settle(arm, {variable: option}) if isinstance(arm, Choice) else arm
        settled.append((option, shared.setdefault(_identity(value), value)))
    if len(shared) == 1:
        return settled[0][1]
    references = tuple(dict.fromkeys(it for _, arm in arms for it in arm.references))
    return Choice(variable, tuple(settled), span, references)


def named_by_text(options: Iterable[tuple[str, Setting]]) -> tuple[tuple[str, Setting], ...]:
    """Texts and the values they stand for as the arms of a choice; options are told, so secret ones are counted."""
    return tuple(
        (f"value {at} {SENSITIVE}" if text and is_marked(value) else text, value)
        for at, (text, value) in enumerate(options, 1)
    )


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
        if isinstance(it, _SCALARS):
            return type(it), it, value.sensitive
    return id(value)
