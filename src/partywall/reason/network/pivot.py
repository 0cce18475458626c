"""Ways that take more than one step: over a machine that the internet reaches, along rules between groups."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

from partywall.address import Ranges
from partywall.aws.gateway import Peering
from partywall.aws.ports import ADMIN, DATA, ports_of
from partywall.aws.security_group import GROUPS, GroupRule, SecurityGroup
from partywall.aws.transit import TransitGateway
from partywall.aws.workload import Host, Workload
from partywall.graph import View
from partywall.reason.network.addressing import leads_to_internet
from partywall.reason.network.connect import connections
from partywall.reason.network.exposure import carried_elsewhere, every_port, reached, service_ports, spoken
from partywall.reason.network.filters import permitted
from partywall.reason.network.flows import union
from partywall.reason.network.gates import ELSEWHERE, PEER, TRANSIT
from partywall.reason.network.groups import Group
from partywall.reason.network.inside import inside
from partywall.reason.network.interface import Interface, interfaces
from partywall.reason.network.node import Vpc
from partywall.reason.network.topology import Table
from partywall.reason.network.transit import lets_groups_meet
from partywall.source import Span
from partywall.truth import NO, State, Truth, any_of, no, unknown, yes
from partywall.value import Known

MAX_STEPS = 3
MANY = 64
TARGET_PORTS = ports_of((*ADMIN, *DATA), "tcp")


def stepping_stone(store: Workload) -> Truth:
    """Whether a machine that the internet reaches on an admin port, or on every port, reaches the store's port."""
    network = connections(store.view)
    listens = service_ports(store)
    if not listens or listens.size > MANY:
        return NO
    answers = []
    for host, reach in _in_reach(store.view, network.interfaces.named(store.declared)):
        for port, _ in listens.parts:
            answer = inside(store.view).between(host.declared, store.declared, "tcp", port)
            if answer.state is not State.YES:
                answers.append(reach & answer.truth)
                continue
            text = f"{host.declared.address}, which the internet reaches, reaches {store.declared.address} on {port}"
            own = {group.key for it in network.interfaces.named(store.declared) for group in it.groups}
            places = [hop for hop in answer.hops if hop.span.line]
            place = next((hop for hop in places if hop.at in own), places[0] if places else None)
            span = place.span if place is not None else store.span
            reasons = (yes(text, span, host.declared.address), answer.truth, reach)
            answers.append(Truth(reach.state, reasons, reach.variables))
    return any_of(answers)


def exposed_hosts(view: View) -> list[tuple[Host, Truth]]:
    """The machines that the internet reaches, or may reach, on an admin port: one of each class."""
    key = "exposed hosts"
    found = view.memo.get(key)
    if not isinstance(found, list):
        found = view.memo[key] = list(_exposed(view))
    return found


def _exposed(view: View) -> Iterator[tuple[Host, Truth]]:
    seen: set[object] = set()
    gathered = interfaces(view)
    for host in Host.subjects(view):
        places = gathered.named(host.declared)
        kind = tuple((it.subnet, tuple(group.key for group in it.groups), it.public.state) for it in places)
        if kind in seen:
            continue
        seen.add(kind)
        reach = reached(host, spoken(ADMIN))
        if reach.state is State.NO:
            reach = every_port(host)
        if reach.state is not State.NO:
            yield host, reach


def _in_reach(view: View, stores: tuple[Interface, ...]) -> list[tuple[Host, Truth]]:
    """The exposed machines that could be joined with a store: in its VPC, or in any where something may join VPCs."""
    if any(it.subnet.vpc.doubt is not None or _leads_elsewhere(it.subnet.table) for it in stores):
        return exposed_hosts(view)
    by_vpc = _exposed_by_vpc(view)
    found = {at: it for store in stores for at, it in by_vpc.get(store.subnet.vpc.key, {}).items()}
    return [found[at] for at in sorted(found)]


def _exposed_by_vpc(view: View) -> dict[str, dict[int, tuple[Host, Truth]]]:
    """The exposed machines with their places in the row, by the VPCs they stand in."""
    key = "exposed hosts by VPC"
    found = view.memo.get(key)
    if not isinstance(found, dict):
        by_vpc: dict[str, dict[int, tuple[Host, Truth]]] = defaultdict(dict)
        for at, (host, reach) in enumerate(exposed_hosts(view)):
            for interface in interfaces(view).named(host.declared):
                by_vpc[interface.subnet.vpc.key][at] = (host, reach)
        found = view.memo[key] = by_vpc
    return found


def _leads_elsewhere(table: Table) -> bool:
    return any(route.gate.kind in (ELSEWHERE, PEER, TRANSIT) for route in table.routes)


# Along rules between groups


def chain_opens_private_tier(group: SecurityGroup) -> Truth:
    """Whether groups that let the internet in lead, rule by rule, to an admin or data port of this private group."""
    gathered = interfaces(group.view)
    node = gathered.groups.of(group.declared)
    members = gathered.members.get(node.key, ())
    if not members:
        return NO
    ways = [leads_to_internet(gathered.topology, it.subnet) for it in members]
    if any(it.state is State.YES for it in ways):
        return no(f"{node.key} stands in a public subnet", group.span, group.declared.address)
    answers = []
    for permit in node.inbound:
        if permit.group is None or permit.protocol not in ("tcp", "-1", None):
            continue
        ports = permit.ports if permit.ports is not None else Ranges(((0, 65535),))
        if not ports & TARGET_PORTS:
            continue
        source, why = gathered.groups.key(permit.group, node)
        if source == node.key:
            continue
        path = _from_world(gathered.view, source, node.key)
        if path is None:
            answers.extend([why] if why is not None and why.state is State.UNKNOWN else [])
            continue
        text = f"{' -> '.join(path)} -> {node.key}: {permit.said}"
        answers.append(yes(text, permit.span, permit.resource) & any_of(~it for it in ways))
    return any_of(answers)


def _from_world(view: View, key: str, target: str) -> list[str] | None:
    """The shortest row of groups from one that lets the internet in to a group, at most three steps.

    A load balancer in front is the tier that is meant to stand there: what lets only such in starts no row.
    """
    gathered = interfaces(view)
    waiting: deque[list[str]] = deque([[key]])
    seen = {key, target}
    while waiting:
        path = waiting.popleft()
        node = _group(view, path[0])
        if node is None:
            continue
        if _lets_world_in(node):
            if not _is_front(gathered.members.get(node.key, ())):
                return path
            continue
        for permit in node.inbound if len(path) < MAX_STEPS else ():
            if permit.group is None:
                continue
            source, _ = gathered.groups.key(permit.group, node)
            if source not in seen:
                seen.add(source)
                waiting.append([source, *path])
    return None


def _group(view: View, key: str) -> Group | None:
    declared = view.graph.by_address.get(key)
    return interfaces(view).groups.of(declared) if declared is not None and declared.type in GROUPS else None


def _lets_world_in(group: Group) -> bool:
    for bits in (32, 128):
        flows = union(permitted((group,), "tcp", bits, inbound=True, lenient=False, world=True))
        if flows.world_ports(bits):
            return True
    return False


def _is_front(members: tuple[Interface, ...]) -> bool:
    return bool(members) and all(it.workload.kind.addressed == "scheme" for it in members)


def refers_in_vain(rule: GroupRule) -> Truth:
    """Whether a rule refers to a group that no interface carries, or to one of a VPC that is not joined."""
    answers = []
    gathered = interfaces(rule.view)
    for value in rule.groups:
        target = rule.view.target(value, GROUPS)
        if target is None:
            answers.append(NO if isinstance(value, Known) else unknown("the group is not declared here", value.span))
            continue
        answers.append(_in_vain(rule, gathered.groups.of(target), value.span))
    return any_of(answers)


def _in_vain(rule: GroupRule, target: Group, span: Span) -> Truth:
    gathered = interfaces(rule.view)
    view = rule.view
    owner = rule.declared if rule.declared.type in GROUPS else view.target(
        rule.read("GroupId", "security_group_id"), GROUPS
    )  # fmt: skip
    if owner is None or target.declared is None:
        return unknown("the group of the rule is not declared here", span, rule.declared.address)
    here = gathered.topology.vpc(SecurityGroup(view, owner).vpc)
    there = gathered.topology.vpc(SecurityGroup(view, target.declared).vpc)
    if here.key != there.key and here.doubt is None and there.doubt is None:
        joined = _joined(view, here, there)
        if joined.state is not State.NO:
            return ~joined
        text = f"{target.key} is a group of {there.key}, which no peering joins with {here.key}"
        return yes(text, span, rule.declared.address)
    if gathered.members.get(target.key) or not gathered.workloads:
        return no(f"{target.key} is carried", span, rule.declared.address)
    if carried_elsewhere(view, target.declared.address, outputs=True):
        return unknown(f"who carries {target.key} is not in these sources", span, rule.declared.address)
    return yes(f"no interface carries {target.key}", span, rule.declared.address)


def _joined(view: View, one: Vpc, other: Vpc) -> Truth:
    """Whether rules of two VPCs may name each other's groups: over a peering, or a transit gateway that lets them."""
    found = interfaces(view).topology
    answers = []
    for peering in Peering.subjects(view):
        if {found.vpc(it).key for it in peering.sides} == {one.key, other.key}:
            return yes("a peering joins the groups' VPCs", peering.span, peering.declared.address)
    for transit in TransitGateway.subjects(view):
        named = lets_groups_meet(found, transit, one, other)
        if named.state is State.NO and transit.lets_groups_be_named.state is not State.NO:
            named = unknown("who is plugged in is not in these sources", transit.span, transit.declared.address)
        answers.append(named)
    return any_of(answers)
