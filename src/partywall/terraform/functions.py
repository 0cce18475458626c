"""Terraform's functions: a name and arguments → a value."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from partywall.source import Span
from partywall.terraform.function_table import (
    TABLE,
    Call,
    FunctionError,
    NotKnown,
    Place,
    references_of,
    setting,
)
from partywall.value import Choice, Known, Setting, Unknown

__all__ = ["FunctionError", "Place", "call", "names"]

_ROOMS = ("collection", "text", "number", "network", "encoding", "file", "time", "set")
_IMPURE = frozenset({"timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt", "pathexpand", "abspath", "type"})
_GONE = frozenset({"list", "map"})


@cache
def names() -> frozenset[str]:
    """Every function that is known by name, `try`, `can` and `templatefile` aside."""
    for room in _ROOMS:
        importlib.import_module(f"partywall.terraform.function_{room}")
    return frozenset(TABLE) | _IMPURE


def call(name: str, arguments: Sequence[Setting], span: Span, place: Place) -> Setting:
    """The result of a call; unknown where it hangs on something unknown or on the machine.

    The arguments are no choices: who calls decides them option by option.
    Raises FunctionError for what Terraform refuses.
    """
    name = name.removeprefix("core::")
    if name.startswith("provider::"):
        return Unknown(f"{name} is a function of a provider", span, references_of(arguments))
    if name not in names() or name in _GONE:
        raise FunctionError("there is no such function")
    if name in _IMPURE:
        return Unknown(f"{name} is known at apply", span, references_of(arguments))
    return _called(name, arguments, span, place)


def _called(name: str, arguments: Sequence[Setting], span: Span, place: Place) -> Setting:
    implementation, least, most = TABLE[name]
    if len(arguments) < least or (most is not None and len(arguments) > most):
        raise FunctionError(f"it takes {least} arguments" if least == most else "the number of arguments is wrong")
    try:
        result = setting(implementation(Call(arguments, span, place)), span)
    except NotKnown as unknown:
        return Unknown(unknown.why, span, references_of(arguments))
    if isinstance(result, Known) and isinstance(result.it, tuple | dict):
        return result if result.span.line else replace(result, span=span)
    references = references_of(arguments)
    origin = tuple(dict.fromkeys((*result.origin, *(it for argument in arguments for it in argument.origin))))
    if isinstance(result, Choice):
        return result
    return replace(result, references=tuple(dict.fromkeys((*result.references, *references))), origin=origin)
