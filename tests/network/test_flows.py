"""Flow sets against a simulator that asks packet by packet, on and next to every cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from partywall.address import V4, Ranges, everything, ranges
from partywall.aws.network_acl import Packets
from partywall.aws.permit import Permit
from partywall.reason.network.filters import entry_flows, permitted
from partywall.reason.network.flows import EMPTY, PORTS, Flows, box, first_match, holds, union
from partywall.reason.network.groups import Group
from partywall.source import NOWHERE
from partywall.truth import YES, unknown

TOP = (1 << V4) - 1
addresses = st.sampled_from([0, 1, 10 << 24, (10 << 24) + 255, 1 << 31, (1 << 31) + 1, TOP - 1, TOP])
ports = st.sampled_from([0, 1, 21, 22, 23, 1023, 1024, 32768, 65534, 65535])


def _range(points: st.SearchStrategy[int]) -> st.SearchStrategy[Ranges]:
    return st.tuples(points, points).map(lambda pair: Ranges(((min(pair), max(pair)),)))


blocks, stretches = _range(addresses), _range(ports)
entries = st.lists(st.tuples(st.booleans(), blocks, stretches), max_size=6)


def _near(sets: Iterable[Ranges], top: int) -> list[int]:
    found = {at for it in sets for low, high in it.parts for at in (low - 1, low, high, high + 1)}
    return sorted(at for at in {*found, 0, top} if 0 <= at <= top)


def _packets(boxes: Sequence[tuple[Ranges, Ranges]]) -> Iterator[tuple[int, int]]:
    for address in _near((it for it, _ in boxes), TOP):
        for port in _near((it for _, it in boxes), 65535):
            yield address, port


def _has(flows: Flows, address: int, port: int) -> bool:
    return any(low <= address <= high and holds(held, port) for low, high, held in flows.cells)


@given(entries)
def test_a_list_admits_what_its_first_match_admits(made: list[tuple[bool, Ranges, Ranges]]) -> None:
    flows = first_match(made)
    for address, port in _packets([(one, other) for _, one, other in made]):
        walked = next((allows for allows, one, other in made if holds(one, address) and holds(other, port)), False)
        assert _has(flows, address, port) is walked


@given(st.lists(st.tuples(blocks, stretches), max_size=5), st.lists(st.tuples(blocks, stretches), max_size=5))
def test_union_and_intersection_are_those_of_packets(
    one: list[tuple[Ranges, Ranges]], other: list[tuple[Ranges, Ranges]]
) -> None:
    mine, theirs = union(one), union(other)
    for address, port in _packets([*one, *other]):
        here = any(holds(a, address) and holds(p, port) for a, p in one)
        there = any(holds(a, address) and holds(p, port) for a, p in other)
        assert _has(mine, address, port) is here
        assert _has(mine & theirs, address, port) is (here and there)
        assert _has(mine | theirs, address, port) is (here or there)
    assert mine.meets(theirs) is bool(mine & theirs)


@given(st.lists(stretches, max_size=4), st.lists(stretches, max_size=4))
def test_sets_meet_where_they_share_a_number(one: list[Ranges], other: list[Ranges]) -> None:
    mine, theirs = (ranges(part for it in sets for part in it.parts) for sets in (one, other))
    points = _near((mine, theirs), 65535)
    shared = [
        at for at in points if any(a <= at <= b for a, b in mine.parts) and any(a <= at <= b for a, b in theirs.parts)
    ]
    assert mine.meets(theirs) is theirs.meets(mine) is bool(shared)
    assert [at for at in points if holds(mine & theirs, at)] == shared
    assert mine.overlap(theirs) == theirs.overlap(mine) == (mine & theirs).size


@given(st.lists(st.tuples(blocks, stretches), max_size=5))
def test_cells_are_sorted_and_disjoint(made: list[tuple[Ranges, Ranges]]) -> None:
    cells = union(made).cells
    assert all(low <= high and held for low, high, held in cells)
    assert all(one[1] < other[0] for one, other in pairwise(cells))


@given(st.lists(st.tuples(blocks, stretches), max_size=5), st.integers(0, 1 << 32))
def test_ports_for_more_than_a_number_of_addresses(made: list[tuple[Ranges, Ranges]], size: int) -> None:
    flows, whole = union(made), everything(V4)
    found = flows.ports_for_more_than(whole, size)
    for port in _near((it for _, it in made), 65535):
        assert holds(found, port) is (flows.addresses(port).size > size)


@given(st.lists(st.tuples(blocks, stretches), max_size=4), st.lists(st.tuples(blocks, stretches), max_size=4))
def test_world_ports_behind_a_guard_are_those_of_what_both_admit(
    one: list[tuple[Ranges, Ranges]], other: list[tuple[Ranges, Ranges]]
) -> None:
    outside = union(one)
    assert outside.world_ports_behind(other, V4) == (outside & union(other)).world_ports(V4)


# Readings of what is not known

some_ports = st.one_of(st.none(), st.tuples(ports, ports).map(lambda it: (min(it), max(it))))
acl_entries = st.builds(
    lambda number, allows, protocol, held, block: Packets(
        number, allows, protocol, held, block, None if block is None else V4, NOWHERE, ""
    ),
    st.one_of(st.none(), st.integers(1, 5)),
    st.one_of(st.none(), st.booleans()),
    st.sampled_from([None, "tcp", "udp", "-1"]),
    some_ports,
    st.one_of(st.none(), blocks),
)
lists = st.lists(acl_entries, max_size=5).map(
    lambda it: sorted(it, key=lambda one: (one.number is None, one.number or 0))
)


def _joined(flows: Flows) -> Flows:
    """Neighbours with the same ports as one."""
    return first_match([(True, Ranges(((low, high),)), held) for low, high, held in flows.cells])


def _inside(one: Flows, other: Flows) -> bool:
    return _joined(one & other) == _joined(one)


def _settled(entry: Packets, allows: bool, number: int) -> Packets:
    """One of the things that an entry may turn out to be."""
    return Packets(
        entry.number or number,
        allows if entry.allows is None else entry.allows,
        entry.protocol or "tcp",
        entry.ports or (22, 1024),
        entry.addresses if entry.addresses is not None else Ranges(((0, 10 << 24),)),
        V4,
        NOWHERE,
        "",
    )


@given(lists, st.booleans(), st.integers(1, 5))
def test_whatever_an_entry_turns_out_to_be_lies_between_the_readings(
    made: list[Packets], allows: bool, number: int
) -> None:
    strict = entry_flows(made, "tcp", V4, lenient=False)
    lenient = entry_flows(made, "tcp", V4, lenient=True)
    assert _inside(strict, lenient)
    numbers = [it.number for it in made if it.number is not None]
    if number in numbers or len(numbers) != len(set(numbers)):
        return
    real = sorted((_settled(it, allows, number) for it in made), key=lambda it: it.number or 0)
    if len({it.number for it in real}) == len(real):
        actual = entry_flows(real, "tcp", V4, lenient=False)
        assert _inside(strict, actual)
        assert _inside(actual, lenient)


permits_ = st.builds(
    lambda protocol, held, block, sure: Permit(
        protocol, held, NOWHERE, "", "", YES if sure and None not in (protocol, held, block) else unknown("not known"),
        block, None if block is None else V4,
    ),
    st.sampled_from([None, "tcp", "udp", "-1"]),
    st.one_of(st.none(), stretches),
    st.one_of(st.none(), blocks),
    st.booleans(),
)  # fmt: skip


def _of(permits: list[Permit], *, lenient: bool) -> Flows:
    return union(permitted((Group("g", NOWHERE, tuple(permits), ()),), "tcp", V4, inbound=True, lenient=lenient))


@given(st.lists(permits_, max_size=5), permits_)
def test_another_permission_takes_nothing_away(made: list[Permit], more: Permit) -> None:
    for lenient in (False, True):
        assert _inside(_of(made, lenient=lenient), _of([*made, more], lenient=lenient))
    assert _inside(_of(made, lenient=False), _of(made, lenient=True))


@given(st.lists(permits_, max_size=5))
def test_a_group_admits_what_one_of_its_permissions_admits(made: list[Permit]) -> None:
    flows = _of(made, lenient=False)
    meant = [it for it in made if it.certain and it.protocol in ("tcp", "-1")]
    held = [(it.addresses or Ranges(), it.ports or Ranges()) for it in meant]
    for address, port in _packets(held):
        assert _has(flows, address, port) is any(holds(a, address) and holds(p, port) for a, p in held)


def test_nothing_and_everything() -> None:
    assert union([]) == EMPTY
    assert box(everything(V4)) & box(everything(V4)) == box(everything(V4), PORTS)
