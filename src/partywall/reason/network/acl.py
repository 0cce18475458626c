"""Network ACLs as nodes: which list stands before a subnet, and what AWS's own lists say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from partywall.address import V4, V6, everything
from partywall.aws.network_acl import ACLS, AclEntry, NetworkAcl, Packets
from partywall.aws.resource import Resource
from partywall.aws.vpc import ASSOCIATIONS, SUBNETS
from partywall.declared import Declared
from partywall.graph import View
from partywall.immutable import immutable
from partywall.reason.network.node import Vpc, resolve
from partywall.source import NOWHERE, Span
from partywall.truth import State, Truth
from partywall.value import Known, doubt, settle


@immutable(eq=False, slots=False)
class Acl:
    """The list before a subnet; without a declaration the VPC's default one."""

    address: str
    span: Span
    inbound: tuple[Packets, ...]
    outbound: tuple[Packets, ...]
    doubt: Truth | None = None
    declared: Declared | None = None

    @cached_property
    def settled(self) -> bool:
        """Whether all of it is known."""
        return self.doubt is None and all(it.complete for it in (*self.inbound, *self.outbound))


def _default_entries(address: str, span: Span) -> tuple[Packets, ...]:
    return tuple(
        Packets(number, True, "-1", (0, 65535), everything(bits), bits, span, address)  # noqa: FBT003 - it allows
        for number, bits in ((100, V4), (101, V6))
    )


class Acls:
    """The lists of one view, found by the declaration they come from."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._found: dict[str, Acl] = {}

    @cached_property
    def _named(self) -> dict[str, list[tuple[Declared | None, Truth, Truth | None]]]:
        """For each subnet the lists that are put before it; under "" those that may be put before any."""
        found: dict[str, list[tuple[Declared | None, Truth, Truth | None]]] = defaultdict(list)
        for acl in self.view.of(ACLS):
            for item in Resource(self.view, acl).elements((), "subnet_ids"):
                subnet, why = resolve(self.view, item, SUBNETS, "the subnet")
                if subnet is not None:
                    found[subnet.address].append((acl, self.view.exists(acl), None))
                elif why is not None and not isinstance(settle(item, self.view.world), Known):
                    found[""].append((acl, why, None))
        for kind, (subnet_name, acl_name) in ASSOCIATIONS.items():
            for declared in self.view.of((kind,)):
                own = Resource(self.view, declared)
                subnet, why = resolve(self.view, own.read(subnet_name, subnet_name), SUBNETS, "the subnet")
                acl_, acl_why = resolve(self.view, own.read(acl_name, acl_name), ACLS, "the network ACL")
                if subnet is not None:
                    found[subnet.address].append((acl_, self.view.exists(declared), acl_why))
        return found

    def before(self, subnet: Declared, vpc: Vpc) -> Acl:
        """The list before a declared subnet."""
        for acl, holds, why in (*self._named.get(subnet.address, ()), *self._named.get("", ())):
            if holds.state is State.UNKNOWN or why is not None:
                return Acl("", NOWHERE, (), (), holds if why is None else why)
            if acl is not None:
                return self.of(acl)
        return self.default(vpc)

    def of(self, declared: Declared) -> Acl:
        """The node of a declared network ACL."""
        found = self._found.get(declared.address)
        if found is None:
            own = NetworkAcl(self.view, declared)
            missing = declared.more
            why = None if missing is None else doubt(missing, "the entries", declared.address)
            found = Acl(declared.address, declared.span, own.inbound, own.outbound, why, declared)
            self._found[declared.address] = found
        return found

    def default(self, vpc: Vpc) -> Acl:
        """The list of subnets that are given no other: it lets everything through, unless its entries were replaced."""
        found = self._found.get(f"default {vpc.key}")
        if found is None:
            found = self._found[f"default {vpc.key}"] = self._default(vpc)
        return found

    def _default(self, vpc: Vpc) -> Acl:
        name = f"the default network ACL of {vpc.key}"
        if vpc.declared is None:
            entries = _default_entries("", NOWHERE)
            entries = entries if vpc.is_default else ()
            return Acl(name, NOWHERE, entries, entries, vpc.doubt)
        for declared in self.view.of(("aws_default_network_acl",)):
            value = Resource(self.view, declared).read((), "default_network_acl_id")
            if any(it.address == vpc.declared.address for it in value.references):
                return self.of(declared)
        lists: dict[bool, list[Packets]] = {True: [], False: []}
        for outbound in (True, False):
            lists[outbound] += _default_entries(vpc.declared.address, vpc.declared.span)
        for entry, packets in self._entries_of_default(vpc.declared):
            for outbound in (True, False):
                if not isinstance(entry.egress, Known) or entry.egress.it is outbound:
                    lists[outbound].append(packets)
        ordered = {it: tuple(sorted(lists[it], key=lambda one: (one.number is None, one.number or 0))) for it in lists}
        return Acl(name, vpc.declared.span, ordered[False], ordered[True])

    def _entries_of_default(self, vpc: Declared) -> Iterator[tuple[AclEntry, Packets]]:
        for declared in self.view.of(("AWS::EC2::NetworkAclEntry", "aws_network_acl_rule")):
            entry = AclEntry(self.view, declared)
            value = entry.read("NetworkAclId", "network_acl_id")
            if any(it.address == vpc.address for it in value.references):
                yield entry, entry.packets
