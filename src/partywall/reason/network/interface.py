"""Interfaces: where workloads stand in the network, with which groups and addresses."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from partywall.address import V4, Ranges, parse_address, ranges
from partywall.aws.client import client_ports
from partywall.aws.load_balancer import FrontDoor
from partywall.aws.ports import PortRange
from partywall.aws.rds import DbInstance
from partywall.aws.vpc_endpoint import GatewayEndpoint
from partywall.aws.workload import Workload, gives_address
from partywall.aws.workload_kind import BY_TYPE
from partywall.declared import Declared
from partywall.graph import View
from partywall.immutable import immutable
from partywall.reason.network.acl import Acl
from partywall.reason.network.groups import Group, Groups
from partywall.reason.network.node import Vpc
from partywall.reason.network.topology import Subnet, Topology, topology
from partywall.truth import NO, State, Truth, any_of, no, unknown, yes
from partywall.value import doubt


@immutable(eq=False)
class Interface:
    """One place where a workload may stand.

    `public` and `ipv6` say whether the internet can address it over IPv4 and IPv6. `open_groups` marks one that no
    security group guards.
    """

    workload: Workload
    subnet: Subnet
    groups: tuple[Group, ...]
    public: Truth
    ipv6: Truth
    addresses: dict[int, Ranges]
    open_groups: bool = False

    @property
    def owner(self) -> Declared:
        """The declaration of the workload."""
        return self.workload.declared

    @property
    def client(self) -> PortRange:
        """The ports it sends requests from."""
        return client_ports(self.workload)

    @property
    def group_key(self) -> object:
        """What tells its set of groups from others."""
        return self.open_groups or self.groups

    def reachable_over(self, bits: int) -> Truth:
        """Whether the internet can address it over a family."""
        return self.public if bits == V4 else self.ipv6


def gets_group_of_its_own(workload: Workload, vpc: Vpc) -> bool:
    """Whether the service makes the security group of what names none.

    Source: Classic Load Balancers user guide, Configure security groups: in the default VPC it is `default_elb_…`.
    """
    classic = isinstance(workload, FrontDoor) and workload.is_classic and vpc.is_default
    return classic or workload.kind.makes_groups


def needs_no_group(workload: Workload) -> bool:
    """Whether it may do without a security group: network load balancers, and the endpoints of appliances."""
    if isinstance(workload, FrontDoor):
        return workload.is_network.state is State.YES
    endpoint = workload.kind.name == "endpoint"
    return endpoint and GatewayEndpoint(workload.view, workload.declared).takes_groups.state is State.NO


class Interfaces:
    """All workloads of a view with their interfaces."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.topology: Topology = topology(view)
        self.groups = Groups(view)
        self._found: dict[str, tuple[Interface, ...]] = {}

    @cached_property
    def workloads(self) -> tuple[Workload, ...]:
        """Every workload, by address."""
        found = [
            FrontDoor(self.view, it.declared) if it.kind.addressed == "scheme" else it
            for it in Workload.subjects(self.view)
        ]
        return tuple(sorted(found, key=lambda it: it.declared.address))

    @cached_property
    def plugged(self) -> frozenset[str]:
        """The addresses of interfaces that belong to a declared machine, which stands for them."""
        return frozenset(
            it.declared.address for workload in self.workloads if workload.kind.name == "instance"
            for it in workload.attached
        )  # fmt: skip

    @cached_property
    def members(self) -> dict[str, tuple[Interface, ...]]:
        """The interfaces that carry a group, by the group's key."""
        found: dict[str, list[Interface]] = defaultdict(list)
        for workload in self.workloads:
            for interface in self.of(workload):
                for group in interface.groups:
                    found[group.key].append(interface)
        return {key: tuple(held) for key, held in found.items()}

    @cached_property
    def behind(self) -> dict[Acl, tuple[Interface, ...]]:
        """The interfaces behind each network ACL."""
        found: dict[Acl, list[Interface]] = defaultdict(list)
        for workload in self.workloads:
            for interface in self.of(workload):
                found[interface.subnet.acl].append(interface)
        return {key: tuple(held) for key, held in found.items()}

    def named(self, declared: Declared) -> tuple[Interface, ...]:
        """The interfaces of a declared workload."""
        known = self._found.get(declared.address)
        if known is not None or declared.type not in BY_TYPE:
            return known or ()
        kind = FrontDoor if declared.type in FrontDoor.cloudformation + FrontDoor.terraform else Workload
        return self.of(kind(self.view, declared))

    def of(self, workload: Workload) -> tuple[Interface, ...]:
        """The interfaces of a workload: one for each subnet it may stand in."""
        address = workload.declared.address
        found = self._found.get(address)
        if found is None:
            found = self._found[address] = self._of(workload)
        return found

    def _of(self, workload: Workload) -> tuple[Interface, ...]:
        condition = workload.kind.condition
        if condition != ((), ()) and workload.is_set(*condition).state is State.NO and not workload.subnets:
            return ()
        subnets = [self.topology.subnet(value) for value in workload.subnets] or [self._unsaid(workload)]
        return tuple(self._interface(workload, subnet) for subnet in dict.fromkeys(subnets))

    def _unsaid(self, workload: Workload) -> Subnet:
        """Where a workload stands that names no subnet: in the default VPC, unless something unseen says more."""
        hidden = workload.unseen_template or workload.declared.more
        if hidden is None:
            return self.topology.default_subnet
        return self.topology.elsewhere(doubt(hidden, "the subnet", workload.declared.address))

    def _interface(self, workload: Workload, subnet: Subnet) -> Interface:
        open_groups = not workload.groups and needs_no_group(workload)
        return Interface(
            workload, subnet, () if open_groups else self._groups(workload, subnet.vpc), self._public(workload, subnet),
            self._ipv6(workload, subnet), self._addresses(workload, subnet), open_groups,
        )  # fmt: skip

    def _groups(self, workload: Workload, vpc: Vpc) -> tuple[Group, ...]:
        apart = (self.groups.named(value) for value in workload.groups_apart)
        return tuple(dict.fromkeys((*self._own_groups(workload, vpc), *apart)))

    def _own_groups(self, workload: Workload, vpc: Vpc) -> tuple[Group, ...]:
        if workload.groups:
            return tuple(self.groups.named(value) for value in workload.groups)
        owner = workload.declared
        if gets_group_of_its_own(workload, vpc):
            why = unknown(f"the group of {owner.address} is made by the service", owner.span, owner.address)
        elif (hidden := workload.unseen_template or owner.more) is not None:
            why = doubt(hidden, "its security groups", owner.address)
        else:
            return (self.groups.default(vpc),)
        return (Group(f"the group of {owner.address}", owner.span, (), (), None, why),)

    # Addresses

    def _public(self, workload: Workload, subnet: Subnet) -> Truth:
        owner = workload.declared
        sort = workload.kind.addressed
        if isinstance(workload, FrontDoor):
            return workload.is_public
        if sort == "flag":
            return self._by_flag(workload)
        if sort == "never":
            return no(f"a {workload.kind.name} has no public address", owner.span, owner.address)
        elastic = workload.elastic_address
        if elastic.state is State.YES:
            return yes("it gets a public address: an elastic IP", owner.span, owner.address) & elastic
        return elastic | self._on_launch(workload, subnet)

    def _on_launch(self, workload: Workload, subnet: Subnet) -> Truth:
        owner = workload.declared
        if workload.kind.name == "interface":
            return no("an interface gets no public address without an elastic IP", owner.span, owner.address)
        said = workload.said_public()
        if said is not None:
            value, resource = said
            return gives_address(value, resource)
        if workload.brings_interface:
            return no("an interface made before gets no public address on launch", owner.span, owner.address)
        if workload.unseen_template is not None:
            return doubt(workload.unseen_template, "whether it gets a public address", owner.address)
        return subnet.public_on_launch

    def _by_flag(self, workload: Workload) -> Truth:
        """A switch of the service; where CloudFormation leaves a database's out, RDS decides."""
        if workload.kind.name == "database" and not workload.in_terraform:
            return DbInstance(self.view, workload.declared).public
        (switch,) = workload.kind.switch
        return switch.truth(workload)

    def _ipv6(self, workload: Workload, subnet: Subnet) -> Truth:
        if isinstance(workload, FrontDoor):
            return workload.speaks_ipv6 & workload.is_public
        if workload.kind.addressed != "subnet":
            return NO
        return any_of((workload.asks_ipv6, subnet.ipv6_on_launch))

    @staticmethod
    def _addresses(workload: Workload, subnet: Subnet) -> dict[int, Ranges]:
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for text in workload.private_addresses:
            try:
                number, bits = parse_address(text)
            except ValueError:
                continue
            found[bits].append((number, number))
        return {**subnet.blocks, **{bits: ranges(parts) for bits, parts in found.items()}}


def interfaces(view: View) -> Interfaces:
    """The interfaces of a view, gathered once."""
    found = view.memo.get(Interfaces)
    if not isinstance(found, Interfaces):
        found = view.memo[Interfaces] = Interfaces(view)
    return found
