"""Network ACLs beside the security groups behind them: what one lets in and the other does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partywall.address import Ranges, is_world, ranges
from partywall.aws.network_acl import NetworkAcl, Packets
from partywall.aws.permit import Permit
from partywall.aws.ports import ADMIN, CARRIERS, DATA, named, ports_of
from partywall.reason.network.acl import Acl
from partywall.reason.network.filters import Listed
from partywall.reason.network.flows import box
from partywall.reason.network.interface import Interface, interfaces
from partywall.reason.network.reply import is_reply_way
from partywall.reason.network.steps import ANY_CLIENT, INTERNET_CLIENT, steps
from partywall.truth import NO, Because, State, Truth, any_of, yes


def drops_what_groups_open(acl: NetworkAcl) -> Truth:
    """Whether a list makes a rule of a group behind it useless: nothing it lets in passes, or no answer."""
    gathered = interfaces(acl.view)
    node = gathered.topology.acls.of(acl.declared) if acl.is_list else None
    if node is None or node.doubt is not None:
        return NO
    behind = gathered.behind.get(node, ())
    return any_of(_dropped(acl, node, interface, permit) for interface, permit in _permitted(behind))


def _permitted(behind: Sequence[Interface]) -> Iterator[tuple[Interface, Permit]]:
    """What the groups behind a list let in: the same from the same addresses once for each subnet."""
    seen: set[object] = set()
    for interface in behind:
        for group in interface.groups:
            for permit in group.inbound:
                key = (permit.protocol, permit.ports, permit.addresses, permit.certain, interface.subnet)
                if key not in seen:
                    seen.add(key)
                    yield interface, permit


def _dropped(acl: NetworkAcl, node: Acl, interface: Interface, permit: Permit) -> Truth:
    """Whether nothing of what a permission lets in passes the list, or no answer to it."""
    if permit.addresses is None or permit.bits is None or not permit.certain or permit.ports is None:
        return NO
    clients = permit.addresses - interface.subnet.blocks.get(permit.bits, Ranges())
    protocol = "tcp" if permit.protocol == "-1" else permit.protocol or "tcp"
    if not clients or protocol not in CARRIERS:
        return NO
    made = steps(acl.view)
    sure, may = (made.acl(node, protocol, permit.bits, inbound=True, lenient=lenient) for lenient in (False, True))
    asked = box(clients, permit.ports)
    if not may.meets(asked):
        return _useless(acl, interface, permit, "drops it")
    if not sure.meets(asked):
        return _not_known(acl.inbound)
    if not made.answered(node, protocol, permit.bits, ANY_CLIENT).meets(asked):
        return _useless(acl, interface, permit, "drops the replies")
    return NO


def _not_known(entries: Sequence[Packets]) -> Truth:
    return any_of(it.doubt for it in entries if not it.complete)


def _useless(acl: NetworkAcl, interface: Interface, permit: Permit, verb: str) -> Truth:
    owner = interface.owner
    text = f"{permit.said}, but {acl.declared.address} before {interface.subnet.key} {verb}"
    reasons = (
        Because(text, permit.span, permit.resource),
        Because("", owner.span, owner.address),
    )
    return Truth(State.YES, reasons)


WELL_KNOWN = ports_of((*ADMIN, *DATA), "tcp") | ranges(((2049, 2049), (8080, 8080)))


def reply_way_too_open(acl: NetworkAcl) -> Truth:
    """Whether an inbound range for replies is wider than the public clients behind it need."""
    gathered = interfaces(acl.view)
    node = gathered.topology.acls.of(acl.declared) if acl.is_list else None
    if node is None or node.doubt is not None:
        return NO
    behind = [it for it in gathered.behind.get(node, ()) if it.workload.kind.addressed in ("subnet", "flag")]
    public = any_of(it.public for it in behind)
    if public.state is State.NO:
        return NO
    needed = min((it.client[0] for it in behind), default=INTERNET_CLIENT[0])
    inbound = Listed(acl.inbound)
    return any_of(_too_open(inbound, entry, needed) for entry in acl.inbound) & public


def _too_open(inbound: Listed, entry: Packets, needed: int) -> Truth:
    if not entry.allows or not entry.complete or entry.bits is None or entry.addresses is None or not entry.ports:
        return NO
    if not is_reply_way(entry) or entry.protocol not in ("tcp", "-1") or not is_world(entry.addresses, entry.bits):
        return NO
    flows = inbound.flows("tcp", entry.bits, lenient=False)
    services = flows.world_ports(entry.bits) & WELL_KNOWN & Ranges((entry.ports,))
    if services:
        shown = ", ".join(named(it) for it in services.parts[:4])
        return yes(f"{entry.name} for replies lets the internet in on {shown} too", entry.span, entry.address)
    if entry.ports[0] < needed:
        text = f"{entry.name} lets replies in from {entry.ports[0]} on; the clients here use ports from {needed}"
        return yes(text, entry.span, entry.address)
    return NO
