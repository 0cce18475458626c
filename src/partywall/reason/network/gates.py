"""Where routes lead: the gates of a VPC, and whether each works for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from partywall.address import Ranges, everything, parsed_block
from partywall.aws.gateway import (
    EGRESS_ONLY,
    INTERNET_GATEWAYS,
    NATS,
    PEERINGS,
    TRANSIT_GATEWAYS,
    VPN_GATEWAYS,
    Peering,
    attachments,
)
from partywall.aws.middlebox import MIDDLEBOXES
from partywall.aws.prefix_list import PREFIX_LISTS, PrefixList
from partywall.aws.resource import Resource
from partywall.aws.route import Route
from partywall.aws.transit import TransitGateway
from partywall.aws.vpc_endpoint import GatewayEndpoint
from partywall.declared import Declared
from partywall.graph import View
from partywall.immutable import immutable
from partywall.reason.network.node import Vpc, resolve
from partywall.source import NOWHERE, Span
from partywall.truth import NO, YES, State, Truth, any_of, no, unknown, yes
from partywall.value import Known, Setting, doubt, shown, told

INTERNET, EGRESS, NAT, VPN, PEER, TRANSIT, LOCAL = (
    "internet",
    "egress-only",
    "nat",
    "vpn",
    "peering",
    "transit",
    "local",
)
ELSEWHERE, INSPECTED, CARRIER, SERVICE = "elsewhere", "inspected", "carrier", "service"

_TYPES = {
    "gateway": (*INTERNET_GATEWAYS, *VPN_GATEWAYS, "AWS::EC2::VPCEndpoint", "aws_vpc_endpoint"),
    "nat": NATS,
    "egress-only": EGRESS_ONLY,
    "transit": TRANSIT_GATEWAYS,
    "peering": PEERINGS,
}
_BY_PREFIX = {"igw-": INTERNET, "vgw-": VPN, "nat-": NAT, "eigw-": EGRESS, "tgw-": TRANSIT, "pcx-": PEER}
_MIDDLEBOX = ("endpoint", "interface", "instance")
_BEYOND = {"carrier": CARRIER, "local-gateway": VPN, "core": TRANSIT}
_OF_TARGET = {"nat": NAT, "egress-only": EGRESS, "transit": TRANSIT, "peering": PEER}

VpcOf = Callable[[Setting], Vpc]


@immutable(eq=False)
class Gate:
    """What a route leads to: its kind, its declaration, and whether it works for the VPC of the route."""

    kind: str
    address: str
    name: str
    span: Span
    open: Truth
    declared: Declared | None = None

    def leads(self, *kinds: str) -> Truth:
        """Whether it is a working gate of some kinds; one from elsewhere may be of any, and a middlebox lead to any."""
        if self.kind in (ELSEWHERE, INSPECTED):
            return self.open
        return self.open if self.kind in kinds else NO


@immutable(eq=False)
class TableRoute:
    """One route as the table has it; addresses None where the destination is not known."""

    addresses: Ranges | None
    bits: int | None
    gate: Gate
    span: Span
    resource: str
    said: str
    doubt: Truth | None = None
    learnt: bool = False
    by_list: bool = False


def local_route(addresses: Ranges, bits: int) -> TableRoute:
    """The route inside the VPC that every table has."""
    return TableRoute(addresses, bits, Gate(LOCAL, "", "local", NOWHERE, YES), NOWHERE, "", "local")


def internet_route(bits: int) -> TableRoute:
    """The way to the internet that AWS gives the default VPC."""
    gate = Gate(INTERNET, "", "the internet gateway of the default VPC", NOWHERE, YES)
    return TableRoute(everything(bits), bits, gate, NOWHERE, "", f"the default route -> {gate.name}")


def table_routes(view: View, vpc: Vpc, vpc_of: VpcOf, route: Route, holds: Truth) -> Iterator[TableRoute]:
    """A declared route as the table has it: one for each block it is about."""
    if holds.state is State.NO:
        return
    gate = _gate(view, vpc, vpc_of, route)
    if gate is None:
        return
    resource = route.declared.address
    why = holds if holds.state is State.UNKNOWN else None
    for value, by_list in _destinations(view, route):
        block = parsed_block(value.it) if isinstance(value, Known) else None
        span = value.span if value.span.line else route.span
        said = f"{told(value)} -> {gate.name}"
        if block is not None:
            yield TableRoute(*block, gate, span, resource, said, why, by_list=by_list)
        else:
            reason = doubt(value, "the destination", resource)
            yield TableRoute(None, None, gate, span, resource, said, reason, by_list=by_list)


def _destinations(view: View, route: Route) -> Iterator[tuple[Setting, bool]]:
    value = route.destination
    if not (isinstance(value, Known) and value.it in (None, "")):
        yield value, False
    listed = route.prefix_list
    if isinstance(listed, Known) and listed.it in (None, ""):
        return
    target = view.target(listed, PREFIX_LISTS)
    if target is None:
        yield listed, True
    else:
        for entry in PrefixList(view, target).entries:
            yield entry, True


def _gate(view: View, vpc: Vpc, vpc_of: VpcOf, route: Route) -> Gate | None:
    kind, value = route.target
    span = value.span if value.span.line else route.span
    if not kind:
        return None
    if isinstance(value, Known) and value.it == "local":
        return Gate(LOCAL, "", "local", span, YES)
    if kind in _MIDDLEBOX:
        return _inspecting(view.target(value, MIDDLEBOXES), value, span, route.declared.address)
    if kind not in _TYPES:
        beyond = unknown(f"what is behind {shown(value)} is not in these sources", span, route.declared.address)
        return Gate(_BEYOND[kind], "", f"{kind} {shown(value)}", span, beyond)
    declared, why = resolve(view, value, _TYPES[kind], "the target of the route")
    if declared is None:
        known = _BY_PREFIX.get(str(value.it).partition("-")[0] + "-") if isinstance(value, Known) else None
        word = _OF_TARGET.get(kind) or known or ELSEWHERE
        return Gate(word, "", f"{word} gateway {shown(value)}", span, NO if why is None else why)
    return _declared(view, vpc, vpc_of, declared, span)


def _inspecting(declared: Declared | None, value: Setting, span: Span, resource: str) -> Gate:
    """A middlebox: whether it passes on what it is sent, nobody sees from outside."""
    name = next((it.address for it in value.references), shown(value)) if declared is None else declared.address
    inspected = unknown(f"traffic is inspected by {name}", span, resource)
    return Gate(INSPECTED, name, name, span, inspected, declared)


def _declared(view: View, vpc: Vpc, vpc_of: VpcOf, declared: Declared, span: Span) -> Gate:
    exists = view.exists(declared)
    if declared.type in INTERNET_GATEWAYS or declared.type in VPN_GATEWAYS:
        kind = INTERNET if declared.type in INTERNET_GATEWAYS else VPN
        works = _attached(view, vpc, vpc_of, declared)
    elif declared.type in EGRESS_ONLY:
        kind, works = EGRESS, _in_vpc(vpc, vpc_of, declared, Resource(view, declared).read("VpcId", "vpc_id"))
    elif declared.type in NATS:
        kind, works = NAT, YES
    elif declared.type in TRANSIT_GATEWAYS:
        kind, works = TRANSIT, _plugged(view, vpc, vpc_of, declared)
    elif declared.type in PEERINGS:
        kind, works = PEER, _peered(view, vpc, vpc_of, declared)
    elif GatewayEndpoint(view, declared).is_gateway.state is State.YES:
        kind, works = SERVICE, YES
    else:
        return _inspecting(declared, Known(None), span, declared.address)
    works = works if exists.state is State.YES else works & exists
    return Gate(kind, declared.address, declared.address, span, works, declared)


def _in_vpc(vpc: Vpc, vpc_of: VpcOf, declared: Declared, value: Setting) -> Truth:
    other = vpc_of(value)
    if other.key == vpc.key:
        return yes(f"attached to {vpc.key}", declared.span, declared.address)
    if other.doubt is not None or vpc.doubt is not None:
        return unknown(f"whether {declared.address} belongs to the VPC is unknown", value.span, declared.address)
    return no(f"{declared.address} is attached to {other.key}, not to {vpc.key}", value.span, declared.address)


def _attached(view: View, vpc: Vpc, vpc_of: VpcOf, declared: Declared) -> Truth:
    found = [
        holds if holds.state is State.NO else _in_vpc(vpc, vpc_of, declared, value) & holds
        for value, holds in attachments(view, declared)
    ]
    if not found:
        return no(f"{declared.address} is attached to no VPC", declared.span, declared.address)
    return any_of(found)


def _plugged(view: View, vpc: Vpc, vpc_of: VpcOf, transit: Declared) -> Truth:
    plugs = TransitGateway(view, transit).attachments
    found = [_in_vpc(vpc, vpc_of, it.declared, it.vpc) for it in plugs]
    if not found:
        return no(f"{vpc.key} is not attached to {transit.address}", transit.span, transit.address)
    return any_of(found)


def _peered(view: View, vpc: Vpc, vpc_of: VpcOf, declared: Declared) -> Truth:
    if declared.type == "aws_vpc_peering_connection_accepter":
        value = Resource(view, declared).read((), "vpc_peering_connection_id")
        target, why = resolve(view, value, PEERINGS[:2], "the peering connection")
        if target is None:
            return NO if why is None else why
        declared = target
    peering = Peering(view, declared)
    sides = [vpc_of(side) for side in peering.sides]
    if vpc.key not in [it.key for it in sides]:
        if vpc.doubt is not None or any(it.doubt is not None for it in sides):
            return unknown(f"whether {declared.address} joins this VPC is unknown", declared.span, declared.address)
        return no(f"{declared.address} does not join {vpc.key}", declared.span, declared.address)
    if peering.accepted.state is State.NO:
        return no(f"nobody accepts {declared.address}", declared.span, declared.address)
    return yes(f"joins {vpc.key}", declared.span, declared.address) & peering.accepted


def far_side(view: View, vpc: Vpc, vpc_of: VpcOf, gate: Gate) -> Vpc | None:
    """The VPC at the other end of a peering."""
    declared = gate.declared
    if declared is None:
        return None
    if declared.type == "aws_vpc_peering_connection_accepter":
        target = view.target(Resource(view, declared).read((), "vpc_peering_connection_id"), PEERINGS[:2])
        if target is None:
            return None
        declared = target
    sides = [vpc_of(side) for side in Peering(view, declared).sides]
    return next((it for it in sides if it.key != vpc.key), None)
