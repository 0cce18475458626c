"""Addresses and sets of them: a few lines of our own, because a network has thousands of blocks to compare."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate

from partywall.immutable import immutable

_DOTTED = re.compile(r"\d{1,10}(?:\.\d{1,10}){3}\Z").match
_GROUP = re.compile(r"[0-9a-fA-F]{1,4}\Z").match

V4, V6 = 32, 128


def parse_address(text: str) -> tuple[int, int]:
    """An address as number, with the bits of its family; leading zeros are decimal. Raises ValueError."""
    if _DOTTED(text):
        octets = [int(part) for part in text.split(".")]
        if max(octets) <= 255:
            return int.from_bytes(bytes(octets)), V4
    elif ":" in text:
        groups = _groups(text)
        if groups is not None:
            return sum(group << (16 * (7 - at)) for at, group in enumerate(groups)), V6
    raise ValueError(f"{text!r} is no address")


def parse_block(text: str) -> tuple[int, int, int]:
    """An address block as first address, prefix length and bits of the family, host bits cleared. Raises ValueError."""
    address, slash, prefix = text.strip().partition("/")
    if not slash or not (prefix.isascii() and prefix.isdecimal() and len(prefix) < 4):
        raise ValueError(f"{text!r} is no address block")
    number, bits = parse_address(address)
    length = int(prefix)
    if length > bits:
        raise ValueError(f"{text!r} has a prefix that is too long")
    return number >> (bits - length) << (bits - length), length, bits


def _groups(text: str) -> list[int] | None:
    """The eight groups of an IPv6 address (RFC 4291 section 2.2)."""
    head, double, tail = text.partition("::")
    if "::" in tail:
        return None
    sides: list[list[int]] = []
    for side in (head, tail):
        groups: list[int] = []
        for part in side.split(":") if side else []:
            if "." in part:
                number, bits = parse_address(part)
                if bits != V4:
                    return None
                groups += [number >> 16, number & 0xFFFF]
            elif _GROUP(part):
                groups.append(int(part, 16))
            else:
                return None
        sides.append(groups)
    missing = 8 - len(sides[0]) - len(sides[1])
    if missing < 0 or (missing > 0) is not bool(double):
        return None
    return [*sides[0], *[0] * missing, *sides[1]]


def show_address(number: int, bits: int) -> str:
    """An address in its usual spelling (RFC 5952 for IPv6)."""
    if bits == V4:
        return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    groups = [format(number >> (16 * at) & 0xFFFF, "x") for at in range(7, -1, -1)]
    start, length = _longest_zeros(groups)
    if length < 2:
        return ":".join(groups)
    return f"{':'.join(groups[:start])}::{':'.join(groups[start + length :])}"


def _longest_zeros(groups: list[str]) -> tuple[int, int]:
    """Where the first of the longest runs of zero groups begins, and how long it is."""
    start = length = run = 0
    for at, group in enumerate(groups):
        run = run + 1 if group == "0" else 0
        if run > length:
            start, length = at - run + 1, run
    return start, length


@immutable(slots=False)
class Ranges:
    """A set of whole numbers as sorted, disjoint, closed ranges."""

    parts: tuple[tuple[int, int], ...] = ()

    @cached_property
    def size(self) -> int:
        """How many numbers it holds."""
        return sum(high - low + 1 for low, high in self.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __or__(self, other: Ranges) -> Ranges:
        return ranges((*self.parts, *other.parts))

    def __and__(self, other: Ranges) -> Ranges:
        if self is other:
            return self
        few, many = (self, other) if len(self.parts) <= len(other.parts) else (other, self)
        if 4 * len(few.parts) < len(many.parts):
            return Ranges(tuple(few._picked(many)))
        found: list[tuple[int, int]] = []
        mine, theirs = iter(self.parts), iter(other.parts)
        one, another = next(mine, None), next(theirs, None)
        while one is not None and another is not None:
            (low, high), (start, end) = one, another
            if start <= high and low <= end:
                # Comparing is half the price of `max` and `min`, and this is where network reasoning spends its time.
                found.append((low if low > start else start, high if high < end else end))  # noqa: FURB136 - see above
            if high < end:
                one = next(mine, None)
            else:
                another = next(theirs, None)
        return Ranges(tuple(found))

    def overlap(self, other: Ranges) -> int:
        """How many numbers are in both."""
        return sum(self._up_to(high) - self._up_to(low - 1) for low, high in other.parts)

    def _up_to(self, number: int) -> int:
        """How many of its numbers are not greater than one."""
        at = bisect_right(self.parts, (number + 1,))
        if not at:
            return 0
        low, high = self.parts[at - 1]
        return self._before[at - 1] + min(high, number) - low + 1

    @cached_property
    def _before(self) -> tuple[int, ...]:
        """For each range how many numbers those before it hold."""
        return tuple(accumulate((high - low + 1 for low, high in self.parts), initial=0))

    def meets(self, other: Ranges) -> bool:
        """Whether some number is in both."""
        few, many = (self.parts, other.parts) if len(self.parts) <= len(other.parts) else (other.parts, self.parts)
        for low, high in few:
            at = bisect_right(many, (high + 1,))  # Of those that start in time the last one ends last.
            if at and many[at - 1][1] >= low:
                return True
        return False

    def _picked(self, many: Ranges) -> Iterator[tuple[int, int]]:
        """What few ranges share with many, found by bisection."""
        parts = many.parts
        for low, high in self.parts:
            at = max(bisect_right(parts, (low, high)) - 1, 0)
            while at < len(parts) and parts[at][0] <= high:
                if parts[at][1] >= low:
                    yield max(low, parts[at][0]), min(high, parts[at][1])
                at += 1

    def __sub__(self, other: Ranges) -> Ranges:
        found: list[tuple[int, int]] = []
        for low, high in self.parts:
            at = low
            for start, end in other.parts:
                if end < at:
                    continue
                if start > high:
                    break
                if start > at:
                    found.append((at, start - 1))
                at = end + 1
            if at <= high:
                found.append((at, high))
        return Ranges(tuple(found))


def ranges(parts: Iterable[tuple[int, int]]) -> Ranges:
    """A set from ranges in any order, overlapping or not."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(parts):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return Ranges(tuple(merged))


def block(text: str) -> tuple[Ranges, int]:
    """The addresses of a block, and the bits of its family. Raises ValueError."""
    first, length, bits = parse_block(text)
    return Ranges(((first, first + (1 << (bits - length)) - 1),)), bits


def parsed_block(it: object) -> tuple[Ranges, int] | None:
    """The addresses of a block and the bits of its family; None where a value is no block."""
    try:
        return block(it) if isinstance(it, str) else None
    except ValueError:
        return None


def everything(bits: int) -> Ranges:
    """All addresses of a family."""
    return Ranges(((0, (1 << bits) - 1),))


_PRIVATE = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "224.0.0.0/3",
)  # fmt: skip

INTERNET = {
    V4: everything(V4) - ranges(part for text in _PRIVATE for part in block(text)[0].parts),
    V6: block("2000::/3")[0],
}
"""The addresses of the internet, per family; documentation ranges count, because people write them for their office."""

WORLD = {V4: 1 << 24, V6: 1 << 96}
"""More addresses of the internet than this are the internet: AWS's own line for a public S3 policy, /8 and /32."""


def is_world(addresses: Ranges, bits: int) -> bool:
    """Whether a set of sources is as good as the internet."""
    return INTERNET[bits].overlap(addresses) > WORLD[bits]


def covers_world(text: object) -> bool:
    """Whether a value is the text of a block as good as the internet; what is no block is not."""
    found = parsed_block(text)
    return found is not None and is_world(*found)


def show_blocks(addresses: Ranges, most: int = 8) -> list[str]:
    """Address ranges as blocks, or as ranges where they are none; many are cut short."""
    found = []
    for low, high in addresses.parts[: most + 1]:
        bits = V4 if high < 1 << V4 else V6
        size = high - low + 1
        if size & (size - 1) == 0 and low % size == 0:
            found.append(f"{show_address(low, bits)}/{bits - size.bit_length() + 1}")
        else:
            found.append(f"{show_address(low, bits)}-{show_address(high, bits)}")
    return [*found[:most], f"and {len(addresses.parts) - most} more"] if len(found) > most else found
