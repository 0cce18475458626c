"""What a single network ACL means: first match by number, both directions, no memory of connections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partywall.address import INTERNET, V4, V6, Ranges, everything, is_world, ranges
from partywall.aws.network_acl import NetworkAcl, Packets, admitted, allowed_stretch, cuts
from partywall.aws.permit import Permit
from partywall.aws.ports import ADMIN, DATA, PortRange, named
from partywall.reason.network.filters import entry_flows
from partywall.reason.network.flows import box
from partywall.reason.network.interface import Interface, interfaces
from partywall.reason.network.steps import steps
from partywall.reason.network.topology import Acl
from partywall.truth import NO, Because, State, Truth, any_of, unknown, yes

EPHEMERAL: PortRange = (1024, 65535)
"""Every port a client may send from."""

USUAL: PortRange = (32768, 65535)
"""What Linux and Windows clients use together."""

REPLIES_AT_LEAST = 16_000
"""A range of high ports as wide as this is a way for replies, not a service."""

ENOUGH = 8
_CARRIED = ("tcp", "udp")


def internet_reaches(acl: NetworkAcl, ports: Sequence[int]) -> Truth:
    """Whether traffic from the internet to one of some TCP ports passes the inbound entries."""
    return any_of(_reaches(acl, port, bits) for port in ports for bits in (V4, V6))


def _reaches(acl: NetworkAcl, port: int, bits: int) -> Truth:
    sure, possible = admitted(acl.inbound, "tcp", port, bits)
    if is_world(sure, bits):
        entry = next((it for it in acl.inbound if it.allows and it.may_match("tcp", port, bits)), None)
        if entry is not None:
            return yes(f"{_called(entry)} lets the internet in on port {port}", entry.span, entry.address)
    if is_world(possible, bits):
        return _open(acl.inbound, port, bits)
    return NO


def _open(entries: Sequence[Packets], port: int, bits: int) -> Truth:
    entry = next((it for it in entries if not it.complete and it.may_match("tcp", port, bits)), None)
    if entry is None:
        return NO
    return unknown(f"{_called(entry)} is not known: {entry.why}", entry.span, entry.address)


def _called(entry: Packets) -> str:
    return "an entry" if entry.number is None else f"entry {entry.number}"


def opens_every_port(acl: NetworkAcl) -> Truth:
    """Whether some allow entry is about every port."""
    return any_of(_opens(entry) for entry in (*acl.inbound, *acl.outbound))


def _opens(entry: Packets) -> Truth:
    if entry.allows is False:
        return NO
    whole = entry.protocol == "-1" or (
        entry.protocol in _CARRIED and entry.ports is not None and entry.ports[0] <= 1 and entry.ports[1] >= 65535
    )
    if whole and entry.allows:
        return yes(f"{_called(entry)} allows every port", entry.span, entry.address)
    if whole or entry.protocol is None or (entry.protocol in _CARRIED and entry.ports is None):
        return unknown(f"{_called(entry)} is not known: {entry.why}", entry.span, entry.address)
    return NO


def reply_lost(acl: NetworkAcl, *, inbound: bool) -> Truth:
    """Whether a request that one direction allows can never be answered through the other."""
    return any_of(_replies(acl, inbound=inbound, partly=False))


def reply_partly_lost(acl: NetworkAcl) -> Truth:
    """Whether replies pass for some of the ports that usual clients use, and not for others."""
    return any_of((*_replies(acl, inbound=True, partly=True), *_replies(acl, inbound=False, partly=True)))


def _replies(acl: NetworkAcl, *, inbound: bool, partly: bool) -> Iterator[Truth]:
    if not acl.is_list:
        return
    here, back = (acl.inbound, acl.outbound) if inbound else (acl.outbound, acl.inbound)
    for entry in here:
        if entry.allows is not True or not entry.complete or entry.bits is None or _is_reply_way(entry):
            continue
        assert entry.addresses is not None
        for protocol in ("tcp",) if entry.protocol == "-1" else (entry.protocol,):
            if protocol not in _CARRIED:
                continue
            effective = _effective(here, entry, protocol)
            if not effective:
                continue
            sure, possible = allowed_stretch(back, protocol, effective, entry.bits, USUAL if partly else EPHEMERAL)
            yield _judged(entry, back, sure, possible, inbound=inbound, partly=partly)


def _is_reply_way(entry: Packets) -> bool:
    """Whether an entry only lets replies through: high ports, and many of them."""
    if entry.protocol == "-1" or entry.ports is None:
        return False
    low, high = entry.ports
    return low >= EPHEMERAL[0] and high - low >= REPLIES_AT_LEAST


def _effective(entries: Sequence[Packets], entry: Packets, protocol: str) -> Ranges:
    """The addresses of an entry that it really decides about."""
    assert entry.ports is not None
    assert entry.addresses is not None
    assert entry.bits is not None
    sure, _ = admitted(entries, protocol, entry.ports[0], entry.bits)
    return sure & entry.addresses


def _judged(
    entry: Packets, back: Sequence[Packets], sure: Ranges, possible: Ranges, *, inbound: bool, partly: bool
) -> Truth:
    way = "outbound" if inbound else "inbound"
    request = "lets requests in" if inbound else "lets requests out"
    if not partly:
        if not possible:
            port = named(entry.ports or EPHEMERAL)
            text = f"{_called(entry)} {request} on port {port}, and no {way} entry lets the replies back"
            return yes(text, entry.span, entry.address)
        if not sure and (cause := _unsure(back)) is not None:
            return cause
        return NO
    wanted = USUAL[1] - USUAL[0] + 1
    if possible and sure.size < wanted and possible.size < wanted:
        missing = 100 * (wanted - possible.size) // wanted
        text = f"{_called(entry)} {request}, but {missing} % of the usual reply ports {named(USUAL)} are closed {way}"
        return yes(text, entry.span, entry.address)
    if possible and sure.size < wanted and (cause := _unsure(back)) is not None:
        return cause
    return NO


def _unsure(entries: Sequence[Packets]) -> Truth | None:
    entry = next((it for it in entries if not it.complete), None)
    return None if entry is None else unknown(f"{_called(entry)} is not known: {entry.why}", entry.span, entry.address)


def deny_shadowed(acl: NetworkAcl) -> Truth:
    """Whether everything a deny entry names has been let through by lower numbers."""
    return any_of(
        _shadowed(entries, at, deny=True) for entries in (acl.inbound, acl.outbound) for at in range(len(entries))
    )


def entry_dead(acl: NetworkAcl) -> Truth:
    """Whether an entry decides nothing, or shares its number with another of its direction."""
    found: list[Truth] = []
    for entries in (acl.inbound, acl.outbound):
        numbers: dict[int, Packets] = {}
        for at, entry in enumerate(entries):
            found.append(_shadowed(entries, at, deny=False))
            if entry.number is not None and entry.number in numbers:
                found.append(yes(f"number {entry.number} is used twice", entry.span, entry.address))
            elif entry.number is not None:
                numbers[entry.number] = entry
    return any_of(found)


def _shadowed(entries: Sequence[Packets], at: int, *, deny: bool) -> Truth:
    """Whether an entry is covered by lower ones; with `deny`, by allows that make a deny void."""
    entry = entries[at]
    before = entries[:at]
    if not before or (deny and entry.allows is True):
        return NO
    unsure = _unsure((*before, entry))
    if unsure is not None:
        return unsure
    if entry.bits is None:
        return NO
    assert entry.ports is not None
    assert entry.addresses is not None
    voided = False
    protocols = ("tcp", "udp", "icmp", "other") if entry.protocol == "-1" else (str(entry.protocol),)
    for protocol in protocols:
        for port in cuts(before, protocol, *entry.ports):
            left, let = entry.addresses, False
            for one in before:
                if one.may_match(protocol, port, entry.bits) and one.addresses is not None:
                    let |= bool(one.allows and left & one.addresses)
                    left = left - one.addresses
            if left:
                return NO
            voided |= let
    is_void_deny = entry.allows is False and voided
    if deny is not is_void_deny:
        return NO
    text = f"{_called(entry)} decides nothing: lower numbers " + (
        "let through what it denies" if deny else "match all of it"
    )
    return yes(text, entry.span, entry.address)


def bypassed_over_ipv6(acl: NetworkAcl) -> Truth:
    """Whether what is denied to everyone over IPv4 is let in over IPv6."""
    unsure = _unsure(acl.inbound)
    if unsure is not None:
        return unsure if any(it.allows is not True for it in acl.inbound) else NO
    found: list[Truth] = []
    for entry in acl.inbound:
        if entry.allows or entry.bits != V4 or entry.addresses != everything(V4) or entry.ports is None:
            continue
        for port in cuts(acl.inbound, "tcp", *entry.ports)[:ENOUGH]:
            four, _ = admitted(acl.inbound, "tcp", port, V4)
            six, _ = admitted(acl.inbound, "tcp", port, V6)
            if not (four & INTERNET[V4]) and is_world(six, V6):
                text = f"{_called(entry)} denies port {port} over IPv4 only; IPv6 lets the internet in"
                found.append(yes(text, entry.span, entry.address))
                break
    return any_of(found)


def block_list(acl: NetworkAcl) -> Truth:
    """Whether an admin or data port is open to the internet but for some ranges that are denied."""
    found: list[Truth] = []
    for at, entry in enumerate(acl.inbound):
        if entry.allows is not False or entry.bits is None or entry.ports is None or entry.addresses is None:
            continue
        if entry.addresses == everything(entry.bits):
            continue
        for low, high in (*ADMIN, *DATA):
            port = max(low, entry.ports[0])
            if port > min(high, entry.ports[1]) or not entry.may_match("tcp", port, entry.bits):
                continue
            sure, possible = admitted(acl.inbound[at:], "tcp", port, entry.bits)
            if is_world(sure, entry.bits):
                text = f"{_called(entry)} denies one range on port {port}, and a later entry lets in the internet"
                found.append(yes(text, entry.span, entry.address))
            elif is_world(possible, entry.bits):
                found.append(_open(acl.inbound, port, entry.bits))
    return any_of(found)


def drops_what_groups_open(acl: NetworkAcl) -> Truth:
    """Whether a list makes a rule of a group behind it useless: nothing it lets in passes, or no answer."""
    gathered = interfaces(acl.view)
    node = gathered.topology.acl(acl.declared) if acl.is_list else None
    if node is None or node.doubt is not None:
        return NO
    behind = gathered.behind.get(id(node), ())
    return any_of(_dropped(acl, node, interface, permit) for interface, permit in _permitted(behind))


def _permitted(behind: Sequence[Interface]) -> Iterator[tuple[Interface, Permit]]:
    """What the groups behind a list let in: the same from the same addresses once for each subnet."""
    seen: set[object] = set()
    for interface in behind:
        for group in interface.groups:
            for permit in group.inbound:
                key = (permit.protocol, permit.ports, permit.addresses, permit.certain, id(interface.subnet))
                if key not in seen:
                    seen.add(key)
                    yield interface, permit


def _dropped(acl: NetworkAcl, node: Acl, interface: Interface, permit: Permit) -> Truth:
    """Whether nothing of what a permission lets in passes the list, or no answer to it."""
    if permit.addresses is None or permit.bits is None or not permit.certain or permit.ports is None:
        return NO
    clients = permit.addresses - interface.subnet.blocks.get(permit.bits, Ranges())
    protocol = "tcp" if permit.protocol == "-1" else permit.protocol or "tcp"
    if not clients or protocol not in _CARRIED:
        return NO
    made = steps(acl.view)
    lets = [made.acl(node, protocol, permit.bits, inbound=True, lenient=lenient) for lenient in (False, True)]
    asked = box(clients, permit.ports)
    if not lets[1] & asked:
        return _useless(acl, interface, permit, "drops it")
    if not lets[0] & asked:
        return _open(acl.inbound, permit.ports.parts[0][0], permit.bits)
    answer = made.reply_through_acl(interface.subnet, protocol, permit.bits, EPHEMERAL, inbound=False)
    if answer.lenient is not None and not lets[1] & asked & answer.lenient:
        return _useless(acl, interface, permit, "drops the replies")
    return NO


def _useless(acl: NetworkAcl, interface: Interface, permit: Permit, verb: str) -> Truth:
    owner = interface.owner
    text = f"{permit.said}, but {acl.declared.address} before {interface.subnet.key} {verb}"
    reasons = (
        Because(text, permit.span, permit.resource),
        Because("a workload behind it", owner.span, owner.address),
    )
    return Truth(State.YES, reasons)


WELL_KNOWN = ranges((*ADMIN, *DATA, (2049, 2049), (8080, 8080)))


def reply_way_too_open(acl: NetworkAcl) -> Truth:
    """Whether an inbound range for replies is wider than the public clients behind it need."""
    gathered = interfaces(acl.view)
    node = gathered.topology.acl(acl.declared) if acl.is_list else None
    if node is None or node.doubt is not None:
        return NO
    behind = [it for it in gathered.behind.get(id(node), ()) if it.workload.kind.addressed in ("subnet", "flag")]
    public = any_of(it.public for it in behind)
    if public.state is State.NO:
        return NO
    needed = min((it.client[0] for it in behind), default=USUAL[0])
    return any_of(_too_open(acl, entry, needed) for entry in acl.inbound) & public


def _too_open(acl: NetworkAcl, entry: Packets, needed: int) -> Truth:
    if not entry.allows or not entry.complete or entry.bits is None or entry.addresses is None or not entry.ports:
        return NO
    if not _is_reply_way(entry) or entry.protocol not in ("tcp", "-1") or not is_world(entry.addresses, entry.bits):
        return NO
    flows = entry_flows(acl.inbound, "tcp", entry.bits, lenient=False)
    services = flows.world_ports(entry.bits) & WELL_KNOWN & Ranges((entry.ports,))
    if services:
        shown = ", ".join(named(it) for it in services.parts[:4])
        return yes(f"{_called(entry)} for replies lets the internet in on {shown} too", entry.span, entry.address)
    if entry.ports[0] < needed:
        text = f"{_called(entry)} lets replies in from {entry.ports[0]} on; the clients here use ports from {needed}"
        return yes(text, entry.span, entry.address)
    return NO
