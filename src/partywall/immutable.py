"""Immutable records that are cheap to make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def immutable(*, eq: bool = True) -> Callable[[type[T]], type[T]]:
    """A dataclass with slots that type checkers know to be frozen.

    `frozen=True` would make each field a call of `object.__setattr__`, and a record four times as dear; of values and
    reasons a run makes a million.
    """
    return dataclass(slots=True, eq=eq, unsafe_hash=eq)
