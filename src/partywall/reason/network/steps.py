"""The checks that a connection meets on its way, as steps of a path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from partywall.address import WORLD, Ranges, everything, show_address
from partywall.aws.network_acl import Packets
from partywall.aws.permit import Permit
from partywall.aws.ports import named
from partywall.graph import View
from partywall.reason.network import middlebox, routes
from partywall.reason.network.acl import Acl
from partywall.reason.network.filters import Member, acl_flows, meant, nobody, permitted
from partywall.reason.network.flows import EMPTY, PORTS, Box, Flows, box, covers, every, holds, union
from partywall.reason.network.gates import Gate
from partywall.reason.network.groups import Group, keys
from partywall.reason.network.interface import Interface, Interfaces, interfaces
from partywall.reason.network.path import PASSED, Hop, Query, Step
from partywall.reason.network.topology import Subnet, Table
from partywall.truth import Because, State, Truth, unknown
from partywall.value import SENSITIVE

T = TypeVar("T")

INTERNET_CLIENT = (32768, 65535)
"""What clients on the internet send from, as far as it is required: Linux and Windows together."""

ANY_CLIENT = (1024, 65535)
"""What NAT gateways, load balancers and Lambda send from. Source: VPC user guide, Ephemeral ports."""

_ECHO = {"icmp": (8, 0), "icmpv6": (128, 129)}
_CARRIED = ("tcp", "udp")


def wanted_reply(protocol: str, client: tuple[int, int]) -> Ranges:
    """Where on the port axis the reply to a client arrives; everything where the protocol has no ports."""
    if protocol in _CARRIED:
        return Ranges((client,))
    if protocol in _ECHO:
        kind = _ECHO[protocol][1]
        return Ranges(((kind << 8, kind << 8 | 255),))
    return PORTS


def from_truth(truth: Truth, at: str, check: str, change: str, otherwise: str = "") -> Step:
    """A check that looks at no address: something is so, is not, or is not known."""
    first = next((it for it in truth.leaves if it.span.line), None)

    def tell(query: Query, left: Ranges) -> Sequence[Hop]:  # noqa: ARG001
        said = next((it.text for it in truth.because if it.text), "")
        text = check if truth.state is not State.NO else otherwise or f"{check}: no, {said}"
        resource = first.resource if first is not None and first.resource != at else ""
        return (Hop(at, text, first.span if first is not None else Because("").span, resource),)

    def weigh(query: Query, left: Ranges) -> Sequence[Truth]:  # noqa: ARG001
        return (truth,) if truth.state is State.UNKNOWN else ()

    strict = None if truth.state is State.YES else EMPTY
    return Step(strict, EMPTY if truth.state is State.NO else None, tell, weigh, change)


class Steps:
    """Makes steps for one view; what a list, a table or a set of groups admits is found once for all behind it."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.interfaces: Interfaces = interfaces(view)
        self.topology = self.interfaces.topology
        self._made: dict[object, Any] = {}

    def _once(self, key: object, make: Callable[[], T]) -> T:
        found: T | None = self._made.get(key)
        if found is None:
            found = self._made[key] = make()
        return found

    # Network ACLs

    def acl(self, acl: Acl, protocol: str, bits: int, *, inbound: bool, lenient: bool) -> Flows:
        """What a list lets through in one direction; where all is known both readings are one object."""
        lenient = lenient or acl.settled
        key = ("acl", acl, protocol, bits, inbound, lenient)
        return self._once(key, lambda: acl_flows(acl, protocol, bits, inbound=inbound, lenient=lenient))

    def through_acl(
        self, subnet: Subnet, protocol: str, bits: int, *, inbound: bool, about: Ranges | None = None
    ) -> Step:
        """A request at the edge of a subnet."""
        key = ("request", subnet.acl, protocol, bits, inbound, about)
        return self._once(key, lambda: self._request(subnet.acl, protocol, bits, inbound=inbound, about=about))

    def _request(self, acl: Acl, protocol: str, bits: int, *, inbound: bool, about: Ranges | None) -> Step:
        strict = self.acl(acl, protocol, bits, inbound=inbound, lenient=False)
        lenient = self.acl(acl, protocol, bits, inbound=inbound, lenient=True)
        way = "in" if inbound else "out"

        def tell(query: Query, left: Ranges) -> Sequence[Hop]:
            ports = Ranges(((query.port, query.port),))
            return (self._acl_hop(acl, "request", query, left if about is None else about, ports, inbound=inbound),)

        def weigh(query: Query, left: Ranges) -> Sequence[Truth]:  # noqa: ARG001
            return _acl_doubts(acl, protocol, bits, Ranges(((query.port, query.port),)), inbound=inbound)

        change = f"an entry of {acl.address} that lets the request {way}"
        return Step(strict, lenient, tell, weigh, change, about=about)

    def reply_through_acl(
        self,
        subnet: Subnet,
        protocol: str,
        bits: int,
        client: tuple[int, int],
        *,
        inbound: bool,
        about: Ranges | None = None,
    ) -> Step:
        """The reply to a request at the edge of a subnet, to the ports that the client may have sent from."""
        acl, wanted = subnet.acl, wanted_reply(protocol, client)
        key = ("reply", acl, protocol, bits, wanted, inbound, about)
        return self._once(key, lambda: self._reply(acl, protocol, bits, wanted, inbound=inbound, about=about))

    def _reply(
        self, acl: Acl, protocol: str, bits: int, wanted: Ranges, *, inbound: bool, about: Ranges | None
    ) -> Step:
        strict = self.acl(acl, protocol, bits, inbound=inbound, lenient=False)
        way = "in" if inbound else "out"

        def tell(query: Query, left: Ranges) -> Sequence[Hop]:
            return (self._acl_hop(acl, "reply", query, left if about is None else about, wanted, inbound=inbound),)

        def weigh(query: Query, left: Ranges) -> Sequence[Truth]:  # noqa: ARG001
            return _acl_doubts(acl, protocol, bits, wanted, inbound=inbound)

        change = f"an entry of {acl.address} that lets replies {way} to ports {named(wanted.parts[0])}"
        admitted, may = (
            self._replies(acl, protocol, bits, wanted, inbound=inbound, lenient=lenient) for lenient in (False, True)
        )
        return Step(admitted, may, tell, weigh, change, lambda left: _missing(strict, wanted, left), about)

    def _acl_hop(self, acl: Acl, what: str, query: Query, left: Ranges, ports: Ranges, *, inbound: bool) -> Hop:
        """What a list says about some addresses and ports: the same for all who stand behind it."""
        key = ("says", acl, what, inbound, query.protocol, query.bits, ports, left)
        named_ = f"{what} {'in' if inbound else 'out'}"
        return self._once(key, lambda: _acl_hop(acl, named_, query, left, ports, inbound=inbound))

    def _replies(self, acl: Acl, protocol: str, bits: int, wanted: Ranges, *, inbound: bool, lenient: bool) -> Flows:
        """Whose replies a list lets through on some of the ports that are wanted, whatever was asked for."""
        flows = self.acl(acl, protocol, bits, inbound=inbound, lenient=lenient)
        key = ("replies", acl, protocol, bits, inbound, lenient or acl.settled, wanted)
        return self._once(key, lambda: box(flows.addresses_using(wanted)))

    def answered(self, acl: Acl, protocol: str, bits: int, client: tuple[int, int]) -> Flows:
        """The requests that may be let in by a list whose replies it may let out."""
        requests = self.acl(acl, protocol, bits, inbound=True, lenient=True)
        replies = self._replies(acl, protocol, bits, wanted_reply(protocol, client), inbound=False, lenient=True)
        return self._once(("answered", acl, protocol, bits, client), lambda: requests & replies)

    # Security groups

    def group(
        self,
        interface: Interface,
        protocol: str,
        bits: int,
        *,
        inbound: bool,
        other: Interface | None = None,
        about: Ranges | None = None,
        world: bool = False,
    ) -> Step:
        """The groups of an interface, in the direction in which the connection starts."""
        if interface.open_groups:
            whole = every(bits)
            return Step(whole, whole, lambda query, left: (Hop(interface.owner.address, "no security group"),))  # noqa: ARG005
        member = nobody if other is None else self.carries(other)
        named_ = () if other is None else tuple(sorted(keys(other.groups)))
        groups = interface.groups

        settled = other is None and all(it.settled for it in groups)

        def admitted(*, lenient: bool) -> Flows:
            key = ("groups", tuple(it.key for it in groups), protocol, bits, inbound, lenient, named_, world)
            return self._once(
                key,
                lambda: union(
                    permitted(groups, protocol, bits, inbound=inbound, lenient=lenient, member=member, world=world)
                ),
            )

        def tell(query: Query, left: Ranges) -> Sequence[Hop]:
            return self._group_hops(interface, query, left if about is None else about, member, inbound=inbound)

        def weigh(query: Query, left: Ranges) -> Sequence[Truth]:
            return _group_doubts(groups, query, left, member, inbound=inbound, about=about)

        names = ", ".join(it.key for it in groups)
        change = f"a rule of {names} that lets it {'in' if inbound else 'out'}"
        may = admitted(lenient=True)
        return Step(may if settled else admitted(lenient=False), may, tell, weigh, change, about=about)

    def opened(self, interface: Interface, protocol: str, bits: int, *, lenient: bool) -> list[Box]:
        """What the groups of an interface let in from the internet, permission by permission."""
        if interface.open_groups:
            return [(everything(bits), PORTS)]
        return permitted(interface.groups, protocol, bits, inbound=True, lenient=lenient, world=True)

    def carries(self, other: Interface) -> Member:
        """Whether an interface carries the group that a permission names."""
        carried = keys(other.groups)

        def member(permit: Permit, group: Group) -> bool | None:
            assert permit.group is not None
            key, why = self.interfaces.groups.key(permit.group, group)
            if key in carried:
                return True
            return None if why is not None else False

        return member

    def _group_hops(
        self, interface: Interface, query: Query, left: Ranges, member: Member, *, inbound: bool
    ) -> Sequence[Hop]:
        way = "in" if inbound else "out"
        found: list[tuple[int, Hop]] = []
        for permit, group in _permits(interface.groups, query, member, inbound=inbound):
            addresses = everything(query.bits) if permit.addresses is None else permit.addresses
            size = left.overlap(addresses)
            if size and permit.certain:
                because = permit.because or _apart(permit, group)
                hop = Hop(group.key, permit.said, permit.span, because, source=permit.source)
                found.append((size, hop))
        if found:
            # What alone is enough tells it; only where the parts add up all of them do.
            found.sort(key=lambda it: -it[0])
            enough = found[0][0] >= left.size or (query.world and found[0][0] > WORLD[query.bits])
            return [hop for size, hop in found if not enough or size == found[0][0]]
        names = ", ".join(it.key for it in interface.groups)
        span = next((it.span for it in interface.groups if it.span.line), interface.owner.span)
        if any(it.doubt is not None for it in interface.groups):
            return (Hop(names, f"{way}: a group that is not in these sources may let {_asked(query)}", span),)
        meant_ = _permits(interface.groups, query, member, inbound=inbound)
        doubtful = next((it for it in meant_ if not it[0].certain), None)
        if doubtful is not None:
            return (Hop(doubtful[1].key, doubtful[0].said, doubtful[0].span),)
        return (Hop(names, f"{way}: no rule for {_asked(query)}", span),)

    # Ways out of the VPC

    def route(self, subnet: Subnet, bits: int, kinds: tuple[str, ...], what: str) -> Step:
        """The subnet's route for the other side's address, to a working gate of some kinds."""
        key = ("route", subnet.table, bits, kinds, what)

        def wanted(gate: Gate) -> Truth:
            return middlebox.leads(self.topology, gate, bits, *kinds)

        return self._once(key, lambda: _route(subnet.table, bits, wanted, what))

    def comes_in(self, subnet: Subnet, bits: int, kind: str) -> Step:
        """The table of the gateway that a connection comes in through, if it has one."""
        return self._once(("enters", subnet, bits, kind), lambda: self._comes_in(subnet, bits, kind))

    def _comes_in(self, subnet: Subnet, bits: int, kind: str) -> Step:
        straight = middlebox.comes_in(self.topology, subnet, bits, kind)
        if straight.state is State.YES:
            return PASSED
        return from_truth(straight, _first_resource(straight), _first(straight), "")

    def route_where(
        self, subnet: Subnet, bits: int, wanted: Callable[[Gate], Truth], what: str, about: Ranges | None = None
    ) -> Step:
        """The subnet's route for the other side's address, or for a neighbour's, to a gate that satisfies a claim."""
        return _route(subnet.table, bits, wanted, what, about)


def _route(table: Table, bits: int, wanted: routes.Wanted, what: str, about: Ranges | None = None) -> Step:
    strict, lenient = (box(routes.leading(table, bits, wanted, lenient=lenient)) for lenient in (False, True))
    told: dict[Ranges, Sequence[Hop]] = {}

    def tell(query: Query, left: Ranges) -> Sequence[Hop]:  # noqa: ARG001
        left = left if about is None else about
        found = told.get(left)
        if found is None:
            found = told[left] = _route_hops(table, bits, left, wanted, what)
        return found

    def weigh(query: Query, left: Ranges) -> Sequence[Truth]:  # noqa: ARG001
        return routes.doubts(table, bits, wanted)

    change = f"a route of {table.address or 'the subnet'} for these addresses to a working gate"
    return Step(strict, strict if strict == lenient else lenient, tell, weigh, change, about=about)


def _apart(permit: Permit, group: Group) -> str:
    return permit.resource if permit.resource != group.key else ""


def _asked(query: Query) -> str:
    if query.protocol in _CARRIED:
        return f"{query.protocol} {query.port}"
    return f"{query.protocol} type {query.port >> 8}" if query.protocol in _ECHO else query.protocol


def _permits(groups: Sequence[Group], query: Query, member: Member, *, inbound: bool) -> Iterator[tuple[Permit, Group]]:
    """The permissions that may be about what is asked."""
    for group in groups:
        for permit in group.inbound if inbound else group.outbound:
            ports = PORTS if permit.ports is None else permit.ports
            if not meant(permit, query.protocol, query.bits, world=query.world) or not holds(ports, query.port):
                continue
            if permit.group is None or member(permit, group) is not False:
                yield permit, group


def _group_doubts(
    groups: Sequence[Group], query: Query, left: Ranges, member: Member, *, inbound: bool, about: Ranges | None
) -> Sequence[Truth]:
    """The unknown parts of groups that decide: those without which nothing would pass, or all together."""
    elsewhere = [it.doubt for it in groups if it.doubt is not None]
    unsure = [it for it, _ in _permits(groups, query, member, inbound=inbound) if not it.certain]
    if about is not None and not unsure and not elsewhere:
        return (unknown("the address of the other side is not fixed"),)
    needed = []
    for permit in unsure if not elsewhere else ():
        others = permitted(
            groups, query.protocol, query.bits, inbound=inbound, lenient=True, member=member, world=query.world,
            without=permit,
        )  # fmt: skip
        if not query.met_by(union(others).addresses(query.port) & left):
            needed.append(permit.sure)
    return [*elsewhere, *(needed or [it.sure for it in unsure])]


def _acl_doubts(acl: Acl, protocol: str, bits: int, ports: Ranges, *, inbound: bool) -> Sequence[Truth]:
    if acl.doubt is not None:
        return (acl.doubt,)
    entries = acl.inbound if inbound else acl.outbound
    found = [it.doubt for it in entries if not it.complete and _touches(it, protocol, bits, ports)]
    return found or (unknown("the address of the other side is not fixed"),)


def _touches(entry: Packets, protocol: str, bits: int, ports: Ranges) -> bool:
    return (
        entry.protocol in (None, "-1", protocol)
        and entry.bits in (None, bits)
        and (entry.ports is None or ports.meets(Ranges((entry.ports,))))
    )


def _acl_hop(acl: Acl, what: str, query: Query, left: Ranges, ports: Ranges, *, inbound: bool) -> Hop:
    """The entry that decides about most of what is asked, in words."""
    if acl.doubt is not None:
        return Hop(acl.address or "a network ACL", f"{what}: {_first(acl.doubt)}", acl.span)
    for entry in acl.inbound if inbound else acl.outbound:
        addresses = everything(query.bits) if entry.addresses is None else entry.addresses
        if not _touches(entry, query.protocol, query.bits, ports) or not addresses.meets(left):
            continue
        if not entry.allows and not covers(addresses, left):
            continue
        if not entry.allows and not covers(Ranges((entry.ports,)) if entry.ports else PORTS, ports):
            continue
        verb = "may decide about" if not entry.complete else "allows" if entry.allows else "denies"
        text = f"{what}: {entry.name.replace('entry', 'rule')} {verb} {_words(entry, query.protocol, inbound=inbound)}"
        return Hop(acl.address, text, entry.span, entry.address if entry.address != acl.address else "")
    return Hop(acl.address, f"{what}: no rule allows {_span_of(query.protocol, ports)}", acl.span)


def _words(entry: Packets, protocol: str, *, inbound: bool) -> str:
    if entry.protocol == "-1":
        text = "everything"
    elif entry.ports is None or entry.protocol not in _CARRIED:
        text = entry.protocol or protocol
    else:
        text = f"{entry.protocol} {named(entry.ports)}"
    if entry.addresses is None or entry.bits is None:
        return f"{text} {'from' if inbound else 'to'} an unknown range"
    low, high = entry.addresses.parts[0]
    block = f"{show_address(low, entry.bits)}/{entry.bits - (high - low + 1).bit_length() + 1}"
    block = SENSITIVE if entry.sensitive else block
    return f"{text} {'from' if inbound else 'to'} {block}"


def _span_of(protocol: str, ports: Ranges) -> str:
    return f"{protocol} {named(ports.parts[0])}" if protocol in _CARRIED and ports.parts else protocol


def _first_resource(truth: Truth) -> str:
    return next((it.resource for it in truth.because if it.resource), "")


def _first(truth: Truth) -> str:
    return next((it.text for it in truth.because if it.text), "it is not known")


def _missing(flows: Flows, wanted: Ranges, remote: Ranges) -> float:
    """The share of a client's ports to which no reply gets through, for the addresses that are answered at all."""
    addresses = flows.addresses_using(wanted) & remote
    cells = [ports for low, high, ports in flows.cells if Ranges(((low, high),)) & addresses]
    return min(((wanted - ports).size / wanted.size for ports in cells), default=0.0)


def _route_hops(table: Table, bits: int, left: Ranges, wanted: routes.Wanted, what: str) -> Sequence[Hop]:
    if table.doubt is not None:
        return (Hop(table.address or "the route table", f"{what}{_first(table.doubt)}", table.span),)
    biggest: tuple[int, Sequence[Hop]] | None = None
    for addresses, route in routes.regions(table, bits):
        size = left.overlap(addresses)
        if not size:
            continue
        text = f"{what}{route.said}"
        answer = wanted(route.gate)
        if answer.state is State.NO and answer.because:
            text += f", but {_first(answer)}"
        hop = Hop(table.address, text, route.span, route.gate.address)
        if biggest is None or size > biggest[0]:
            biggest = size, (*_gate_hop(route.gate, answer), hop)
    loose = next((it for it in table.routes if it.addresses is None and it.bits in (None, bits)), None)
    if biggest is not None:
        return biggest[1]
    if loose is not None:
        return (Hop(table.address, f"{what}{loose.said}", loose.span, loose.gate.address),)
    return (Hop(table.address, f"{what}no route leads there", table.span),)


def _gate_hop(gate: Gate, answer: Truth) -> Sequence[Hop]:
    if gate.declared is None or answer.state is not State.YES or not answer.because:
        return ()
    return (Hop(gate.address, _first(answer), gate.declared.span),)


def steps(view: View) -> Steps:
    """The steps of a view."""
    found = view.memo.get(Steps)
    if not isinstance(found, Steps):
        found = view.memo[Steps] = Steps(view)
    return found
