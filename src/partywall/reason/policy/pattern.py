"""Resource patterns: texts with `*`, `?` and unknown pieces, and whether one covers another.

Covering is decided on the automata of the two patterns, not on their texts: `a*` covers `a?b*`, `*b` not `b*`.
An unknown piece is one fixed text nobody knows: it equals itself, and for the rest it may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache

from partywall.graph import View
from partywall.immutable import immutable
from partywall.truth import State
from partywall.value import Known, Reference, Setting, Unknown


class Wild(Enum):
    """What is no character of its own in a pattern."""

    MANY = "*"
    ONE = "?"


@immutable()
class Hole:
    """An unknown piece of text, by what it comes from."""

    of: object


Token = str | Wild | Hole
Pattern = tuple[Token, ...]

EVERYTHING: Pattern = (Wild.MANY,)
_WILD: Mapping[str, Wild] = {"*": Wild.MANY, "?": Wild.ONE}
_VARIABLE = re.compile(r"(\$\{[^}]*\})")
BUCKETS = ("AWS::S3::Bucket", "aws_s3_bucket")
BUCKET_ARN = "arn:aws:s3:::"
_PARTITION = (*"arn:",)
_OTHER_PARTITION = re.compile(r"arn:aws(?:-[a-z]+)+:")


def tokens(text: str) -> Pattern:
    """The pattern that a text spells; policy variables are unknown pieces, save those for the wildcards themselves.

    A deployment has one partition, so that ARNs of China and GovCloud are as good as those of `aws`.
    """
    if text.startswith("arn:aws-"):
        text = _OTHER_PARTITION.sub("arn:aws:", text, count=1)
    found: list[Token] = []
    for piece in _VARIABLE.split(text) if "${" in text else (text,):
        if piece.startswith("${"):
            inside = piece[2:-1]
            found.append(inside if inside in ("*", "?", "$") else Hole(inside))
        else:
            found += [_WILD.get(char, char) for char in piece]
    return tuple(found)


def pattern_of(view: View, value: Setting) -> Pattern | None:
    """The pattern of a value as far as it is known; None where nothing is."""
    if isinstance(value, Known):
        return tokens(value.it) if isinstance(value.it, str) else None
    if not isinstance(value, Unknown):
        return None
    parts = value.parts
    if parts is None:
        if len(value.references) != 1 or not _is_thing(view, value.references[0]):
            return None
        parts = (None,)
    holes = sum(part is None for part in parts)
    sources: list[object] = list(value.references) if len(value.references) == holes else []
    found: list[Token] = []
    at = 0
    for part in parts:
        if part is not None:
            found += tokens(part)
            continue
        found += _hole(view, sources[at] if sources else (value.references, at))
        at += 1
    if tuple(found[:4]) == _PARTITION and len(found) > 4 and isinstance(found[4], Hole):
        found[4:5] = "aws"
    return tuple(found)


def _is_thing(view: View, reference: Reference) -> bool:
    found = view.graph.by_address.get(reference.address)
    return found is not None and found.type not in ("variable", "parameter")


def _hole(view: View, source: object) -> Iterable[Token]:
    """An unknown piece; the ARN of a bucket is known but for its name."""
    if isinstance(source, Reference):
        declared = view.graph.by_address.get(source.address)
        if declared is not None and declared.type in BUCKETS:
            name = Hole(source.address)
            return (*BUCKET_ARN, name) if source.attribute.lower() == "arn" else (name,)
        return (Hole((source.address, source.attribute)),)
    return (Hole(source),)


@lru_cache(maxsize=4096)
def covers(outer: Pattern, inner: Pattern) -> State:
    """Whether every text that the inner pattern matches is matched by the outer one."""
    if contains(outer, inner):
        return State.YES
    loose = tuple(Wild.MANY if isinstance(token, Hole) and token not in inner else token for token in outer)
    if loose != outer and contains(loose, inner):
        return State.UNKNOWN
    if any(isinstance(token, Hole) and token not in outer for token in inner) and _overlap(loose, inner):
        return State.UNKNOWN
    return State.NO


def _overlap(one: Pattern, other: Pattern) -> bool:
    """Whether two patterns may match a common text: their fixed beginnings agree as far as both are fixed."""
    for left, right in zip(one, other, strict=False):
        if not (isinstance(left, str) and isinstance(right, str)):
            return True
        if left != right:
            return False
    return len(one) == len(other)


def contains(outer: Pattern, inner: Pattern) -> bool:
    """Whether the language of one pattern lies in that of the other, unknown pieces taken as letters of their own."""
    if outer in (EVERYTHING, inner):
        return True
    if not any(isinstance(token, Wild) for token in outer):
        return False
    letters: set[object] = {token for token in outer if not isinstance(token, Wild)} | {None}
    stays = sum(1 << at for at, token in enumerate(outer) if token is Wild.MANY)
    end = 1 << len(outer)
    accepts: dict[object, int] = {
        letter: sum(1 << at for at, token in enumerate(outer) if token == letter or token is Wild.ONE)
        for letter in letters
    }

    def closed(states: int) -> int:
        while more := (states & stays) << 1 & ~states:
            states |= more
        return states

    def step(states: int, letter: object) -> int:
        return closed((states & accepts.get(letter, accepts[None])) << 1 | states & stays)

    start = (0, closed(1))
    seen, queue = {start}, [start]
    while queue:
        at, states = queue.pop()
        if at == len(inner):
            if not states & end:
                return False
            continue
        if not states:
            return False
        token = inner[at]
        if token is Wild.MANY:
            after = [(at + 1, states), *((at, step(states, letter)) for letter in letters)]
        elif token is Wild.ONE:
            after = [(at + 1, step(states, letter)) for letter in letters]
        else:
            after = [(at + 1, step(states, token))]
        for one in after:
            if one not in seen:
                seen.add(one)
                queue.append(one)
    return True


@lru_cache(maxsize=4096)
def meets(one: Pattern, other: Pattern) -> State:
    """Whether some text is matched by both patterns; unknown where an unknown piece decides."""
    if _share(one, other):
        return State.YES
    loose = [tuple(Wild.MANY if isinstance(token, Hole) else token for token in it) for it in (one, other)]
    return State.UNKNOWN if (loose[0], loose[1]) != (one, other) and _share(loose[0], loose[1]) else State.NO


def _share(one: Pattern, other: Pattern) -> bool:
    """Whether two patterns share a text, unknown pieces taken as letters of their own: all pairs of places in reach."""
    seen, queue = {(0, 0)}, [(0, 0)]
    while queue:
        at, there = queue.pop()
        mine = one[at] if at < len(one) else None
        theirs = other[there] if there < len(other) else None
        if mine is theirs is None:
            return True
        after = []
        if mine is Wild.MANY:
            after += [(at + 1, there), *([(at, there + 1)] if theirs is not None else [])]
        if theirs is Wild.MANY:
            after += [(at, there + 1), *([(at + 1, there)] if mine is not None else [])]
        if mine is not None and theirs is not None and (mine == theirs or Wild.ONE in (mine, theirs)):
            after.append((at + 1, there + 1))
        for pair in after:
            if pair not in seen:
                seen.add(pair)
                queue.append(pair)
    return False
