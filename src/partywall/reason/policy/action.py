"""Sets of IAM actions as bits of one integer.

The bit of an action is its place in the shipped table; bit 0 stands for every action that the table lacks. `*` is -1,
all bits there are, so unions, differences and complements are single operations on integers. Names are compared as IAM
does: without regard to case, `*` for any characters, `?` for one. The table is read with the first pattern.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache

from partywall.immutable import immutable

NONE = 0
EVERY = -1
STRANGE = 1
"""The bit of the actions that the table lacks."""

READ, LIST, WRITE, TAG, PERMISSIONS = "R", "L", "W", "T", "P"


@immutable()
class _Table:
    """Where the actions of each service begin and end; and, service by service, as the table writes them."""

    places: Mapping[str, range]
    lines: Mapping[str, str]


@cache
def _table() -> _Table:
    data = pkgutil.get_data(__name__, "actions.txt.gz")
    assert data is not None
    import gzip

    places, lines = {}, {}
    at = 1
    for line in gzip.decompress(data).decode().splitlines():
        service, _, actions = line.partition(" ")
        count = actions.count(" ") + 1
        places[service], lines[service] = range(at, at + count), actions
        at += count
    return _Table(places, lines)


@cache
def _marked(service: str) -> tuple[str, ...]:
    """The actions of a service, each behind the letter of its level."""
    return tuple(_table().lines[service].split(" "))


@cache
def _index(service: str) -> Mapping[str, int]:
    first = _table().places[service].start
    return {name[1:].lower(): at for at, name in enumerate(_marked(service), first)}


def services() -> Iterable[str]:
    """The prefixes of all services in the table."""
    return _table().places


def services_of(actions: int) -> Iterator[str]:
    """The prefixes of the services that some actions belong to."""
    return (
        service for service, inside in _table().places.items() if actions >> inside.start & span(range(len(inside)))
    )


@cache
def expand(pattern: str) -> int:
    """The actions that a pattern of a policy matches; none for a text that names no service."""
    low = pattern.lower()
    if low in ("*", "*:*"):
        return EVERY
    service, colon, name = low.partition(":")
    if not colon:
        return NONE
    if "*" in service or "?" in service:
        matches = re.compile(glob(service)).fullmatch
        return union(f"{one}:{name}" for one in services() if matches(one))
    inside = _table().places.get(service)
    if inside is None:
        return NONE
    if name == "*":
        return span(inside)
    if "*" not in name and "?" not in name:
        at = _index(service).get(name)
        return NONE if at is None else 1 << at
    matches = re.compile(glob(name)).fullmatch
    return sum(1 << at for word, at in _index(service).items() if matches(word))


def glob(pattern: str) -> str:
    """IAM's wildcards as a regular expression."""
    return "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)


def span(inside: range) -> int:
    """The bits of a range of places."""
    return ((1 << len(inside)) - 1) << inside.start


def union(patterns: Iterable[str]) -> int:
    """The actions that some patterns match together."""
    found = NONE
    for pattern in patterns:
        found |= expand(pattern)
    return found


@cache
def _letters() -> str:
    """The letters of the levels of all actions, the last one first as in a number."""
    return "".join([action[0] for line in _table().lines.values() for action in line.split(" ")])[::-1]


def _where(holds: Callable[[str], bool]) -> int:
    """The actions of whose level a test holds."""
    letters = _letters()
    return int(letters.translate({ord(mark): "1" if holds(mark) else "0" for mark in set(letters)}), 2) << 1


@cache
def at_level(levels: str) -> int:
    """The actions of some access levels, such as `WRITE + PERMISSIONS`."""
    return _where(lambda mark: mark.upper() in levels)


@cache
def with_resource() -> int:
    """The actions that can be granted on single resources."""
    return _where(str.isupper)


@cache
def unlimitable() -> int:
    """The actions of services that nobody can limit to resources: none of theirs can, and none gives rights away."""
    limited = with_resource() | at_level(PERMISSIONS)
    return sum(span(inside) for inside in _table().places.values() if not span(inside) & limited)


@cache
def known() -> int:
    """All actions of the table."""
    return span(range(1, max(inside.stop for inside in _table().places.values())))


def share(actions: int) -> float:
    """Which part of all known actions a set holds, from 0 to 1."""
    return (actions & known()).bit_count() / known().bit_count()


@lru_cache(maxsize=4096)
def whole_services(actions: int) -> float:
    """Of which part of the services a set holds all actions, from 0 to 1."""
    places = _table().places.values()
    # A text of bits is searched for one that is absent; with numbers each service would make one of 20,000 bits.
    bits = f"{actions & known():b}"[::-1].ljust(known().bit_length(), "0")
    return sum("0" not in bits[inside.start : inside.stop] for inside in places) / len(places)


def names(actions: int) -> Iterator[str]:
    """The known actions of a set, in order."""
    rest = actions & known()
    for service, inside in _table().places.items():
        if rest & span(inside):
            for at, name in enumerate(_marked(service), inside.start):
                if rest >> at & 1:
                    yield f"{service}:{name[1:]}"
