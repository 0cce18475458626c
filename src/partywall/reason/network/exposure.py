"""What the internet reaches: by workload and by ports, with the path as evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from partywall.address import Ranges, ranges
from partywall.aws.load_balancer import FrontDoor
from partywall.aws.ports import ADMIN, CARRIERS, DATA, PUBLIC, SHARING, Service, named, ports_of
from partywall.aws.resource import Resource
from partywall.aws.security_group import GROUPS, GroupRule
from partywall.aws.workload import KNOWN_CARRIERS, Workload
from partywall.graph import View
from partywall.immutable import immutable
from partywall.reason.network.connect import Connections, connections
from partywall.reason.network.interface import Interface
from partywall.reason.network.path import FAMILIES, Answer, internet, walk
from partywall.truth import NO, YES, Because, State, Truth, any_of, no
from partywall.value import Known

MANY = 1000
"""More open ports than this are as good as all of them."""

ALL, NOTHING = Ranges(((0, 65535),)), Ranges()
Ports = Mapping[str, Ranges]
"""Ports of TCP, of UDP or of both."""


def spoken(services: Sequence[Service]) -> Ports:
    """The ports of some services."""
    return {carrier: ports_of(services, carrier) for carrier in CARRIERS}


SENSITIVE = spoken((*ADMIN, *DATA, *(it for it in SHARING if it.name in ("RPC", "SMB", "NFS"))))
"""Ports of administration, of data stores and of file systems."""

UNLISTED = {carrier: ALL - ports - ranges(PUBLIC) for carrier, ports in SENSITIVE.items()}
"""What is neither sensitive nor the web's."""

_SHOWN = 12


@immutable(eq=False)
class Reach:
    """What the internet reaches of one interface over one protocol and family: surely and possibly."""

    interface: Interface
    protocol: str
    bits: int
    strict: Ranges
    lenient: Ranges


def reaches(view: View, workload: Workload) -> tuple[Reach, ...]:
    """What the internet reaches of a workload, for each of its interfaces, protocols and families."""
    key = ("reaches", workload.declared.address)
    found = view.memo.get(key)
    if not isinstance(found, tuple):
        found = view.memo[key] = tuple(_reaches(connections(view), workload))
    return found


def _reaches(network: Connections, workload: Workload) -> Iterator[Reach]:
    for interface in network.interfaces.named(workload.declared):
        for bits in FAMILIES:
            for protocol in CARRIERS:
                sure, may = network.open_ports(interface, protocol, bits)
                if may:
                    yield Reach(interface, protocol, bits, sure, may)


def reached(workload: Workload, ports: Ports) -> Truth:
    """Whether the internet reaches some of the ports of a workload."""
    view = workload.view
    found = reaches(view, workload)
    hits = [(it, sure) for it in found if (sure := it.strict & ports.get(it.protocol, NOTHING))]
    if hits:
        return _evidence(view, workload, hits)
    open_ = [(it, may) for it in found if (may := it.lenient & ports.get(it.protocol, NOTHING))]
    if open_:
        return any_of(_answer(view, it, may.parts[0][0]).truth for it, may in open_)
    return _stopped(view, workload, ports.get("tcp", NOTHING))


def _answer(view: View, reach: Reach, port: int) -> Answer:
    steps = connections(view).inbound(reach.interface, reach.protocol, reach.bits)
    return walk(steps, internet(reach.protocol, port, reach.bits))


def _evidence(view: View, workload: Workload, hits: Sequence[tuple[Reach, Ranges]]) -> Truth:
    """The rules that let the internet in first, for they are what can be changed; then the rest of the way."""
    owner = workload.declared.address
    causes: dict[Because, None] = {}
    rest: dict[Because, None] = {}
    said = f"the internet reaches {owner} on {port_words(hits)}"
    for reach, sure in hits:
        for low, _ in sure.parts[:_SHOWN]:
            for hop in _answer(view, reach, low).hops:
                group = any(it.key == hop.at for it in reach.interface.groups)
                (causes if group else rest).update(dict.fromkeys(hop.reasons()))
    reasons = [*causes, *rest]
    first = next((it for it in reasons if it.span.line), None)
    if first is None:
        return Truth(State.YES, (Because(said, workload.span, owner), *reasons))
    return Truth(State.YES, (Because(said, first.span, first.resource), *reasons))


def port_words(hits: Sequence[tuple[Reach, Ranges]]) -> str:
    """Protocols and ports in few words."""
    by_protocol = {
        protocol: ranges(part for reach, sure in hits if reach.protocol == protocol for part in sure.parts)
        for protocol in CARRIERS
    }
    if by_protocol["tcp"] == by_protocol["udp"] == ALL:
        return "every port"
    texts = []
    for protocol, ports in by_protocol.items():
        shown = ", ".join(named(part) for part in ports.parts[:4])
        more = f" and {len(ports.parts) - 4} more" if len(ports.parts) > 4 else ""
        texts += [f"{protocol} {shown}{more}"] if ports else []
    return " and ".join(texts)


def _stopped(view: View, workload: Workload, ports: Ranges) -> Truth:
    """The internet does not get in; why, on the first of some ports, is found out when someone asks."""
    port = ports.parts[0][0] if ports else 0
    owner = workload.declared

    def said() -> str:
        if not port:
            return "the internet does not get in"
        stop = next((hop for hop in connections(view).from_internet(owner, "tcp", port).hops if hop.stops), None)
        return f"{stop.at}: {stop.check}" if stop is not None else "the internet does not get in"

    return Truth(State.NO, (Because(said, workload.span, owner.address),))


def every_port(workload: Workload) -> Truth:
    """Whether the internet reaches nearly every port of a workload."""
    view = workload.view
    if workload.declared.address in connections(view).interfaces.plugged:
        return no("the machine it is plugged into is judged", workload.span, workload.declared.address)
    found = reaches(view, workload)
    wide = _wide(found)
    if wide:
        return _evidence(view, workload, wide)
    open_ = [it for it in found if it.protocol == "tcp" and it.lenient.size > MANY]
    # A port of the middle, where no rule is meant that names one service.
    return any_of(_answer(view, it, _middle(it)).truth for it in open_) if open_ else _stopped(view, workload, ALL)


def _wide(found: Sequence[Reach]) -> list[tuple[Reach, Ranges]]:
    return [(it, it.strict) for it in found if it.protocol == "tcp" and it.strict.size > MANY]


def _middle(reach: Reach) -> int:
    low, high = max((reach.lenient - reach.strict or reach.lenient).parts, key=lambda it: it[1] - it[0])
    return (low + high) // 2


def sensitive_port(workload: Workload) -> Truth:
    """Whether the internet reaches a port of administration or data; nearly every port is another story."""
    return _unless_wide(workload, SENSITIVE)


def unlisted_port(workload: Workload) -> Truth:
    """Whether the internet reaches a port that is neither the web's nor a sensitive one."""
    return _unless_wide(workload, UNLISTED)


def _unless_wide(workload: Workload, ports: Ports) -> Truth:
    if workload.declared.address in connections(workload.view).interfaces.plugged:
        return every_port(workload)
    if _wide(reaches(workload.view, workload)):
        return no(f"nearly every port of {workload.declared.address} is reached", workload.span)
    return reached(workload, ports)


def service_ports(workload: Workload) -> Ranges:
    """The ports that a managed service listens on; all of them where that is not known."""
    listens = workload.listens
    return ranges((port, port) for port in listens) if listens else ALL


def groups_admit_world(workload: Workload) -> Truth:
    """Whether the groups of a workload let the internet in on its port, whatever else stands in the way."""
    ports = service_ports(workload)
    answers = []
    for interface in connections(workload.view).interfaces.named(workload.declared):
        for bits in FAMILIES:
            step = connections(workload.view).steps.group(interface, "tcp", bits, inbound=True, world=True)
            assert step.strict is not None
            assert step.lenient is not None
            sure, may = step.strict.world_ports(bits) & ports, step.lenient.world_ports(bits) & ports
            if may:
                query = internet("tcp", (sure or may).parts[0][0], bits)
                answers.append(walk([step], query).truth)
    return any_of(answers)


def store_reached(workload: Workload) -> Truth:
    """Whether the internet reaches a managed service on its port; they all speak TCP."""
    return reached(workload, {"tcp": service_ports(workload)})


def _today(truth: Truth) -> Truth:
    if truth.state is not State.YES:
        return truth
    reasons = truth.because
    if not reasons:
        return truth
    first = Because(f"no path from the internet today: {reasons[0].text}", reasons[0].span, reasons[0].resource)
    return Truth(State.YES, (first, *reasons[1:]), truth.variables)


# Group rules: open to the world, but does it matter today?


def latent(rule: GroupRule) -> Truth:
    """Whether a rule that is open to the internet lets it reach nobody today.

    Yes only where the group is attached, all that carry it are known, and none can be reached through this rule.
    """
    view = rule.view
    key = ("latent", rule.declared.address, rule.key)
    found = view.memo.get(key)
    if not isinstance(found, Truth):
        found = view.memo[key] = _today(_latent(view, rule))
    return found


def _latent(view: View, rule: GroupRule) -> Truth:
    network = connections(view)
    target = rule.declared
    if target.type not in GROUPS:
        value = rule.read("GroupId", "security_group_id")
        named_ = view.target(value, GROUPS)
        if named_ is None:
            return NO
        target = named_
    group = network.interfaces.groups.of(target)
    members = network.interfaces.members.get(group.key, ())
    if not members or carried_elsewhere(view, target.address):
        return NO
    ports = rule.port_span
    families = tuple(sorted(rule.addresses)) or FAMILIES
    answers = [_through(network, it, ports, rule.carriers, families) for it in dict.fromkeys(members)]
    worst = any_of(answers)
    return ~worst


def carried_elsewhere(view: View, address: str, *, outputs: bool = False) -> bool:
    """Whether something else than known workloads, templates and firewalls names a group; outputs too, if asked."""
    return any(
        it.type not in KNOWN_CARRIERS if it.is_resource else outputs and it.type == "output"
        for it in view.graph.mentioning(address)
    )


def _through(
    network: Connections, interface: Interface, opened: Ranges, carriers: Sequence[str], families: Sequence[int]
) -> Truth:
    """Whether the internet reaches an interface on some of the ports a rule opens, over what it opens them for."""
    view = network.view
    heard = {it: ports for it in carriers if (ports := opened & listens(interface, it))}
    if not heard:
        return no(f"{interface.owner.address} does not listen there", interface.owner.span, interface.owner.address)
    found = [
        Reach(interface, protocol, bits, *(it & ports for it in network.open_ports(interface, protocol, bits)))
        for bits in families
        for protocol, ports in heard.items()
    ]
    if any(it.strict for it in found):
        return YES
    open_ = [it for it in found if it.lenient]
    if open_:
        return any_of(_answer(view, it, it.lenient.parts[0][0]).truth for it in open_)
    return any_of(
        network.from_internet(interface.owner, protocol, ports.parts[0][0], bits).truth
        for bits in families
        for protocol, ports in heard.items()
    )


def listens(interface: Interface, carrier: str) -> Ranges:
    """The ports that an interface may listen on: a load balancer where it has a listener, a managed service on its own.

    Managed services speak TCP.
    """
    door = interface.workload
    if not isinstance(door, FrontDoor):
        own = door.kind.addressed == "flag" and door.listens
        return (service_ports(door) if carrier == "tcp" else NOTHING) if own else ALL
    if any(not isinstance(it.port, Known) for it in door.listening):
        return ALL
    ports = (it.port.it for it in door.listening if isinstance(it.port, Known) and carrier in it.carriers)
    return ranges((port, port) for port in ports)


def public_for_nothing(resource: Resource) -> Truth:
    """Whether a resource's public address leads nowhere today."""
    return _today(~store_reached(Workload(resource.view, resource.declared)))
