"""Settings from `partywall.toml`, `.partywall.toml` or `[tool.partywall]` in `pyproject.toml`: the nearest wins."""

from __future__ import annotations

import datetime
import difflib
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from partywall import source
from partywall.rule import Rule, Severity
from partywall.source import UnreadableError

FILES = ("partywall.toml", ".partywall.toml", "pyproject.toml")
SHOWN = ("gap", "unknown", "met", "suppressed")


class ConfigurationError(Exception):
    """A setting that cannot be; the message is one sentence with the file."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """Findings to leave out: a rule, for some paths or resources, why, and until when."""

    rule: str
    reason: str
    paths: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that decides what is linted and what is reported."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    min_severity: Severity | None = None
    fail_on: Severity | None = Severity.LOW
    exclude: tuple[str, ...] = ()
    show: tuple[str, ...] = ("gap",)
    variables: Mapping[str, str] = field(default_factory=dict)
    variable_files: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    parameter_files: tuple[str, ...] = ()
    workspace: str | None = None
    region: str | None = None
    account_id: str | None = None
    ignores: tuple[Ignore, ...] = ()
    origin: str = ""


_LISTS = frozenset({"select", "ignore", "extend_select", "exclude", "show", "variable_files", "parameter_files"})
_TEXTS = frozenset({"workspace", "region", "account_id"})
_TABLES = frozenset({"variables", "parameters"})
_SEVERITIES = frozenset({"min_severity", "fail_on"})


def severity(word: str, place: str) -> Severity:
    """A severity by its word; raises ConfigurationError."""
    for one in Severity:
        if one.label == word.lower():
            return one
    raise ConfigurationError(f"{place}: {word!r} is no severity; there are {', '.join(one.label for one in Severity)}")


def find(start: str) -> str | None:
    """The nearest configuration file at or above a path."""
    directory = os.path.abspath(start if source.is_directory(start) else os.path.dirname(start) or ".")
    while True:
        for name in FILES:
            path = os.path.join(directory, name)
            if source.is_file(path) and (name != "pyproject.toml" or _table(path) is not None):
                return path
        parent = os.path.dirname(directory)
        if parent == directory or source.exists(os.path.join(directory, ".git")):
            return None
        directory = parent


def read(path: str) -> Settings:
    """The settings of a configuration file; raises ConfigurationError with the place and a suggestion."""
    shown = source.display(path)
    table = _table(path)
    if table is None:
        raise ConfigurationError(f"{shown}: there is no [tool.partywall]")
    known = {one.name.replace("_", "-"): one.name for one in fields(Settings) if one.name not in {"ignores", "origin"}}
    changes: dict[str, Any] = {"origin": shown}
    for key, value in table.items():
        if key == "ignore" and isinstance(value, list) and value and isinstance(value[0], dict):
            changes["ignores"] = tuple(_ignore(one, shown) for one in value)
        elif key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ConfigurationError(f"{shown}: {key!r} is no setting{hint}")
        else:
            changes[known[key]] = _value(known[key], value, f"{shown}: {key}")
    return replace(Settings(), **changes)


def _table(path: str) -> dict[str, Any] | None:
    shown = source.display(path)
    try:
        table: dict[str, Any] = tomllib.loads(source.read(path).text)
    except tomllib.TOMLDecodeError as error:
        if path.endswith("pyproject.toml"):
            return None
        raise ConfigurationError(f"{shown}: {error}") from error
    except UnreadableError as error:
        raise ConfigurationError(f"{shown} {error}") from error
    if not path.endswith("pyproject.toml"):
        return table
    own = table.get("tool", {}).get("partywall")
    return own if isinstance(own, dict) else None


def _value(name: str, value: object, place: str) -> object:
    if name in _LISTS and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if name in _TEXTS and isinstance(value, str):
        return value
    if name in _TABLES and isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if name in _SEVERITIES and isinstance(value, str):
        return None if name == "fail_on" and value == "none" else severity(value, place)
    wanted = "a list of texts" if name in _LISTS else "a table" if name in _TABLES else "a text"
    raise ConfigurationError(f"{place} must be {wanted}")


def _plain(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _ignore(entry: object, shown: str) -> Ignore:
    if not isinstance(entry, dict) or not isinstance(entry.get("rule"), str):
        raise ConfigurationError(f"{shown}: every [[ignore]] needs a rule")
    extra = set(entry) - {"rule", "reason", "paths", "resources", "until"}
    if extra:
        raise ConfigurationError(f"{shown}: {min(extra)!r} is no key of [[ignore]]")
    until = entry.get("until")
    if isinstance(until, str):
        try:
            until = datetime.date.fromisoformat(until)
        except ValueError as error:
            raise ConfigurationError(f"{shown}: {until!r} is no date") from error
    if until is not None and not isinstance(until, datetime.date):
        raise ConfigurationError(f"{shown}: until must be a date")
    paths, resources = (tuple(str(one) for one in entry.get(key, ())) for key in ("paths", "resources"))
    return Ignore(entry["rule"], str(entry.get("reason", "")), paths, resources, until)


def matching(word: str, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules that an id, a prefix of ids or a name means, in any case."""
    low = word.lower().replace("_", "-")
    return tuple(
        rule for rule in rules if rule.name == low or (low and rule.id.lower().startswith(low)) or rule.duty == low
    )


def chosen(settings: Settings, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules to judge by: selected ones whatever their severity, else all from the least severity up.

    Raises ConfigurationError for a word that means no rule.
    """

    def named(words: Sequence[str]) -> set[str]:
        out: set[str] = set()
        for word in words:
            found = rules if word.upper() == "ALL" else matching(word, rules)
            if not found:
                names = [name for rule in rules for name in (rule.id, rule.name)]
                near = difflib.get_close_matches(word.upper(), names, 1) or difflib.get_close_matches(
                    word.lower(), names, 1
                )
                hint = f"; did you mean {near[0]}?" if near else ""
                raise ConfigurationError(f"no rule is called {word!r}{hint}")
            out |= {rule.id for rule in found}
        return out

    least = settings.min_severity
    if settings.select:
        wanted = named(settings.select)
    else:
        floor = Severity.MEDIUM if least is None else least
        wanted = {rule.id for rule in rules if rule.severity >= floor}
    if least is not None:
        wanted = {rule.id for rule in rules if rule.id in wanted and rule.severity >= least}
    wanted |= named(settings.extend_select)
    wanted -= named(settings.ignore)
    return tuple(rule for rule in rules if rule.id in wanted)
