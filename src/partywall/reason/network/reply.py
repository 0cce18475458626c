"""Whether what a network ACL lets through is answered: it keeps no state, so the reply needs an entry of its own.

Only flows that are meant to work count: where the workloads behind a list are known, those that a group of theirs
admits, and IPv6 only where a subnet has it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from partywall.address import V6, Ranges
from partywall.aws.network_acl import NetworkAcl, Packets
from partywall.aws.permit import Permit
from partywall.aws.ports import CARRIERS, PortRange, listed, named
from partywall.immutable import immutable
from partywall.reason.network.filters import Listed, permitted
from partywall.reason.network.flows import PORTS, Box
from partywall.reason.network.groups import Group
from partywall.reason.network.interface import Interface, interfaces
from partywall.reason.network.steps import ANY_CLIENT, INTERNET_CLIENT
from partywall.reason.network.topology import Subnet
from partywall.truth import NO, Truth, any_of, yes

REPLIES_AT_LEAST = 16_000
"""A range of high ports as wide as this is a way for replies, not a service."""


@immutable(slots=False)
class _Behind:
    """What stands behind a list: subnets, interfaces in them, and whether a NAT gateway does."""

    subnets: tuple[Subnet, ...]
    interfaces: tuple[Interface, ...]
    translates: bool

    @property
    def client(self) -> PortRange:
        """The ports that requests from behind may come from."""
        if self.translates:
            return ANY_CLIENT
        lows, highs = zip(*(it.client for it in self.interfaces), strict=True) if self.interfaces else ((), ())
        return min(lows, default=INTERNET_CLIENT[0]), max(highs, default=INTERNET_CLIENT[1])

    def means(self, entry: Packets, protocol: str, *, inbound: bool) -> bool:
        """Whether somebody asked for what an entry lets through; where nobody is known, everything is."""
        assert entry.bits is not None
        if entry.bits == V6 and self.subnets and not any(it.blocks.get(V6) for it in self.subnets):
            return False
        if not self.interfaces or (self.translates and not inbound):
            return True
        addresses, ports = entry.addresses or Ranges(), Ranges((entry.ports,)) if entry.ports else PORTS
        return (
            self.translates
            or any(it.open_groups for it in self.interfaces)
            or any(
                box[0].meets(addresses) and box[1].meets(ports)
                for box in self._permitted(protocol, entry.bits, inbound=inbound)
            )
        )

    def _permitted(self, protocol: str, bits: int, *, inbound: bool) -> Collection[Box]:
        """What the groups behind a list permit, each thing once, however many carry them."""
        found = self._boxes.get((protocol, bits, inbound))
        if found is None:
            groups = dict.fromkeys(group for it in self.interfaces for group in it.groups)
            boxes = permitted(groups, protocol, bits, inbound=inbound, lenient=True, member=_perhaps)
            found = self._boxes[protocol, bits, inbound] = dict.fromkeys(boxes)
        return found

    @cached_property
    def _boxes(self) -> dict[tuple[str, int, bool], Collection[Box]]:
        return {}


def _perhaps(permit: Permit, group: Group) -> bool | None:  # noqa: ARG001 - the shape of a membership
    """Whoever is on the other side may carry a group."""
    return None


def _behind(acl: NetworkAcl) -> _Behind:
    gathered = interfaces(acl.view)
    node = gathered.topology.acls.of(acl.declared)
    found = acl.view.memo.get((_Behind, node))
    if not isinstance(found, _Behind):
        subnets = gathered.topology.behind.get(node, ())
        translates = any(it.key in gathered.topology.translating for it in subnets)
        found = acl.view.memo[_Behind, node] = _Behind(subnets, gathered.behind.get(node, ()), translates)
    return found


def reply_lost(acl: NetworkAcl, *, inbound: bool) -> Truth:
    """Whether a request that one direction allows can never be answered through the other."""
    return any_of(_replies(acl, inbound=inbound, partly=False))


def reply_partly_lost(acl: NetworkAcl) -> Truth:
    """Whether replies pass for some of the ports that clients use, and not for others."""
    return any_of((*_replies(acl, inbound=True, partly=True), *_replies(acl, inbound=False, partly=True)))


def _replies(acl: NetworkAcl, *, inbound: bool, partly: bool) -> Iterator[Truth]:
    if not acl.is_list:
        return
    here, back = map(Listed, (acl.inbound, acl.outbound) if inbound else (acl.outbound, acl.inbound))
    behind = _behind(acl)
    client = INTERNET_CLIENT if inbound else behind.client
    for entry in here.entries:
        if entry.allows is not True or not entry.complete or entry.bits is None or is_reply_way(entry):
            continue
        for protocol in ("tcp",) if entry.protocol == "-1" else (entry.protocol,):
            if protocol not in CARRIERS or not behind.means(entry, protocol, inbound=inbound):
                continue
            effective = _effective(here, entry, protocol)
            if not effective:
                continue
            stretch = client if partly else ANY_CLIENT
            sure, possible = _passing(back, protocol, effective, entry.bits, stretch)
            found = _partly if partly else _wholly
            yield found(entry, back.entries, sure, possible, stretch, inbound=inbound)


def _passing(entries: Listed, protocol: str, towards: Ranges, bits: int, stretch: PortRange) -> tuple[Ranges, Ranges]:
    """Which ports of a stretch surely pass for all of some addresses, and which may pass for at least one."""
    strict, lenient = (entries.flows(protocol, bits, lenient=it) for it in (False, True))
    sure, possible = strict.shared_ports(towards), lenient.within(towards).ports
    return sure & Ranges((stretch,)), possible & Ranges((stretch,))


def is_reply_way(entry: Packets) -> bool:
    """Whether an entry only lets replies through: high ports, and many of them."""
    if entry.protocol == "-1" or entry.ports is None:
        return False
    low, high = entry.ports
    return low >= ANY_CLIENT[0] and high - low >= REPLIES_AT_LEAST


def _effective(entries: Listed, entry: Packets, protocol: str) -> Ranges:
    """The addresses of an entry that it really decides about."""
    assert entry.ports is not None
    assert entry.addresses is not None
    assert entry.bits is not None
    flows = entries.flows(protocol, entry.bits, lenient=False)
    return flows.addresses(entry.ports[0]) & entry.addresses


def _wholly(
    entry: Packets, back: Sequence[Packets], sure: Ranges, possible: Ranges, stretch: PortRange, *, inbound: bool
) -> Truth:
    if not possible:
        ports = listed(Ranges((entry.ports or stretch,)))
        request, way = ("in", "outbound") if inbound else ("out", "inbound")
        text = f"{entry.name} lets requests {request} on {ports}, and no {way} entry lets the replies back"
        return yes(text, entry.span, entry.address)
    return NO if sure else _unsure(back)


def _partly(
    entry: Packets, back: Sequence[Packets], sure: Ranges, possible: Ranges, stretch: PortRange, *, inbound: bool
) -> Truth:
    wanted = stretch[1] - stretch[0] + 1
    if not possible or sure.size >= wanted:
        return NO
    if possible.size >= wanted:
        return _unsure(back)
    missing = 100 * (wanted - possible.size) // wanted
    request, way = ("in", "outbound") if inbound else ("out", "inbound")
    text = (
        f"{entry.name} lets requests {request}, but {missing} % of the clients' reply ports {named(stretch)} are "
        f"closed {way}"
    )
    return yes(text, entry.span, entry.address)


def _unsure(entries: Sequence[Packets]) -> Truth:
    entry = next((it for it in entries if not it.complete), None)
    return NO if entry is None else entry.doubt
