"""The network of a deployment: VPCs, subnets with their table and list, gateways; gathered once per view.

What is only named, not declared, is a node too: its `doubt` says why nothing more is known about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from partywall.address import V4, Ranges, parsed_block, ranges
from partywall.aws.gateway import BlockPublicAccess, NatGateway, excluded
from partywall.aws.resource import Resource
from partywall.aws.route import TABLES, AnyRoute, RouteTable, explicit_table, main_routes, main_table
from partywall.aws.vpc import SUBNETS, VPCS, looks_up_default, looks_up_default_subnets
from partywall.aws.vpc import Subnet as SubnetResource
from partywall.declared import Declared
from partywall.graph import View
from partywall.immutable import immutable
from partywall.reason.network.acl import Acl, Acls
from partywall.reason.network.gates import VPN, Gate, TableRoute, internet_route, local_route, table_routes
from partywall.reason.network.node import Vpc, resolve
from partywall.source import NOWHERE, Span
from partywall.truth import NO, YES, State, Truth, any_of, unknown, yes
from partywall.value import Known, Setting, Unknown, doubt, shown


@immutable(eq=False)
class Table:
    """The routes of a subnet; without a declaration it is the VPC's main table."""

    address: str
    span: Span
    vpc: Vpc
    routes: tuple[TableRoute, ...]
    doubt: Truth | None = None


@immutable(eq=False)
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


class Topology:
    """Every node of one view, found by the declaration it comes from."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._vpcs: dict[str, Vpc] = {}
        self._tables: dict[str, Table] = {}
        self.acls = Acls(view)
        self._subnets: dict[str, Subnet] = {}

    @cached_property
    def default_vpc(self) -> Vpc:
        """The VPC that AWS made, where things stand that name no subnet; the one that Terraform adopts, if it does."""
        adopted = list(self.view.of(("aws_default_vpc",)))
        return self._default_vpc(adopted[0] if len(adopted) == 1 else None)

    @staticmethod
    def _default_vpc(declared: Declared | None) -> Vpc:
        block = parsed_block("172.31.0.0/16")
        assert block is not None
        key = "the default VPC" if declared is None else declared.address
        return Vpc(key, declared, {V4: block[0]}, is_default=True)

    def vpc(self, value: Setting) -> Vpc:
        """The VPC that a value names; the default one where it names none."""
        if looks_up_default(self.view, value):
            return self.default_vpc
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
            return self.default_vpc if self.default_vpc.declared is declared else self._default_vpc(declared)
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
        if looks_up_default_subnets(self.view, value, lambda it: self.vpc(it).is_default):
            return self.default_subnet
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
        """A subnet of the default VPC: a public address for everyone, and what the VPC has for all its subnets."""
        vpc = self.default_vpc
        given = yes("subnets of the default VPC give public addresses")
        table, acl = self.main_table(vpc), self.acls.default(vpc)
        return Subnet("a subnet of the default VPC", None, vpc, vpc.blocks, table, acl, given, NO)

    def subnet_of(self, declared: Declared) -> Subnet:
        """The node of a declared subnet."""
        found = self._subnets.get(declared.address)
        if found is None:
            found = self._subnets[declared.address] = self._subnet(declared)
        return found

    def _subnet(self, declared: Declared) -> Subnet:
        own = SubnetResource(self.view, declared)
        is_default = declared.type == "aws_default_subnet"
        vpc = self.default_vpc if is_default else self.vpc(own.read("VpcId", "vpc_id"))
        values = [*own.elements(("CidrBlock", "Ipv6CidrBlock"), ("cidr_block", "ipv6_cidr_block"))]
        for link in own.companions({"AWS::EC2::SubnetCidrBlock": "SubnetId"}, ("id",)):
            values += Resource(self.view, link.declared).elements("Ipv6CidrBlock", ())
        blocks = vpc.blocks if is_default else _blocks(values)[0]
        return Subnet(
            declared.address, declared, vpc, blocks, self._table_of(declared, vpc), self.acls.before(declared, vpc),
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
        if vpc.declared is None and not vpc.is_default:
            return Table(name, NOWHERE, vpc, (), vpc.doubt)
        for value, holds, _ in () if vpc.declared is None else main_table(self.view, vpc.declared):
            table, why = resolve(self.view, value, TABLES, "the route table")
            if table is not None and holds.state is State.YES:
                return self.table(table)
            if holds.state is not State.NO:
                return Table(name, NOWHERE, vpc, (), holds if why is None else why)
        for declared in self.view.of(("aws_default_route_table",)):
            if self._vpc_of_table(RouteTable(self.view, declared)).key == vpc.key:
                return self.table(declared)
        given = (internet_route(V4),) if vpc.is_default else ()
        routes = (*self._local(vpc), *given, *self._of_main(vpc))
        return Table(name, NOWHERE if vpc.declared is None else vpc.declared.span, vpc, routes)

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
