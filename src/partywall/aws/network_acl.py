"""Network ACLs: numbered, stateless lists at the edge of subnets; the first entry that matches decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Self, TypeVar

from partywall.address import V4, V6, Ranges, block
from partywall.aws.ports import PortRange, as_protocol, bounds, icmp_range
from partywall.aws.resource import INFRASTRUCTURE, Attribute, Resource, as_bool, as_int, as_text
from partywall.graph import View
from partywall.immutable import immutable
from partywall.source import Span
from partywall.truth import NONE as NONE_MET
from partywall.truth import YES, State, Truth, unknown
from partywall.value import Known, Setting, Unknown, Value, is_marked, variables

ACLS = ("AWS::EC2::NetworkAcl", "aws_network_acl", "aws_default_network_acl")
ALONE = ("AWS::EC2::NetworkAclEntry", "aws_network_acl_rule")
MAX_ENTRIES = 100
"""So many entries of a direction count. AWS admits 40 at most (Amazon VPC quotas, "Rules per network ACL")."""
T = TypeVar("T")


@immutable()
class Packets:
    """What one entry matches, as far as it is known; None where a part is unknown.

    Of a `sensitive` range the addresses are not told.
    """

    number: int | None
    allows: bool | None
    protocol: str | None
    ports: PortRange | None
    addresses: Ranges | None
    bits: int | None
    span: Span
    address: str
    why: str = ""
    belongs: Truth = YES
    sensitive: bool = False

    @property
    def certain(self) -> bool:
        """Whether every part but its number is known, and that it belongs to its list."""
        return None not in (self.allows, self.protocol, self.ports, self.addresses) and self.belongs.state is State.YES

    @property
    def complete(self) -> bool:
        """Whether every part is known, its place among the others included."""
        return self.certain and self.number is not None

    @property
    def doubt(self) -> Truth:
        """What is not known about it, with the variables that hang on it."""
        if self.belongs.state is State.UNKNOWN:
            return self.belongs
        return unknown(f"{self.name} is not known: {self.why}", self.span, self.address, self.belongs.variables)

    @property
    def name(self) -> str:
        """What people call it."""
        return "an entry" if self.number is None else f"entry {self.number}"

    def may_match(self, protocol: str, port: int, bits: int) -> bool:
        """Whether it may be about packets of a protocol to a port; what is unknown may."""
        same = self.protocol in (None, "-1", protocol)
        family = self.bits in (None, bits)
        return (
            same and family and (self.ports is None or self.protocol == "-1" or self.ports[0] <= port <= self.ports[1])
        )


_NO_RANGE: Unknown[int] = Unknown("no range of ports is given, which AWS wants for TCP and UDP")
"""EC2 API reference, CreateNetworkAclEntry; Terraform's provider sends 0 for a port that is left out."""


class AclEntry(Resource, service="vpc", model=INFRASTRUCTURE):
    """One numbered entry, inline or declared alone."""

    number = Attribute("RuleNumber", ("rule_no", "rule_number"), as_int, "a number", Unknown("no number is given"))
    action = Attribute(
        "RuleAction", ("action", "rule_action"), as_text, "allow or deny", Unknown("it says neither allow nor deny")
    )
    protocol = Attribute("Protocol", "protocol", as_protocol, "a protocol", Unknown("no protocol is given"))
    first = Attribute("PortRange.From", "from_port", as_int, "a port", _NO_RANGE, 0)
    last = Attribute("PortRange.To", "to_port", as_int, "a port", _NO_RANGE, 0)
    icmp_type = Attribute("Icmp.Type", "icmp_type", as_int, "an ICMP type", -1, 0)
    icmp_code = Attribute("Icmp.Code", "icmp_code", as_int, "an ICMP code", -1, 0)
    egress = Attribute("Egress", "egress", as_bool, "true or false", default=False)

    @property
    def block(self) -> Setting:
        """The addresses on the other side, of either family."""
        return self.read(("CidrBlock", "Ipv6CidrBlock"), ("cidr_block", "ipv6_cidr_block"))

    @property
    def packets(self) -> Packets:
        """What it matches."""
        other_side, carried, low, high = self.block, self.protocol, self.first, self.last
        number, verb = self.number, self.action
        protocol, first, last, action = _it(carried), _it(low), _it(high), _it(verb)
        found: PortRange | None = None
        if protocol in ("tcp", "udp"):
            found = bounds(first, last) if first is not None and last is not None else None
        elif protocol in ("icmp", "icmpv6"):
            found = icmp_range(_it(self.icmp_type), _it(self.icmp_code))
        elif protocol is not None:
            found = (0, 65535)
        addresses, bits = _addresses(other_side)
        ports = (low, high) if protocol in (None, "tcp", "udp") else ()
        parts = (other_side, carried, *ports, number, verb)
        open_ = [it for it in parts if not isinstance(it, Known)]
        why = open_[0].why if open_ and isinstance(open_[0], Unknown) else "it depends on a condition" if open_ else ""
        met = NONE_MET.union(*(variables(it) for it in open_))
        place = other_side.span if other_side.span.line else self.span
        return Packets(
            _it(number), None if action is None else action.lower() == "allow", protocol, found, addresses, bits,
            place,
            self.declared.address, why, replace(YES, variables=met), is_marked(other_side),
        )  # fmt: skip


def _it(value: Value[T]) -> T | None:
    return value.it if isinstance(value, Known) else None


def _addresses(value: Setting) -> tuple[Ranges | None, int | None]:
    if not isinstance(value, Known) or not isinstance(value.it, str):
        return None, None
    try:
        return block(value.it)
    except ValueError:
        return None, None


class NetworkAcl(
    Resource,
    service="vpc",
    model=INFRASTRUCTURE,
    cloudformation=("AWS::EC2::NetworkAcl", "AWS::EC2::NetworkAclEntry"),
    terraform=("aws_network_acl", "aws_default_network_acl", "aws_network_acl_rule"),
):
    """A list with its entries, wherever they are declared; entries of a list from elsewhere stand alone."""

    kin = ACLS

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Declared lists, then entries whose list is not declared here."""
        for declared in view.of(ACLS):
            yield cls(view, declared)
        for declared in view.of(ALONE):
            value = Resource(view, declared).read("NetworkAclId", "network_acl_id")
            if view.target(value, ACLS) is None:
                yield cls(view, declared)

    @property
    def is_list(self) -> bool:
        """Whether it is a declared list and not a lone entry."""
        return self.declared.type in ACLS

    @cached_property
    def inbound(self) -> tuple[Packets, ...]:
        """Entries for what comes in, by number."""
        return self._entries(egress=False)

    @cached_property
    def outbound(self) -> tuple[Packets, ...]:
        """Entries for what goes out, by number."""
        return self._entries(egress=True)

    def _entries(self, *, egress: bool) -> tuple[Packets, ...]:
        found: list[Packets] = []
        if not self.is_list:
            entry = AclEntry(self.view, self.declared)
            if _it(entry.egress) in (egress, None):
                found.append(entry.packets)
            return tuple(found)
        name = "egress" if egress else "ingress"
        found += [AclEntry(self.view, self.declared, element).packets for element in self.elements((), name)]
        for link in self.companions(
            {"AWS::EC2::NetworkAclEntry": "NetworkAclId", "aws_network_acl_rule": "network_acl_id"}
        ):
            entry = AclEntry(self.view, link.declared)
            if _it(entry.egress) in (egress, None):
                packets = entry.packets
                found.append(replace(packets, belongs=packets.belongs & link.holds))
        found.sort(key=lambda it: (it.number is None, it.number or 0))
        return _bounded(found)


def _bounded(entries: Sequence[Packets]) -> tuple[Packets, ...]:
    """The first entries, and after them one that may do anything where there are more than count."""
    if len(entries) <= MAX_ENTRIES:
        return tuple(entries)
    rest = entries[MAX_ENTRIES]
    why = f"the list has {len(entries)} entries in one direction, of which {MAX_ENTRIES} count and AWS admits 40"
    last = Packets(rest.number, None, None, None, None, None, rest.span, rest.address, why)
    return (*entries[:MAX_ENTRIES], last)


def cuts(entries: Sequence[Packets], protocol: str, low: int, high: int) -> list[int]:
    """One port of every stretch within which all entries agree."""
    points = {low}
    for entry in entries:
        if entry.ports is not None and entry.protocol in (protocol, "-1"):
            points |= {entry.ports[0], entry.ports[1] + 1}
    return sorted(point for point in points if low <= point <= high)


FAMILIES = (V4, V6)
