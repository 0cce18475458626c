"""The network of a deployment: VPCs, subnets with their table and list, gateways; gathered once per view.

What is only named, not declared, is a node too: its `doubt` says why nothing more is known about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from partywall.address import V4, V6, Ranges, everything, parsed_block, ranges
from partywall.aws.gateway import BlockPublicAccess, NatGateway, excluded
from partywall.aws.network_acl import ACLS, AclEntry, NetworkAcl, Packets
from partywall.aws.resource import Resource
from partywall.aws.route import TABLES, AnyRoute, RouteTable, explicit_table, main_routes, main_table
from partywall.aws.vpc import ASSOCIATIONS, SUBNETS, VPCS
from partywall.aws.vpc import Subnet as SubnetResource
from partywall.declared import Declared
from partywall.graph import View
from partywall.reason.network.gates import VPN, Gate, TableRoute, internet_route, local_route, table_routes
from partywall.reason.network.node import Vpc, resolve
from partywall.source import NOWHERE, Span
from partywall.truth import NO, YES, State, Truth, any_of, unknown, yes
from partywall.value import Known, Setting, Unknown, doubt, settle, shown


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The routes of a subnet; without a declaration it is the VPC's main table."""

    address: str
    span: Span
    vpc: Vpc
    routes: tuple[TableRoute, ...]
    doubt: Truth | None = None


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, slots=True, eq=False)
class Subnet:
    """A subnet with what decides about its traffic."""

    key: str
    declared: Declared | None
    vpc: Vpc
    blocks: dict[int, Ranges]
    table: Table
    acl: Acl
    public_on_launch: Truth
    ipv6_on_launch: Truth
    doubt: Truth | None = None

    @property
    def span(self) -> Span:
        """Where it is declared."""
        return NOWHERE if self.declared is None else self.declared.span


def _default_entries(address: str, span: Span) -> tuple[Packets, ...]:
    return tuple(
        Packets(number, True, "-1", (0, 65535), everything(bits), bits, span, address)  # noqa: FBT003 - it allows
        for number, bits in ((100, V4), (101, V6))
    )


class Topology:
    """Every node of one view, found by the declaration it comes from."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._vpcs: dict[str, Vpc] = {}
        self._tables: dict[str, Table] = {}
        self._acls: dict[str, Acl] = {}
        self._subnets: dict[str, Subnet] = {}

    @cached_property
    def default_vpc(self) -> Vpc:
        """The VPC that AWS made, where things stand that name no subnet."""
        block = parsed_block("172.31.0.0/16")
        assert block is not None
        return Vpc("the default VPC", None, {V4: block[0]}, is_default=True)

    def vpc(self, value: Setting) -> Vpc:
        """The VPC that a value names; the default one where it names none."""
        declared, why = resolve(self.view, value, VPCS, "the VPC")
        if declared is not None:
            return self.vpc_of(declared)
        if why is None:
            return self.default_vpc
        key = f"the VPC given by {value.why}" if isinstance(value, Unknown) else shown(value)
        key += "".join(f" {it.address}.{it.attribute}" for it in value.references)
        found = self._vpcs.get(key)
        if found is None:
            found = self._vpcs[key] = Vpc(key, None, {}, doubt=why, open_blocks=True)
        return found

    def vpc_of(self, declared: Declared) -> Vpc:
        """The node of a declared VPC."""
        found = self._vpcs.get(declared.address)
        if found is None:
            found = self._vpcs[declared.address] = self._vpc(declared)
        return found

    def _vpc(self, declared: Declared) -> Vpc:
        if declared.type == "aws_default_vpc":
            return replace(self.default_vpc, key=declared.address, declared=declared)
        own = Resource(self.view, declared)
        values = [*own.elements("CidrBlock", ("cidr_block", "ipv6_cidr_block"))]
        keys = {
            "AWS::EC2::VPCCidrBlock": "VpcId", "aws_vpc_ipv4_cidr_block_association": "vpc_id",
            "aws_vpc_ipv6_cidr_block_association": "vpc_id",
        }  # fmt: skip
        for link in own.companions(keys, ("id",)):
            names = ("cidr_block", "ipv6_cidr_block")
            values += Resource(self.view, link.declared).elements(("CidrBlock", "Ipv6CidrBlock"), names)
        blocks, open_blocks = _blocks(values)
        return Vpc(declared.address, declared, blocks, open_blocks=open_blocks)

    @cached_property
    def subnets(self) -> tuple[Subnet, ...]:
        """Every declared subnet, by address."""
        declared = sorted(self.view.of(SUBNETS), key=lambda it: it.address)
        return tuple(self.subnet_of(it) for it in declared)

    @cached_property
    def behind(self) -> dict[Acl, tuple[Subnet, ...]]:
        """The declared subnets behind each list."""
        found: dict[Acl, list[Subnet]] = defaultdict(list)
        for subnet in self.subnets:
            found[subnet.acl].append(subnet)
        return {acl: tuple(held) for acl, held in found.items()}

    @cached_property
    def translating(self) -> frozenset[str]:
        """The keys of subnets in which a NAT gateway stands."""
        return frozenset(self.subnet(it.subnet).key for it in NatGateway.subjects(self.view))

    def subnet(self, value: Setting) -> Subnet:
        """The subnet that a value names; one of the default VPC where it names none."""
        declared, why = resolve(self.view, value, SUBNETS, "the subnet")
        if declared is not None:
            return self.subnet_of(declared)
        if why is None:
            return self.default_subnet
        return self.elsewhere(why, shown(value))

    @staticmethod
    def elsewhere(why: Truth, name: str = "a subnet from elsewhere") -> Subnet:
        """A subnet of which nothing is known but its name."""
        vpc = Vpc("elsewhere", None, {}, doubt=why, open_blocks=True)
        table = Table("", NOWHERE, vpc, (), why)
        return Subnet(name, None, vpc, {}, table, Acl("", NOWHERE, (), (), why), why, why, why)

    @cached_property
    def default_subnet(self) -> Subnet:
        """A subnet of the default VPC: a public address for everyone, a way to the internet, no list to speak of."""
        return self._default_subnet(None)

    def _default_subnet(self, declared: Declared | None) -> Subnet:
        vpc = self.default_vpc
        address = "the default VPC" if declared is None else declared.address
        routes = (*(local_route(it, bits) for bits, it in vpc.blocks.items()), internet_route(V4))
        table = Table(f"the main route table of {vpc.key}", NOWHERE, vpc, routes)
        entries = _default_entries("", NOWHERE)
        acl = Acl("the default network ACL", NOWHERE, entries, entries)
        given = yes("subnets of the default VPC give public addresses")
        if declared is not None:
            given = SubnetResource(self.view, declared).gives_public_addresses
        return Subnet(address, declared, vpc, vpc.blocks, table, acl, given, NO)

    def subnet_of(self, declared: Declared) -> Subnet:
        """The node of a declared subnet."""
        found = self._subnets.get(declared.address)
        if found is None:
            found = self._subnets[declared.address] = self._subnet(declared)
        return found

    def _subnet(self, declared: Declared) -> Subnet:
        if declared.type == "aws_default_subnet":
            return self._default_subnet(declared)
        own = SubnetResource(self.view, declared)
        vpc = self.vpc(own.read("VpcId", "vpc_id"))
        values = [*own.elements(("CidrBlock", "Ipv6CidrBlock"), ("cidr_block", "ipv6_cidr_block"))]
        for link in own.companions({"AWS::EC2::SubnetCidrBlock": "SubnetId"}, ("id",)):
            values += Resource(self.view, link.declared).elements("Ipv6CidrBlock", ())
        blocks, _ = _blocks(values)
        return Subnet(
            declared.address, declared, vpc, blocks, self._table_of(declared, vpc), self._acl_of(declared, vpc),
            own.gives_public_addresses, own.gives_ipv6_addresses,
        )  # fmt: skip

    # Route tables

    def _table_of(self, subnet: Declared, vpc: Vpc) -> Table:
        for value, holds, _ in explicit_table(self.view, subnet):
            table, why = resolve(self.view, value, TABLES, "the route table")
            if holds.state is State.NO or (table is None and why is None):
                continue
            if holds.state is State.UNKNOWN:
                return Table("", NOWHERE, vpc, (), holds)
            return self.table(table) if table is not None else Table("", NOWHERE, vpc, (), why)
        return self.main_table(vpc)

    def main_table(self, vpc: Vpc) -> Table:
        """The table of subnets that no association gives another: `local` only, unless Terraform opened it."""
        found = self._tables.get(f"main {vpc.key}")
        if found is None:
            found = self._tables[f"main {vpc.key}"] = self._main_table(vpc)
        return found

    def _main_table(self, vpc: Vpc) -> Table:
        name = f"the main route table of {vpc.key}"
        if vpc.is_default:
            return self.default_subnet.table
        if vpc.declared is None:
            return Table(name, NOWHERE, vpc, (), vpc.doubt)
        for value, holds, _ in main_table(self.view, vpc.declared):
            table, why = resolve(self.view, value, TABLES, "the route table")
            if table is not None and holds.state is State.YES:
                return self.table(table)
            if holds.state is not State.NO:
                return Table(name, NOWHERE, vpc, (), holds if why is None else why)
        for declared in self.view.of(("aws_default_route_table",)):
            if any(it.address == vpc.declared.address for it in RouteTable(self.view, declared).vpc.references):
                return self.table(declared)
        routes = [*self._local(vpc), *self._of_main(vpc)]
        return Table(name, vpc.declared.span, vpc, tuple(routes))

    def table(self, declared: Declared) -> Table:
        """The node of a declared route table."""
        found = self._tables.get(declared.address)
        if found is None:
            own = RouteTable(self.view, declared)
            vpc = self._vpc_of_table(own)
            routes = list(self._local(vpc))
            for route, holds in own.routes:
                routes += table_routes(self.view, vpc, self.vpc, route, holds)
            routes += self._propagated(own)
            if own.is_main and vpc.declared is not None:
                routes += self._of_main(vpc)
            missing = declared.more
            why = None if missing is None else doubt(missing, "the routes", declared.address)
            found = self._tables[declared.address] = Table(declared.address, declared.span, vpc, tuple(routes), why)
        return found

    def vpc_of_route(self, route: AnyRoute) -> Vpc:
        """The VPC of the table that a declared route belongs to."""
        table, why = resolve(self.view, route.table, TABLES, "the route table")
        if table is not None:
            return self.table(table).vpc
        owner = self.view.target(route.table, VPCS)
        if owner is not None:
            return self.vpc_of(owner)
        return Vpc("elsewhere", None, {}, doubt=self.default_subnet.public_on_launch if why is None else why)

    def _vpc_of_table(self, own: RouteTable) -> Vpc:
        target = self.view.target(own.vpc, VPCS)
        return self.vpc_of(target) if target is not None else self.vpc(own.vpc)

    def _local(self, vpc: Vpc) -> Iterator[TableRoute]:
        for bits, addresses in sorted(vpc.blocks.items()):
            yield local_route(addresses, bits)

    def _of_main(self, vpc: Vpc) -> Iterator[TableRoute]:
        for route in main_routes(self.view, vpc.declared) if vpc.declared is not None else ():
            yield from table_routes(self.view, vpc, self.vpc, route, YES)

    def _propagated(self, own: RouteTable) -> Iterator[TableRoute]:
        """What a VPN gateway teaches the table: nobody knows before the far side speaks, so it may be anything."""
        for value, holds in own.propagating:
            why = unknown("the routes that the VPN gateway propagates are learnt at run time", value.span)
            gate = Gate(VPN, "", "a VPN gateway", value.span, holds)
            yield TableRoute(None, None, gate, value.span, own.declared.address, "propagated routes", why, learnt=True)

    # Network ACLs

    @cached_property
    def _acl_names(self) -> dict[str, list[tuple[Declared | None, Truth, Truth | None]]]:
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

    def _acl_of(self, subnet: Declared, vpc: Vpc) -> Acl:
        for acl, holds, why in (*self._acl_names.get(subnet.address, ()), *self._acl_names.get("", ())):
            if holds.state is State.UNKNOWN or why is not None:
                return Acl("", NOWHERE, (), (), holds if why is None else why)
            if acl is not None:
                return self.acl(acl)
        return self.default_acl(vpc)

    def acl(self, declared: Declared) -> Acl:
        """The node of a declared network ACL."""
        found = self._acls.get(declared.address)
        if found is None:
            own = NetworkAcl(self.view, declared)
            missing = declared.more
            why = None if missing is None else doubt(missing, "the entries", declared.address)
            found = Acl(declared.address, declared.span, own.inbound, own.outbound, why, declared)
            self._acls[declared.address] = found
        return found

    def default_acl(self, vpc: Vpc) -> Acl:
        """The list of subnets that are given no other: it lets everything through, unless its entries were replaced."""
        found = self._acls.get(f"default {vpc.key}")
        if found is None:
            found = self._acls[f"default {vpc.key}"] = self._default_acl(vpc)
        return found

    def _default_acl(self, vpc: Vpc) -> Acl:
        name = f"the default network ACL of {vpc.key}"
        if vpc.declared is None:
            entries = _default_entries("", NOWHERE)
            entries = entries if vpc.is_default else ()
            return Acl(name, NOWHERE, entries, entries, vpc.doubt)
        for declared in self.view.of(("aws_default_network_acl",)):
            value = Resource(self.view, declared).read((), "default_network_acl_id")
            if any(it.address == vpc.declared.address for it in value.references):
                return self.acl(declared)
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

    # Block public access

    def blocked(self, subnet: Subnet, *, inbound: bool) -> Truth:
        """Whether the region's switch closes internet gateways for a subnet."""
        found: list[Truth] = []
        for block in BlockPublicAccess.subjects(self.view):
            closed = block.closes_inbound if inbound else block.closes_outbound
            exempt = excluded(self.view, subnet.declared, subnet.vpc.declared, inbound=inbound)
            found.append(closed & ~exempt)
        return any_of(found)


def gates_of(table: Table) -> Iterator[Gate]:
    """The gates that a table leads to, each once."""
    yield from {id(it.gate): it.gate for it in table.routes}.values()


def _blocks(values: Sequence[Setting]) -> tuple[dict[int, Ranges], bool]:
    """The known addresses of some blocks per family, and whether some block is not known."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    unsettled = False
    for value in values:
        block = parsed_block(value.it) if isinstance(value, Known) else None
        if block is None:
            unsettled = True
        else:
            found[block[1]].extend(block[0].parts)
    return {bits: ranges(parts) for bits, parts in found.items()}, unsettled


def topology(view: View) -> Topology:
    """The network of a view, gathered once."""
    found = view.memo.get(Topology)
    if not isinstance(found, Topology):
        found = view.memo[Topology] = Topology(view)
    return found
