"""Who gets a public address, and who gets the default security group."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from partywall.address import V6, is_world
from partywall.aws.emr import Cluster
from partywall.aws.gateway import NATS
from partywall.aws.load_balancer import FrontDoor
from partywall.aws.network_acl import ACLS
from partywall.aws.route import TABLE_ASSOCIATIONS
from partywall.aws.vpc import ASSOCIATIONS
from partywall.aws.vpc import Subnet as SubnetResource
from partywall.aws.workload import Addressed, Bearer, SubnetGroup, Workload
from partywall.reason.network import middlebox, routes
from partywall.reason.network.gates import INTERNET, Gate
from partywall.reason.network.interface import gets_group_of_its_own, interfaces
from partywall.reason.network.path import FAMILIES
from partywall.reason.network.topology import Subnet, Topology, topology
from partywall.truth import State, Truth, any_of, no, unknown, yes


def has_public_address(host: Addressed) -> Truth:
    """Whether a machine gets a public address, by its own word, its template's or its subnet's."""
    found = interfaces(host.view)
    if not host.is_mould:
        workload = Workload(host.view, host.declared)
        return any_of(it.public for it in found.of(workload))
    said = host.said
    if said is not None:
        return said
    answers = [it.public for workload in host.used_by for it in found.of(workload)]
    if answers:
        return any_of(answers)
    return unknown("the subnet decides about a public address, and it is given elsewhere", host.span)


def gives_usable_addresses(subnet: SubnetResource) -> Truth:
    """Whether a subnet gives addresses of the internet by itself.

    A public IPv4 address is meant for the internet; an IPv6 address always is one, so that the route decides.
    """
    over_ipv6 = subnet.gives_ipv6_addresses
    found = topology(subnet.view)
    if over_ipv6.state is not State.NO:
        over_ipv6 = over_ipv6 & leads_to_internet(found, found.subnet_of(subnet.declared), (V6,))
    return subnet.gives_public_addresses | over_ipv6


def is_front(subnet: SubnetResource) -> Truth:
    """Whether load balancers and NAT gateways stand in a subnet, and nothing else that is declared may."""
    users = subnet.view.graph.mentioning(subnet.declared.address)
    front = [it for it in users if it.type in _FRONT]
    owner = subnet.declared.address
    if not front or any(it.type not in _FRONT + _FRAME for it in users):
        return no("it may hold more than load balancers and NAT gateways", subnet.span, owner)
    return yes(f"{front[0].address} stands in it, and no machine", front[0].span, front[0].address)


_FRAME = (*TABLE_ASSOCIATIONS, *ASSOCIATIONS, *ACLS)
_FRONT = (*FrontDoor.cloudformation, *FrontDoor.terraform, *NATS)


def leads_to_internet(found: Topology, subnet: Subnet, families: Sequence[int] = FAMILIES) -> Truth:
    """Whether a subnet's routes lead to a working internet gateway, for as good as all of the internet."""
    table = subnet.table
    claims = {bits: partial(_leads_out, found, bits) for bits in families}
    for bits, wanted in claims.items():
        if is_world(routes.leading(table, bits, wanted, lenient=False), bits):
            route = next((it for it in table.routes if it.bits == bits and it.gate.kind == INTERNET), None)
            span = route.span if route is not None and route.span.line else subnet.span
            said = route.said if route is not None else "a route to the internet"
            return yes(f"{subnet.key}: {said}", span, table.address if subnet.declared is not None else "")
    for bits, wanted in claims.items():
        if is_world(routes.leading(table, bits, wanted, lenient=True), bits):
            return any_of(it for it in routes.doubts(table, bits, wanted) if it.state is State.UNKNOWN)
    return no(f"{subnet.key} has no route to an internet gateway", subnet.span, table.address)


def _leads_out(found: Topology, bits: int, gate: Gate) -> Truth:
    return middlebox.leads(found, gate, bits, INTERNET)


def has_public_subnet(owner: SubnetGroup | Cluster) -> Truth:
    """Whether some subnet of a group or cluster has a route to an internet gateway."""
    found = topology(owner.view)
    answers = []
    for value in owner.subnets:
        subnet = found.subnet(value)
        truth = leads_to_internet(found, subnet)
        if truth.state is State.YES:
            named = yes(f"{subnet.key} has a way to the internet", value.span, owner.declared.address)
            truth = named & truth
        answers.append(truth)
    return any_of(answers)


def stands_in_public_subnet(cluster: Cluster) -> Truth:
    """Whether a cluster stands in a public subnet, as it does in the default VPC when it names none."""
    if not cluster.subnets:
        default = "no subnet is named, so it stands in the default VPC, all of whose subnets are public"
        return yes(default, cluster.span, cluster.declared.address)
    return has_public_subnet(cluster)


def falls_back(bearer: Bearer) -> Truth:
    """Whether it gets the VPC's default security group, and that has any rule."""
    found = interfaces(bearer.view)
    owner = bearer.declared
    if bearer.is_mould:
        if bearer.mould_groups:
            return no("it names security groups", bearer.span, owner.address)
        return unknown("who uses the template may name the security groups", bearer.span, owner.address)
    answers = []
    for it in found.named(owner):
        if it.workload.groups or it.open_groups or it.workload.attached:
            return no("it names its security groups", bearer.span, owner.address)
        if gets_group_of_its_own(it.workload, it.subnet.vpc):
            return no("the service makes a security group for it", bearer.span, owner.address)
        for group in it.groups:
            if group.doubt is not None:
                answers.append(group.doubt)
            elif group.inbound or group.outbound:
                answers.append(yes(f"no group is named, so it gets {group.key}", owner.span, owner.address))
            else:
                answers.append(no(f"{group.key} has no rule", group.span, owner.address))
    return any_of(answers)


def stays_private(workload: Workload) -> Truth:
    """Whether a workload has no public address."""
    return ~any_of(it.public for it in interfaces(workload.view).named(workload.declared))
