"""Network ACLs and security groups as flow sets, each in two readings.

What is not known makes two lists of one: the strict reading admits what surely passes, the lenient one what may.
An unknown range or port of an allow is nothing to the strict reading and everything to the lenient; of a deny it is
the other way round; an entry of unknown number stands wherever it suits the reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from partywall.address import Ranges, everything
from partywall.aws.network_acl import Packets
from partywall.aws.permit import Permit
from partywall.reason.network.acl import Acl
from partywall.reason.network.flows import EMPTY, PORTS, Box, Flows, every, first_match
from partywall.reason.network.groups import Group

Entry = tuple[bool, Ranges, Ranges]

_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}


def acl_flows(acl: Acl, protocol: str, bits: int, *, inbound: bool, lenient: bool) -> Flows:
    """What a list lets through in one direction."""
    if acl.doubt is not None:
        return every(bits) if lenient else EMPTY
    return entry_flows(acl.inbound if inbound else acl.outbound, protocol, bits, lenient=lenient)


def entry_flows(entries: Sequence[Packets], protocol: str, bits: int, *, lenient: bool) -> Flows:
    """What some entries let through, in one reading."""
    relevant = tuple(it for it in entries if it.protocol in (None, "-1", protocol) and it.bits in (None, bits))
    if not lenient and all(it.complete for it in relevant):
        lenient = True
    return first_match(list(_read(relevant, bits, lenient=lenient)))


class Listed:
    """The entries of a list, for questions about each of them: what all let through is worked out once."""

    def __init__(self, entries: Sequence[Packets]) -> None:
        self.entries = entries
        self._found: dict[tuple[str, int, bool], Flows] = {}

    def flows(self, protocol: str, bits: int, *, lenient: bool) -> Flows:
        """What the entries let through, in one reading."""
        found = self._found.get((protocol, bits, lenient))
        if found is None:
            found = entry_flows(self.entries, protocol, bits, lenient=lenient)
            self._found[protocol, bits, lenient] = found
        return found


def _read(entries: Sequence[Packets], bits: int, *, lenient: bool) -> Iterator[Entry]:
    """The list in one reading, in the order that decides."""
    placed = [it for it in entries if it.number is not None]
    loose = [it for it in entries if it.number is None]
    first = [it for it in loose if _allows(it, lenient=lenient) is lenient]
    last = [it for it in loose if _allows(it, lenient=lenient) is not lenient]
    for entry in (*first, *placed, *last):
        allows = _allows(entry, lenient=lenient)
        if not entry.certain and allows is not lenient:
            continue
        addresses = entry.addresses if entry.addresses is not None else everything(bits)
        yield allows, addresses, PORTS if entry.ports is None else Ranges((entry.ports,))


def _allows(entry: Packets, *, lenient: bool) -> bool:
    return lenient if entry.allows is None else entry.allows


Member = Callable[[Permit, Group], bool | None]
"""Whether the other side carries the group that a permission names; None where that is not known."""


def nobody(permit: Permit, group: Group) -> bool | None:  # noqa: ARG001 - addresses alone carry no group
    """For addresses outside: no group is carried."""
    return False


def permitted(
    groups: Iterable[Group],
    protocol: str,
    bits: int,
    *,
    inbound: bool,
    lenient: bool,
    member: Member = nobody,
    world: bool = False,
    without: Permit | None = None,
) -> list[Box]:
    """What each permission of some groups holds; `world` leaves out unknown ranges that are surely no wide ones.

    `without` leaves out one permission, to see whether it decides.
    """
    boxes: list[Box] = []
    for group in groups:
        if group.doubt is not None and lenient:
            return [(everything(bits), PORTS)]
        for permit in group.inbound if inbound else group.outbound:
            if permit is without or not meant(permit, protocol, bits, world=world):
                continue
            carried = True if permit.group is None else member(permit, group)
            if carried is False or (not lenient and not (permit.certain and carried)):
                continue
            addresses = everything(bits) if permit.addresses is None else permit.addresses
            boxes.append((addresses, PORTS if permit.ports is None else permit.ports))
    return boxes


def meant(permit: Permit, protocol: str, bits: int, *, world: bool = False) -> bool:
    """Whether a permission may be about a protocol and a family."""
    return permit.protocol in (None, "-1", protocol) and permit.bits in (None, bits) and not (world and permit.narrow)


def protocol_name(text: str) -> str:
    """A protocol by the name that rules use."""
    low = text.strip().lower()
    return _PROTOCOLS.get(low, low)
