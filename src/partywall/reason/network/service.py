"""Ways to a service of AWS through a gateway endpoint: no gateway to the internet, and no address of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partywall.address import INTERNET as PUBLIC
from partywall.address import V4
from partywall.aws.permit import Permit
from partywall.aws.route import TABLES
from partywall.aws.vpc import VPCS
from partywall.aws.vpc_endpoint import GatewayEndpoint
from partywall.declared import Declared
from partywall.reason.network.filters import meant
from partywall.reason.network.flows import covers, holds
from partywall.reason.network.groups import Group
from partywall.reason.network.interface import Interface
from partywall.reason.network.listening import no_interface
from partywall.reason.network.node import resolve
from partywall.reason.network.path import Answer, Query, Step, best, walk
from partywall.reason.network.steps import Steps, from_truth
from partywall.reason.network.topology import Subnet, Topology
from partywall.truth import State, Truth, any_of, known, no, unknown, yes

PORTS = (80, 443)
"""What S3 and DynamoDB listen on. Source: AWS general reference, Service endpoints."""


def to_service(steps: Steps, source: Declared, endpoint: GatewayEndpoint, protocol: str, port: int) -> Answer:
    """Whether a workload reaches the service behind a gateway endpoint; what it may do there, policies say."""
    query = Query(protocol, port, V4, PUBLIC[V4])
    answers = [walk(_way(steps, it, endpoint, query), query) for it in steps.interfaces.named(source)]
    return best(answers) if answers else no_interface(source)


def _way(steps: Steps, it: Interface, endpoint: GatewayEndpoint, query: Query) -> Iterator[Step]:
    """The steps: which of the world's addresses are the service's is not known, so that all of them are asked about."""
    owner = endpoint.declared.address
    served = query.protocol == "tcp" and query.port in PORTS
    yield from_truth(
        known(served, "", endpoint.span, owner), owner,
        f"serves tcp {query.port}; its policy says what may be done there", "tcp 443",
        "the service listens on tcp 80 and 443 only",
    )  # fmt: skip
    if not it.open_groups:
        names = ", ".join(group.key for group in it.groups)
        yield from_truth(_let_out(endpoint, it.groups, query), names, "out: to the service", f"a rule of {names}")
    world = PUBLIC[V4]
    yield steps.through_acl(it.subnet, "tcp", V4, inbound=False, about=world)
    yield from_truth(
        _routed(steps.topology, it.subnet, endpoint), it.subnet.table.address, f"leads to {owner}",
        f"an association of {owner} with {it.subnet.table.address}", f"{owner} is not associated with it",
    )  # fmt: skip
    yield steps.reply_through_acl(it.subnet, "tcp", V4, it.client, inbound=True, about=world)


def _let_out(endpoint: GatewayEndpoint, groups: Sequence[Group], query: Query) -> Truth:
    found = [group.doubt for group in groups if group.doubt is not None]
    found += [
        _permits(endpoint, permit)
        for group in groups
        for permit in group.outbound
        if meant(permit, "tcp", V4) and (permit.ports is None or holds(permit.ports, query.port))
    ]
    names = ", ".join(group.key for group in groups)
    return any_of((*found, no(f"no rule of {names} lets it out", endpoint.span, names)))


def _permits(endpoint: GatewayEndpoint, permit: Permit) -> Truth:
    """Whether a permission is about the addresses of the service."""
    said = yes(permit.said, permit.span, permit.resource)
    if permit.listing is not None:
        same = endpoint.is_list(permit.listing)
        return same if same.state is State.YES else said & permit.sure
    if permit.group is not None:
        return no("a group is no service", permit.span, permit.resource)
    if permit.addresses is None:
        return said & permit.sure
    if covers(permit.addresses, PUBLIC[V4]):
        return said & permit.sure
    if permit.addresses.meets(PUBLIC[V4]):
        return unknown("which addresses the service has is not known", permit.span, permit.resource) & permit.sure
    return no("private addresses are no service's", permit.span, permit.resource)


def _routed(topology: Topology, subnet: Subnet, endpoint: GatewayEndpoint) -> Truth:
    """Whether the table of a subnet is one of those that an endpoint is associated with."""
    if subnet.table.doubt is not None:
        return subnet.table.doubt
    found = []
    for value, joined in endpoint.tables:
        table, why = resolve(topology.view, value, TABLES, "the route table")
        main = topology.view.target(value, VPCS)
        if table is not None:
            same = topology.table(table) is subnet.table
        elif main is not None:
            same = topology.main_table(topology.vpc_of(main)) is subnet.table
        else:
            found.append(joined if why is None else why)
            continue
        found.append(joined & known(same, f"the table of {subnet.key}", value.span, endpoint.declared.address))
    nowhere = no(f"{endpoint.declared.address} is not associated with it", endpoint.span, endpoint.declared.address)
    return any_of((*found, nowhere))
