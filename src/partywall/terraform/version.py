"""Versions of modules, and the constraints that calls put on them.

Source: Terraform's documentation of version constraints; a version before its release fits only where it is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_TERM = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*(\S+)\s*")

_Numbers = tuple[int, ...]


def fits(version: str, constraint: str) -> bool | None:
    """Whether a version satisfies all of a constraint's terms; None where one of the two cannot be read."""
    answers = [_fits(version, term) for term in constraint.split(",")]
    return None if None in answers else all(answers)


def _fits(version: str, term: str) -> bool | None:
    found, match = _VERSION.fullmatch(version), _TERM.fullmatch(term)
    wanted = _VERSION.fullmatch(match[2]) if match else None
    if found is None or match is None or wanted is None:
        return None
    if found[2]:
        return (wanted[1], wanted[2]) == (found[1], found[2])
    has, limit = _numbers(found[1]), _numbers(wanted[1])
    if match[1] == "~>":
        return _padded(has) >= _padded(limit) and has[: len(limit) - 1] == limit[:-1]
    return _COMPARED[match[1] or "="](_padded(has), _padded(limit))


_COMPARED: Mapping[str, Callable[[_Numbers, _Numbers], bool]] = {
    "=": tuple.__eq__, "!=": tuple.__ne__, ">=": tuple.__ge__, "<=": tuple.__le__, ">": tuple.__gt__, "<": tuple.__lt__,
}  # fmt: skip


def _numbers(text: str) -> _Numbers:
    return tuple(int(part[:18]) for part in text.split("."))


def _padded(numbers: _Numbers) -> _Numbers:
    return numbers + (0,) * (4 - len(numbers))
