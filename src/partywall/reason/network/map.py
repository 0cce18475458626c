"""The network of a deployment as a map: VPCs with their subnets and gates, who stands where, and the ways in.

Plain data for drawings. What is unknown is drawn as it may be: a way that may be open is a way that is not sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from partywall.address import INTERNET as PUBLIC
from partywall.address import Ranges, show_blocks
from partywall.aws.gateway import (
    EGRESS_ONLY,
    INTERNET_GATEWAYS,
    NATS,
    PEERINGS,
    TRANSIT_GATEWAYS,
    VPN_GATEWAYS,
    Joint,
    NatGateway,
    Peering,
    attachments,
)
from partywall.aws.load_balancer import FrontDoor
from partywall.aws.resource import Resource
from partywall.aws.vpc import SUBNETS, VPCS
from partywall.aws.vpc_endpoint import GatewayEndpoint
from partywall.aws.workload import Workload
from partywall.declared import Declared
from partywall.graph import View
from partywall.immutable import immutable
from partywall.reason.network import routing
from partywall.reason.network.addressing import leads_to_internet
from partywall.reason.network.exposure import Reach, listens, port_words, reaches
from partywall.reason.network.gates import EGRESS, INSPECTED, INTERNET, NAT
from partywall.reason.network.interface import interfaces
from partywall.reason.network.routes import leading
from partywall.reason.network.through import clients_reach
from partywall.reason.network.topology import Subnet, Topology, topology
from partywall.truth import State
from partywall.value import Setting, references

Openness = Literal["public", "inspected", "outbound", "closed", "unknown"]
"""Routes of a subnet: to an internet gateway and back, to a middlebox, out only (NAT), none of these, or not known."""

WORLD = "internet"


@immutable()
class SubnetPlace:
    """A subnet: `address` is its declaration, or a name where nothing declares it."""

    address: str
    openness: Openness
    blocks: tuple[str, ...]
    declared: bool


@immutable()
class Standing:
    """A workload, or a gateway in a subnet, by the subnets it may stand in."""

    address: str
    kind: str
    subnets: tuple[str, ...]


@immutable()
class VpcPlace:
    """A VPC: `address` is its declaration, or a name where nothing declares it. `gates` are addresses with a kind."""

    address: str
    declared: bool
    blocks: tuple[str, ...]
    subnets: tuple[SubnetPlace, ...]
    gates: tuple[tuple[str, str], ...]
    standing: tuple[Standing, ...]


@immutable()
class Way:
    """A way from `source`, the internet or a load balancer, through `gate` ("" for none), and the ports in words."""

    source: str
    gate: str
    target: str
    ports: str
    sure: bool


@immutable()
class Seam:
    """What joins VPCs: a peering or a transit gateway, and in words whether routes lead over it and back."""

    address: str
    kind: str
    vpcs: tuple[str, ...]
    words: str
    sure: bool


@immutable()
class NetworkMap:
    """All VPCs, what joins them, and all ways in."""

    vpcs: tuple[VpcPlace, ...] = ()
    ways: tuple[Way, ...] = ()
    seams: tuple[Seam, ...] = ()


NOTHING = NetworkMap()


def network_map(view: View) -> NetworkMap:
    """The map of a view."""
    made = _Map(view)
    return NetworkMap(made.vpcs(), tuple(dict.fromkeys((*made.ways_in(), *made.ways_on()))), tuple(made.seams()))


class _Map:
    def __init__(self, view: View) -> None:
        self.view = view
        self.topology: Topology = topology(view)
        self.interfaces = interfaces(view)

    def vpcs(self) -> tuple[VpcPlace, ...]:
        """Every VPC that is declared, or that something stands in."""
        subnets: dict[str, dict[str, Subnet]] = {it.address: {} for it in self.view.of(VPCS)}
        places: dict[str, list[Standing]] = {}
        for subnet in self.topology.subnets:
            subnets.setdefault(subnet.vpc.key, {})[subnet.key] = subnet
        for address, kind, found in (*self._workloads(), *self._nats()):
            vpc = found[0].vpc.key
            subnets.setdefault(vpc, {}).update({it.key: it for it in found})
            places.setdefault(vpc, []).append(Standing(address, kind, tuple(it.key for it in found)))
        return tuple(self._vpc(key, list(subnets[key].values()), places.get(key, ())) for key in sorted(subnets))

    def _vpc(self, key: str, subnets: Sequence[Subnet], standing: Sequence[Standing]) -> VpcPlace:
        declared = self.view.graph.by_address.get(key)
        blocks = self.topology.vpc_of(declared).blocks if declared is not None else {}
        places = (
            SubnetPlace(it.key, self._openness(it), _shown(it.blocks), it.declared is not None)
            for it in sorted(subnets, key=lambda it: it.key)
        )
        ordered = tuple(sorted(standing, key=lambda it: it.address))
        return VpcPlace(key, declared is not None, _shown(blocks), tuple(places), tuple(self._gates(key)), ordered)

    def _openness(self, subnet: Subnet) -> Openness:
        out = leads_to_internet(self.topology, subnet).state
        if out is State.YES:
            return "public"
        if out is State.UNKNOWN or subnet.doubt is not None:
            passed = any(it.gate.kind == INSPECTED and it.doubt is None for it in subnet.table.routes)
            return "inspected" if passed else "unknown"
        for bits in PUBLIC:
            if leading(subnet.table, bits, lambda gate: gate.leads(NAT, EGRESS), lenient=True):
                return "outbound"
        return "closed"

    def _gates(self, vpc: str) -> Iterator[tuple[str, str]]:
        for kind, types in (("internet gateway", INTERNET_GATEWAYS), ("VPN gateway", VPN_GATEWAYS)):
            for gateway in self.view.of(types):
                joints = attachments(self.view, gateway)
                if any(self.topology.vpc(value).key == vpc and holds.state is not State.NO for value, holds in joints):
                    yield gateway.address, kind
        for gateway in self.view.of(EGRESS_ONLY):
            if self.topology.vpc(Resource(self.view, gateway).read("VpcId", "vpc_id")).key == vpc:
                yield gateway.address, "egress-only gateway"
        for endpoint in GatewayEndpoint.subjects(self.view):
            here = self.topology.vpc(endpoint.read("VpcId", "vpc_id")).key == vpc
            if here and endpoint.is_gateway.state is State.YES:
                yield endpoint.declared.address, "gateway endpoint"

    def _workloads(self) -> Iterator[tuple[str, str, list[Subnet]]]:
        for workload in self.interfaces.workloads:
            found = list(self._places(workload))
            if found and workload.declared.address not in self.interfaces.plugged:
                yield workload.declared.address, workload.kind.name, found

    def _nats(self) -> Iterator[tuple[str, str, list[Subnet]]]:
        for declared in self.view.of(NATS):
            value = NatGateway(self.view, declared).subnet
            yield declared.address, "NAT gateway", self._named(value) or [self.topology.subnet(value)]

    def _places(self, workload: Workload) -> Iterator[Subnet]:
        """Where a workload may stand; one that picks among named subnets in a way not known stands in any of them."""
        interfaces_ = self.interfaces.of(workload)
        if interfaces_ and all(it.subnet.declared is None and it.subnet.doubt is not None for it in interfaces_):
            named = [subnet for value in workload.subnets for subnet in self._named(value)]
            yield from dict.fromkeys(named or (it.subnet for it in interfaces_))
        else:
            yield from (it.subnet for it in interfaces_)

    def _named(self, value: Setting) -> list[Subnet]:
        """The declared subnets that a value mentions."""
        by_address = self.view.graph.by_address
        found = (by_address.get(it.address) for it in references(value))
        return [self.topology.subnet_of(it) for it in dict.fromkeys(found) if it is not None and it.type in SUBNETS]

    def ways_in(self) -> Iterator[Way]:
        """What the internet reaches."""
        for workload in self.interfaces.workloads:
            found = [(it, listens(it.interface, it.protocol)) for it in reaches(self.view, workload)]
            sure = [(it, ports) for it, open_ in found if (ports := it.strict & open_)]
            may = [(it, ports) for it, open_ in found if (ports := it.lenient & open_)]
            if sure or may:
                yield self._way(workload.declared, sure or may, sure=bool(sure))

    def _way(self, target: Declared, hits: Sequence[tuple[Reach, Ranges]], *, sure: bool) -> Way:
        gate = self._gate(hits[0][0].interface.subnet)
        return Way(WORLD, gate, target.address, port_words(hits), sure)

    def _gate(self, subnet: Subnet) -> str:
        """The internet gateway that a way comes in through: that of the routes, or behind a middlebox the VPC's.

        "" for one that is not declared here.
        """
        leads = (it.gate.address for it in subnet.table.routes if it.gate.kind == INTERNET)
        here = (address for address, kind in self._gates(subnet.vpc.key) if kind == "internet gateway")
        return next(leads, None) or next(here, "")

    def ways_on(self) -> Iterator[Way]:
        """Where load balancers that the internet may reach pass on to."""
        for door in self.interfaces.workloads:
            if not isinstance(door, FrontDoor) or not reaches(self.view, door):
                continue
            for leg in {(it.target.address, it.port, it.carrier): it for it in door.legs}.values():
                state = clients_reach(self.view, door, leg).state
                if state is not State.NO:
                    words = f"{leg.carrier} {leg.port}"
                    yield Way(door.declared.address, "", leg.target.address, words, state is State.YES)

    def seams(self) -> Iterator[Seam]:
        """The peerings and transit gateways, each with the VPCs it joins."""
        for joint in sorted(Joint.subjects(self.view), key=lambda it: it.declared.address):
            kind = "transit gateway" if joint.declared.type in TRANSIT_GATEWAYS else "peering"
            joined = tuple(dict.fromkeys(it.key for it in routing.joined(joint)))
            yield Seam(joint.declared.address, kind, joined, *_routed(joint))


def _routed(joint: Joint) -> tuple[str, bool]:
    """Whether routes lead over a joint and back, in words, and whether that is sure."""
    if joint.declared.type in PEERINGS and Peering(joint.view, joint.declared).accepted.state is State.NO:
        return "nobody accepts it", False
    lacking = routing.lacks_return(joint).state
    if lacking is State.YES:
        return "routes lead over it one way only", False
    if not routing.is_routed(joint):
        return "no route leads over it", False
    return ("routes lead both ways", True) if lacking is State.NO else ("perhaps routes lead both ways", False)


def _shown(blocks: dict[int, Ranges]) -> tuple[str, ...]:
    return tuple(text for bits in sorted(blocks) for text in show_blocks(blocks[bits]))
