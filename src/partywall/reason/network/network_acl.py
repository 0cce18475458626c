"""What a single network ACL means: first match by number, both directions, no memory of connections."""

from __future__ import annotations

from collections.abc import Sequence

from partywall.address import INTERNET, V4, V6, everything, is_world
from partywall.aws.network_acl import NetworkAcl, Packets, admitted, cuts
from partywall.aws.ports import ADMIN, DATA
from partywall.truth import NO, Truth, any_of, unknown, yes

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
