"""Terraform's functions: a name and arguments → a value."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from partywall.source import Span
from partywall.terraform import conversion
from partywall.terraform.function_table import (
    TABLE,
    Call,
    Entry,
    FunctionError,
    NotKnown,
    Parameter,
    Place,
    references_of,
    setting,
)
from partywall.terraform.scope import EvaluationError
from partywall.terraform.static_type import STRING, UnknownOf, type_of, typed
from partywall.terraform.type_conversion import conform, open_value
from partywall.value import Choice, Known, Reference, Setting, Unknown, is_marked, marked

__all__ = ["FunctionError", "Place", "call", "names"]

_ROOMS = (
    "collection", "mark", "text", "regex", "number", "network", "encoding", "yaml", "file", "time", "set", "provider",
)  # fmt: skip
_IMPURE = frozenset({"timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt", "type"})
"""Functions whose results, all of them texts, no reader can know."""

_GONE = {"list": "[…] or tolist", "map": "{…} or tomap"}
_OPENLY = frozenset({"issensitive", "nonsensitive"})
_PARTS = frozenset({"length", "keys", "lookup", "element", "one", "coalesce"}) | _OPENLY
"""Functions whose result is not sensitive because another part of an argument is."""

_CHOOSING = frozenset({"lookup", "element", "one"})
"""Functions that hand on one part of a collection: what the other parts refer to has no share in it."""


@cache
def names() -> frozenset[str]:
    """Every function that is known by name, aside from those that see their arguments as syntax."""
    for room in _ROOMS:
        importlib.import_module(f"partywall.terraform.function_{room}")
    return frozenset(TABLE) | _IMPURE


def call(name: str, arguments: Sequence[Setting], span: Span, place: Place) -> Setting:
    """The result of a call; unknown where it hangs on something unknown or on the machine.

    The arguments are no choices: who calls decides them option by option.
    Raises FunctionError for what Terraform refuses.
    """
    name = name.removeprefix("core::")
    if name.startswith("provider::") and name not in names():
        return Unknown(f"{name} is a function of a provider", span, references_of(arguments))
    if name in _GONE:
        raise FunctionError(f"Terraform 0.15 took the function away: use {_GONE[name]}")
    if name not in names():
        raise FunctionError("there is no such function")
    if name in _IMPURE:
        return typed(Unknown(f"{name} is known at apply", span, references_of(arguments)), STRING)
    return _called(name, arguments, span, place)


def _called(name: str, arguments: Sequence[Setting], span: Span, place: Place) -> Setting:
    entry = TABLE[name]
    if len(arguments) < entry.least or (arguments and entry.parameter(len(arguments) - 1) is None):
        raise FunctionError(_wanted(entry))
    if not place.budget.bears(arguments, span):
        return Unknown("the value is too large", span)
    arguments = [_fitting(value, entry.parameter(at), span) for at, value in enumerate(arguments)]
    try:
        result = conform(setting(entry.implementation(Call(arguments, span, place)), span), entry.returns, span)
    except EvaluationError as error:
        raise FunctionError(error.message) from error
    except NotKnown as unknown:
        sensitive = any(map(is_marked, arguments))
        kind = type_of(arguments[0]).of if name in _CHOOSING else entry.returns
        return typed(Unknown(unknown.why, span, references_of(arguments), sensitive=sensitive), kind)
    except conversion.ConversionError as error:
        raise FunctionError(str(error)) from error
    except OverflowError as error:
        raise FunctionError("a number is too large") from error
    if isinstance(result, Choice):
        return result
    if isinstance(result, Known) and isinstance(result.it, tuple | dict):
        if not place.budget.spend(len(result.it), span):
            return Unknown("evaluation takes too long", span, references_of(arguments))
        if name not in _OPENLY and any(_is_secret(argument) for argument in arguments):
            result = marked(result)
        return result if result.span.line else replace(result, span=span)
    if isinstance(result, Known) and isinstance(result.it, str) and not place.budget.spend(len(result.it) // 64, span):
        return Unknown("evaluation takes too long", span, references_of(arguments))
    named = _own_references(arguments) if name in _CHOOSING else references_of(arguments)
    origin = tuple(dict.fromkeys((*result.origin, *(it for argument in arguments for it in argument.origin))))
    secret = any(map(_is_secret if name in _PARTS else is_marked, arguments)) and name not in _OPENLY
    sensitive = result.sensitive or secret
    references = tuple(dict.fromkeys((*result.references, *named)))
    return replace(result, references=references, origin=origin, sensitive=sensitive)


def _fitting(value: Setting, parameter: Parameter | None, span: Span) -> Setting:
    """An argument in the type of its parameter."""
    assert parameter is not None
    if isinstance(value, Known) and value.it is None and not parameter.nullable:
        raise FunctionError("an argument must not be null")
    try:
        if isinstance(value, UnknownOf) and not parameter.nullable:
            return conform(open_value(value.kind, value), parameter.kind, span)  # A null would be an error anyway.
        return conform(value, parameter.kind, span)
    except EvaluationError as error:
        raise FunctionError(error.message) from error


def _own_references(arguments: Sequence[Setting]) -> tuple[Reference, ...]:
    return tuple(reference for argument in arguments for reference in argument.references)


def _is_secret(argument: Setting) -> bool:
    return not isinstance(argument, Choice) and argument.sensitive


def _wanted(entry: Entry) -> str:
    least, most = entry.least, None if entry.rest else len(entry.parameters)
    plural = "" if least == 1 else "s"
    if most is None:
        return f"it takes at least {least} argument{plural}"
    return f"it takes {least} argument{plural}" if least == most else f"it takes {least} to {most} arguments"
