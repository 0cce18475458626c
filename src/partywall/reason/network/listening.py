"""Who is there to answer: load balancers have listeners, and some resources no interface."""

from __future__ import annotations

from dataclasses import replace

from partywall.aws.load_balancer import FrontDoor
from partywall.declared import Declared
from partywall.reason.network.interface import Interface
from partywall.reason.network.path import Answer, Hop
from partywall.truth import State, unknown
from partywall.value import Known


def listened(it: Interface, port: int, answer: Answer) -> Answer:
    """The answer of a load balancer holds only where it has a listener."""
    workload = it.workload
    if not isinstance(workload, FrontDoor) or answer.state is State.NO:
        return answer
    owner = workload.declared
    unsettled = [listener for listener in workload.listening if not isinstance(listener.port, Known)]
    for listener in workload.listening:
        if isinstance(listener.port, Known) and listener.port.it == port:
            hop = Hop(owner.address, f"listens on {port}", listener.port.span, listener.declared.address)
            return replace(answer, hops=(*answer.hops, hop))
    if unsettled or owner.more is not None:
        why = unknown(f"a listener's port of {owner.address} is not known", owner.span, owner.address)
        return replace(answer, state=State.UNKNOWN, unknown=(*answer.unknown, why))
    stop = Hop(owner.address, f"no listener on {port}", owner.span, stops=True, change=f"a listener on {port}")
    return Answer(State.NO, (*answer.hops, stop))


def no_interface(declared: Declared) -> Answer:
    """The answer about what stands in no VPC."""
    hop = Hop(declared.address, "it has no interface in a VPC", declared.span, stops=True)
    return Answer(State.NO, (hop,))
