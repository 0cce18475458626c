"""The kinds of settings: how each is read, what a wrong one is told, and its JSON Schema."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping

from partywall.address import parse_block
from partywall.configuration.settings import SHOWN, ConfigurationError, Ignore
from partywall.immutable import immutable
from partywall.rule import Severity

LEVELS = tuple(one.label for one in Severity)
Json = Mapping[str, object]


@immutable()
class Kind:
    """How a setting is read from TOML (`read` takes the value and its place, for messages), and its JSON Schema."""

    read: Callable[[object, str], object]
    schema: Json


def severity(word: str, place: str) -> Severity:
    """A severity by its word. Raises ConfigurationError."""
    for one in Severity:
        if one.label == word.lower():
            return one
    raise ConfigurationError(f"{place}: {word!r} is no severity; there are {', '.join(LEVELS)}")


def unknown_key(key: str, known: Iterable[str], place: str) -> ConfigurationError:
    """The error for a key that is no setting, with the one that may have been meant."""
    import difflib

    near = difflib.get_close_matches(key, list(known), 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return ConfigurationError(f"{place}: {key!r} is no setting{hint}")


def _texts(value: object, place: str) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise ConfigurationError(f"{place} must be a list of texts")


def _text(value: object, place: str) -> str:
    if isinstance(value, str):
        return value
    raise ConfigurationError(f"{place} must be a text")


def _table(value: object, place: str) -> Mapping[str, object]:
    if isinstance(value, dict):
        return value
    raise ConfigurationError(f"{place} must be a table")


def _values(value: object, place: str) -> dict[str, str]:
    return {name: _typed(one) for name, one in _table(value, place).items()}


def _typed(value: object) -> str:
    """A value as it would be typed on the command line."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _level(value: object, place: str) -> Severity:
    return severity(_text(value, place), place)


def _threshold(value: object, place: str) -> Severity | None:
    return None if value == "none" else _level(value, place)


def _levels(value: object, place: str) -> dict[str, Severity]:
    return {name: _level(one, f"{place}.{name}") for name, one in _table(value, place).items()}


def _shown(value: object, place: str) -> tuple[str, ...]:
    kinds = _texts(value, place)
    for one in kinds:
        if one not in SHOWN:
            raise ConfigurationError(f"{place}: {one!r} is no kind of finding; there are {', '.join(SHOWN)}")
    return kinds


def _accounts(value: object, place: str) -> tuple[str, ...]:
    accounts = _texts(value, place)
    for one in accounts:
        if not re.fullmatch(r"\d{12}", one):
            raise ConfigurationError(f"{place}: {one!r} is no account id, which has twelve digits")
    return accounts


def _blocks(value: object, place: str) -> tuple[str, ...]:
    blocks = _texts(value, place)
    for one in blocks:
        try:
            parse_block(one)
        except ValueError as error:
            raise ConfigurationError(f"{place}: {error}") from error
    return blocks


def ignore(entry: object, place: str) -> Ignore:
    """One `[[ignore]]`. Raises ConfigurationError."""
    if not isinstance(entry, dict) or not isinstance(entry.get("rule"), str):
        raise ConfigurationError(f"{place}: every [[ignore]] needs a rule")
    for key in entry:
        if key not in _IGNORE["properties"]:  # type: ignore[operator]
            raise unknown_key(key, _IGNORE["properties"], f"{place}: [[ignore]]")  # type: ignore[arg-type]
    until = entry.get("until")
    if isinstance(until, str):
        try:
            until = datetime.date.fromisoformat(until)
        except ValueError as error:
            raise ConfigurationError(f"{place}: {until!r} is no date") from error
    if until is not None and not isinstance(until, datetime.date):
        raise ConfigurationError(f"{place}: until must be a date")
    paths = _texts(entry.get("paths", []), f"{place}: paths")
    resources = _texts(entry.get("resources", []), f"{place}: resources")
    return Ignore(entry["rule"], str(entry.get("reason", "")), paths, resources, until)


_TEXTS: Json = {"type": "array", "items": {"type": "string"}}
_VALUES: Json = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}
_LEVEL: Json = {"enum": list(LEVELS)}
_IGNORE: Json = {
    "type": "object",
    "properties": {
        "rule": {"type": "string"},
        "reason": {"type": "string"},
        "paths": _TEXTS,
        "resources": _TEXTS,
        "until": {"type": "string", "format": "date"},
    },
    "required": ["rule"],
    "additionalProperties": False,
}

TEXTS = Kind(_texts, _TEXTS)
ACCOUNTS = Kind(_accounts, {"type": "array", "items": {"type": "string", "pattern": "^[0-9]{12}$"}})
BLOCKS = Kind(_blocks, _TEXTS)
TEXT = Kind(_text, {"type": "string"})
VALUES = Kind(_values, _VALUES)
LEVEL = Kind(_level, _LEVEL)
THRESHOLD = Kind(_threshold, {"enum": [*LEVELS, "none"]})
LEVELS_BY_RULE = Kind(_levels, {"type": "object", "additionalProperties": _LEVEL})
SHOW = Kind(_shown, {"type": "array", "items": {"enum": list(SHOWN)}})
IGNORES_SCHEMA: Json = {"type": "array", "items": _IGNORE}
