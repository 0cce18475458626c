"""The attributes of a resource as ordinary data, with the paths of what is not known, and secrets masked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from partywall.aws.secret import form_of, in_script, is_secret_name
from partywall.immutable import immutable
from partywall.value import Choice, Known, Open, Setting, Unknown

MASK = "(sensitive)"
HOLE = "${…}"
_PLAIN_KEY = re.compile(r"[A-Za-z_][\w:/-]*\Z")


@immutable()
class Attributes:
    """Values by name: None for what is not known.

    `unknown` lists the paths of what is not, or only partly, known (`tags["a.b"]`, `ingress[0].cidr_blocks`), `choices`
    by path the variable a value hangs on and the value under each option,
    `references` pairs paths with addresses.
    """

    values: Mapping[str, object]
    unknown: tuple[str, ...]
    choices: Mapping[str, Mapping[str, object]]
    references: tuple[tuple[str, str], ...]


def attributes_of(attributes: Mapping[str, Setting]) -> Attributes:
    """The attributes of a declaration."""
    reading = _Reading()
    values = reading.entries(attributes, "")
    return Attributes(values, tuple(reading.unknown), reading.choices, tuple(dict.fromkeys(reading.named)))


@dataclass(slots=True)
class _Reading:
    """One walk through the values of a declaration."""

    unknown: dict[str, None] = field(default_factory=dict)
    choices: dict[str, Mapping[str, object]] = field(default_factory=dict)
    named: list[tuple[str, str]] = field(default_factory=list)

    def entries(self, entries: Mapping[str, Setting], path: str) -> dict[str, object]:
        """The values of a map."""
        pair = _names_a_secret(entries)
        found: dict[str, object] = {}
        for key, value in entries.items():
            name = str(key)
            hidden = is_secret_name(name) or (pair and _is_value(name))
            found[name] = self.value(value, joined(path, name), hidden=hidden)
        if isinstance(entries, Open):
            self.unknown[path or "*"] = None
        return found

    def value(self, value: Setting, path: str, *, hidden: bool) -> object:
        """The plain value; a list or a map repeats the references of its elements, which have them already."""
        before = len(self.named)
        found = self._value(value, path, hidden=hidden)
        below = {address for _, address in self.named[before:]} if value.references else ()
        self.named += [(path, it.address) for it in value.references if it.address not in below]
        return found

    def _value(self, value: Setting, path: str, *, hidden: bool) -> object:
        if isinstance(value, Choice):
            self.unknown[path] = None
            arms = {option: self.value(arm, path, hidden=hidden) for option, arm in value.arms}
            self.choices[path] = {"variable": value.variable, "options": arms}
            return None
        if isinstance(value, Unknown):
            self.unknown[path] = None
            if value.sensitive:
                return MASK
            if value.parts is None:
                return None
            text = "".join(HOLE if part is None else part for part in value.parts)
            return MASK if hidden or _is_secret(value, text) else text
        if value.sensitive:
            return MASK
        it = value.it
        if isinstance(it, tuple):
            return [self.value(item, f"{path}[{at}]", hidden=hidden) for at, item in enumerate(it)]
        if isinstance(it, Mapping):
            return self.entries(it, path)
        if isinstance(it, str):
            return MASK if it and (hidden or _is_secret(value, it)) else it
        return it


def joined(path: str, key: str) -> str:
    """The path of an entry; a key that could be taken for a path is quoted."""
    if not _PLAIN_KEY.match(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key


def _is_secret(value: Setting, text: str) -> bool:
    return form_of(text) is not None or in_script(value) is not None or _holds_secret(text)


def _holds_secret(text: str) -> bool:
    """Whether a text is JSON in which some name says that its value is a secret."""
    if not text.startswith(("{", "[")):
        return False
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return False
    waiting = [document]
    while waiting:
        it = waiting.pop()
        if isinstance(it, dict):
            hides = any(isinstance(it.get(name), str) and is_secret_name(it[name]) for name in _NAMES)
            if any(isinstance(inner, str) and inner and (is_secret_name(key) or (hides and _is_value(key)))
                   for key, inner in it.items()):  # fmt: skip
                return True
            waiting += it.values()
        elif isinstance(it, list):
            waiting += it
    return False


_NAMES = ("name", "Name", "key", "Key", "ParameterKey")


def _names_a_secret(entries: Mapping[str, Setting]) -> bool:
    """Whether a pair of name and value is about a secret, as in the environment of a container."""
    names = (entries.get(name) for name in _NAMES)
    return any(isinstance(it, Known) and isinstance(it.it, str) and is_secret_name(it.it) for it in names)


def _is_value(key: object) -> bool:
    return str(key).lower() in ("value", "parametervalue")
