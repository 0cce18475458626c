"""Which actions can be granted on a resource, by the form of its ARN.

Source: AWS Service Authorization Reference, Resource types defined by each service.
"""

from __future__ import annotations

import pkgutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache

from partywall.immutable import immutable
from partywall.reason.policy.action import services_of
from partywall.reason.policy.pattern import Hole, Pattern, meets, tokens
from partywall.truth import State


@immutable()
class Shape:
    """A form of ARN: its six parts, whether the name in it holds no slash, and the actions for such resources."""

    parts: tuple[Pattern, ...]
    is_bare: bool
    actions: int


@immutable()
class _Table:
    """The services that act on resources of others, and the lines of the table by the service in the ARN."""

    abroad: frozenset[str]
    lines: Mapping[str, Sequence[str]]


@cache
def _table() -> _Table:
    data = pkgutil.get_data(__name__, "resources.txt.gz")
    assert data is not None
    import gzip

    abroad, *lines = gzip.decompress(data).decode().splitlines()
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        found[line.split(":", 3)[2]].append(line)
    return _Table(frozenset(abroad.split(" ")), found)


@cache
def _shapes(service: str) -> tuple[Shape, ...]:
    return tuple(map(_shape, _table().lines.get(service, ())))


def _shape(line: str) -> Shape:
    arn, *places = line.split(" ")
    is_bare = places[0] == "|"
    at = bits = 0
    for distance in places[is_bare:]:
        at += int(distance)
        bits |= 1 << at
    return Shape(parts_of(tokens(arn)) or (), is_bare, bits)


def parts_of(pattern: Pattern) -> tuple[Pattern, ...] | None:
    """The six parts of an ARN; a wildcard stays in its part. None where it is none or not all are seen."""
    colons = [at for at, one in enumerate(pattern) if one == ":"][:5]
    if len(colons) < 5 or pattern[:4] != tuple("arn:"):
        return None
    ends = (*colons, len(pattern))
    return tuple(pattern[start:end] for start, end in zip((0, *(at + 1 for at in colons)), ends, strict=True))


def misses(pattern: Pattern, granted: int) -> bool:
    """Whether none of some actions can be granted on what a pattern may match.

    Services with actions for resources of others get more such resources than the table knows of; of a resource of
    another service nothing is said for them.
    """
    parts = parts_of(pattern)
    if parts is None or not all(isinstance(token, str) for token in parts[2]):
        return False
    service = "".join(token for token in parts[2] if isinstance(token, str))
    if granted & _takes(parts, service):
        return False
    return not any(one != service and one in _table().abroad for one in services_of(granted))


@lru_cache(maxsize=4096)
def _takes(parts: tuple[Pattern, ...], service: str) -> int:
    found = 0
    for shape in _shapes(service):
        slashed = shape.is_bare and "/" in parts[5]
        if not slashed and all(meets(*pair) is not State.NO for pair in zip(shape.parts, parts, strict=True)):
            found |= shape.actions
    return found


def with_names(pattern: Pattern, is_name: Callable[[object], bool]) -> Pattern:
    """A pattern in which the unknown names of declared things are letters: a name is one part of an ARN."""
    return tuple("x" if isinstance(token, Hole) and is_name(token.of) else token for token in pattern)
