"""Flow sets: which remote addresses may talk on which ports, exactly, for one family and one protocol.

Every filter of AWS looks at the remote address and the destination port only, so what it admits is a set in two
dimensions. Addresses are cut at every boundary that occurs; between two cuts one set of ports holds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from partywall.address import INTERNET, WORLD, Ranges, ranges
from partywall.immutable import immutable

PORTS = Ranges(((0, 65535),))
"""The whole port axis; for ICMP an axis of `type << 8 | code`."""

NOTHING = Ranges()

Cell = tuple[int, int, Ranges]
Box = tuple[Ranges, Ranges]
"""Addresses and ports that are meant together."""


@immutable(slots=False)
class Flows:
    """A set of (address, port): sorted, disjoint stretches of addresses, each with its ports."""

    cells: tuple[Cell, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cells)

    def __and__(self, other: Flows) -> Flows:
        found: list[Cell] = []
        mine, theirs = iter(self.cells), iter(other.cells)
        one, another = next(mine, None), next(theirs, None)
        while one is not None and another is not None:
            (low, high, ports), (start, end, others) = one, another
            if start <= high and low <= end:
                both = ports & others
                if both:
                    found.append((max(low, start), min(high, end), both))
            if high < end:
                one = next(mine, None)
            else:
                another = next(theirs, None)
        return Flows(tuple(found))

    def meets(self, other: Flows) -> bool:
        """Whether some address with some port is in both."""
        mine, theirs = iter(self.cells), iter(other.cells)
        one, another = next(mine, None), next(theirs, None)
        while one is not None and another is not None:
            (low, high, ports), (start, end, others) = one, another
            if start <= high and low <= end and ports.meets(others):
                return True
            if high < end:
                one = next(mine, None)
            else:
                another = next(theirs, None)
        return False

    def __or__(self, other: Flows) -> Flows:
        if not self or not other:
            return self or other
        return union((Ranges(((low, high),)), ports) for low, high, ports in (*self.cells, *other.cells))

    def within(self, addresses: Ranges) -> Flows:
        """What is left for some addresses."""
        return self & Flows(tuple((low, high, PORTS) for low, high in addresses.parts))

    def addresses(self, port: int | None = None) -> Ranges:
        """The addresses that may use a port, or any port at all."""
        found = self._addresses.get(port)
        if found is None:
            cells = (it for it in self.cells if port is None or holds(it[2], port))
            found = self._addresses[port] = ranges((low, high) for low, high, _ in cells)
        return found

    @cached_property
    def _addresses(self) -> dict[int | None, Ranges]:
        return {}

    def among(self, addresses: Ranges, port: int) -> Ranges:
        """Which of some addresses may use a port."""
        found = self._among.get((port, addresses))
        if found is None:
            found = self._among[port, addresses] = addresses & self.addresses(port)
        return found

    @cached_property
    def _among(self) -> dict[tuple[int, Ranges], Ranges]:
        return {}

    @property
    def ports(self) -> Ranges:
        """The ports that at least one address may use."""
        return ranges(part for _, _, ports in self.cells for part in ports.parts)

    def addresses_using(self, wanted: Ranges) -> Ranges:
        """The addresses that may use at least one of some ports."""
        return ranges((low, high) for low, high, ports in self.cells if ports.meets(wanted))

    def shared_ports(self, addresses: Ranges) -> Ranges:
        """The ports that every one of some addresses may use."""
        left, shared = addresses, PORTS
        for low, high, ports in self.cells:
            stretch = Ranges(((low, high),))
            if left & stretch:
                left, shared = left - stretch, shared & ports
        return NOTHING if left else shared

    def world_ports(self, bits: int) -> Ranges:
        """The ports on which the addresses together are as good as the internet."""
        found = self._world.get(bits)
        if found is None:
            found = self._world[bits] = self.ports_for_more_than(INTERNET[bits], WORLD[bits])
        return found

    @cached_property
    def _world(self) -> dict[int, Ranges]:
        return {}

    def world_ports_behind(self, guard: Sequence[Box], bits: int) -> Ranges:
        """The ports on which what some boxes hold too is as good as the internet.

        Most guards open ports to everyone, and others to a few addresses only; then no set has to be cut.
        """
        sized = [(INTERNET[bits].overlap(addresses), ports) for addresses, ports in guard]
        everyone = ranges(part for size, ports in sized if size == INTERNET[bits].size for part in ports.parts)
        few = sum(size for size, ports in sized if size < INTERNET[bits].size)
        if few > WORLD[bits]:
            return (self & union(guard)).world_ports(bits)
        return self.world_ports(bits) & everyone

    def ports_for_more_than(self, addresses: Ranges, size: int) -> Ranges:
        """The ports that more than so many of some addresses may use."""
        changes: dict[int, int] = defaultdict(int)
        for low, high, ports in self.cells:
            count = addresses.overlap(Ranges(((low, high),)))
            for first, last in ports.parts if count else ():
                changes[first] += count
                changes[last + 1] -= count
        found: list[tuple[int, int]] = []
        total = 0
        for start, end in pairwise(sorted(changes)):
            total += changes[start]
            if total > size:
                found.append((start, end - 1))
        return ranges(found)


EMPTY = Flows()


def every(bits: int) -> Flows:
    """Everything of a family."""
    return Flows(((0, (1 << bits) - 1, PORTS),))


def holds(numbers: Ranges, number: int) -> bool:
    """Whether a set holds a number."""
    at = bisect_right(numbers.parts, (number + 1,))
    return at > 0 and numbers.parts[at - 1][1] >= number


def covers(whole: Ranges, part: Ranges) -> bool:
    """Whether a set holds all of another."""
    return not part - whole


def box(addresses: Ranges, ports: Ranges = PORTS) -> Flows:
    """Some addresses with some ports."""
    return Flows(tuple((low, high, ports) for low, high in addresses.parts)) if ports else EMPTY


class _Axis:
    """The ports cut at every boundary that occurs: small whole numbers stand for sets of ports."""

    def __init__(self, sets: Iterable[Ranges]) -> None:
        found = {at for ports in sets for low, high in ports.parts for at in (low, high + 1)}
        self._cuts = sorted({*found, 0, 65536})
        self._place = {at: place for place, at in enumerate(self._cuts)}
        self._masks: dict[Ranges, int] = {}
        self._sets: dict[int, Ranges] = {}
        self.whole = (1 << (len(self._cuts) - 1)) - 1

    def mask(self, ports: Ranges) -> int:
        """The number for a set of ports."""
        found = self._masks.get(ports)
        if found is None:
            found = 0
            for low, high in ports.parts:
                found |= (1 << self._place[high + 1]) - (1 << self._place[low])
            self._masks[ports] = found
        return found

    def ports(self, mask: int) -> Ranges:
        """The set of ports for a number."""
        found = self._sets.get(mask)
        if found is None:
            found = self._sets[mask] = Ranges(tuple(self._runs(mask)))
        return found

    def _runs(self, mask: int) -> Iterator[tuple[int, int]]:
        """The ranges of a number, one for each run of ones."""
        at = 0
        while mask:
            zeros = (mask & -mask).bit_length() - 1
            mask >>= zeros
            ones = (~mask & (mask + 1)).bit_length() - 1
            mask >>= ones
            yield self._cuts[at + zeros], self._cuts[at + zeros + ones] - 1
            at += zeros + ones


def _stretches(sets: Iterable[Ranges]) -> list[int]:
    return sorted({at for addresses in sets for low, high in addresses.parts for at in (low, high + 1)})


def _joined(cells: Sequence[tuple[int, int, int]], axis: _Axis) -> Flows:
    """Cells from sorted pieces, neighbours with the same ports joined."""
    found: list[tuple[int, int, int]] = []
    for low, high, mask in cells:
        if found and found[-1][1] + 1 == low and found[-1][2] == mask:
            found[-1] = (found[-1][0], high, mask)
        elif mask:
            found.append((low, high, mask))
    return Flows(tuple((low, high, axis.ports(mask)) for low, high, mask in found))


def union(boxes: Iterable[Box]) -> Flows:
    """All that some boxes hold together."""
    held = [it for it in boxes if it[0] and it[1]]
    if len(held) == 1:
        return box(*held[0])
    return first_match([(True, addresses, ports) for addresses, ports in held]) if held else EMPTY


def first_match(entries: Sequence[tuple[bool, Ranges, Ranges]]) -> Flows:
    """What a list admits whose first match decides: (allows, addresses, ports); what nothing matches is denied."""
    axis = _Axis(ports for _, _, ports in entries)
    cuts = _stretches(addresses for _, addresses, _ in entries)
    pieces: list[list[tuple[bool, int]]] = [[] for _ in cuts]
    place = {at: number for number, at in enumerate(cuts)}
    for allows, addresses, ports in entries:
        mask = axis.mask(ports)
        for low, high in addresses.parts:
            for number in range(place[low], place[high + 1]):
                pieces[number].append((allows, mask))
    cells = []
    for number, piece in enumerate(pieces[:-1] if pieces else ()):
        left, passed = axis.whole, 0
        for allows, mask in piece:
            if allows:
                passed |= left & mask
            left &= ~mask
            if not left:
                break
        cells.append((cuts[number], cuts[number + 1] - 1, passed))
    return _joined(cells, axis)
