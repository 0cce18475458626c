"""What a single network ACL means: first match by number, both directions, no memory of connections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partywall.address import INTERNET, V4, V6, Ranges, everything, is_world, ranges
from partywall.aws.network_acl import NetworkAcl, Packets, cuts
from partywall.aws.ports import ADMIN, CARRIERS, DATA, EVERY, PortRange, Service, listed, ports_of
from partywall.reason.network.filters import Listed, entry_flows
from partywall.reason.network.flows import Flows, box
from partywall.truth import NO, State, Truth, all_of, any_of, yes

ENOUGH = 8


def internet_reaches(acl: NetworkAcl, services: Sequence[Service]) -> Truth:
    """Whether traffic from the internet to one of some services passes the inbound entries."""
    opened: dict[Packets, list[PortRange]] = {}
    open_: list[Truth] = []
    for carrier in CARRIERS:
        wanted = ports_of(services, carrier)
        for bits in (V4, V6):
            strict, lenient = (entry_flows(acl.inbound, carrier, bits, lenient=it) for it in (False, True))
            sure, may = strict.world_ports(bits) & wanted, lenient.world_ports(bits) & wanted
            for entry, ports in _openers(acl.inbound, carrier, bits, strict, sure):
                opened.setdefault(entry, []).extend(ports.parts)
            if may and not sure:
                open_.append(_open(acl.inbound, carrier, may.parts[0][0], bits))
    if not opened:
        return any_of(open_)
    return all_of(
        yes(f"{entry.name} lets the internet in on {listed(ranges(parts))}", entry.span, entry.address)
        for entry, parts in opened.items()
    )


def _openers(
    entries: Sequence[Packets], protocol: str, bits: int, flows: Flows, ports: Ranges
) -> Iterator[tuple[Packets, Ranges]]:
    """The allows through which the internet passes to some ports: each by itself, or else all of them together."""
    passed = [
        (it, flows & box(it.addresses, Ranges((it.ports,)) & ports))
        for it in entries
        if it.certain and it.allows and it.protocol in (protocol, EVERY) and it.bits == bits
        if it.addresses is not None and it.ports is not None
    ]
    alone = [(it, opened) for it, through in passed if (opened := through.world_ports(bits))]
    yield from alone
    together = ports - ranges(part for _, opened in alone for part in opened.parts)
    for it, through in passed:
        if opened := through.within(INTERNET[bits]).ports & together:
            yield it, opened


def _open(entries: Sequence[Packets], protocol: str, port: int, bits: int) -> Truth:
    entry = next((it for it in entries if not it.complete and it.may_match(protocol, port, bits)), None)
    return NO if entry is None else entry.doubt


def opens_every_port(acl: NetworkAcl) -> Truth:
    """Whether some allow entry is about every port; all that are, are named."""
    answers = [_opens(entry) for entry in (*acl.inbound, *acl.outbound)]
    sure = [it for it in answers if it.state is State.YES]
    return all_of(sure) if sure else any_of(answers)


def _opens(entry: Packets) -> Truth:
    if entry.allows is False:
        return NO
    whole = entry.protocol == EVERY or (
        entry.protocol in CARRIERS and entry.ports is not None and entry.ports[0] <= 1 and entry.ports[1] >= 65535
    )
    if whole and entry.allows:
        return yes(f"{entry.name} allows every port", entry.span, entry.address)
    if whole or entry.protocol is None or (entry.protocol in CARRIERS and entry.ports is None):
        return entry.doubt
    return NO


def _unsure(entries: Sequence[Packets]) -> Truth | None:
    entry = next((it for it in entries if not it.complete), None)
    return None if entry is None else entry.doubt


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
                doubtful = [it for it in (entry, numbers[entry.number]) if it.belongs.state is not State.YES]
                twice = yes(f"number {entry.number} is used twice", entry.span, entry.address)
                found.append(doubtful[0].doubt if doubtful else twice)
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
    protocols = ("tcp", "udp", "icmp", "other") if entry.protocol == EVERY else (str(entry.protocol),)
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
    text = f"{entry.name} decides nothing: lower numbers " + (
        "let through what it denies" if deny else "match all of it"
    )
    return yes(text, entry.span, entry.address)


def bypassed_over_ipv6(acl: NetworkAcl) -> Truth:
    """Whether what is denied to everyone over IPv4 is let in over IPv6."""
    unsure = _unsure(acl.inbound)
    if unsure is not None:
        return unsure if any(it.allows is not True for it in acl.inbound) else NO
    entries = Listed(acl.inbound)
    found: list[Truth] = []
    for entry in acl.inbound:
        if entry.allows or entry.bits != V4 or entry.addresses != everything(V4) or entry.ports is None:
            continue
        for port in cuts(acl.inbound, "tcp", *entry.ports)[:ENOUGH]:
            four, six = (_passing(entries, "tcp", port, bits)[0] for bits in (V4, V6))
            if not (four & INTERNET[V4]) and is_world(six, V6):
                text = f"{entry.name} denies port {port} over IPv4 only; IPv6 lets the internet in"
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
        later = Listed(acl.inbound[at:])
        for carrier, service in _spoken((*ADMIN, *DATA)):
            port = max(service.ports[0], entry.ports[0])
            if port > min(service.ports[1], entry.ports[1]) or not entry.may_match(carrier, port, entry.bits):
                continue
            sure, possible = _passing(later, carrier, port, entry.bits)
            if is_world(sure, entry.bits):
                text = f"{entry.name} denies one range on port {port}, and a later entry lets in the internet"
                found.append(yes(text, entry.span, entry.address))
            elif is_world(possible, entry.bits):
                found.append(_open(acl.inbound, carrier, port, entry.bits))
    return any_of(found)


def _spoken(services: Sequence[Service]) -> Iterator[tuple[str, Service]]:
    return ((carrier, service) for carrier in CARRIERS for service in services if carrier in service.carried)


def _passing(entries: Listed, protocol: str, port: int, bits: int) -> tuple[Ranges, Ranges]:
    """The addresses that surely pass a list to a port, and those that may."""
    strict, lenient = (entries.flows(protocol, bits, lenient=it) for it in (False, True))
    return strict.addresses(port), lenient.addresses(port)
