"""Which addresses a route table sends through which gate: the longest prefix wins, and a dead end is an end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from partywall.address import Ranges, everything
from partywall.reason.network.flows import NOTHING
from partywall.reason.network.gates import LOCAL, Gate, TableRoute
from partywall.reason.network.topology import Table
from partywall.truth import State, Truth

Wanted = Callable[[Gate], Truth]


def regions(table: Table, bits: int, *, without: Callable[[TableRoute], bool] | None = None) -> Iterator[
    tuple[Ranges, TableRoute]
]:  # fmt: skip
    """The addresses that each route of known destination decides about, most specific first.

    Of equal prefixes a static route wins over one of a prefix list, and that over one that was learnt.
    """
    known = [
        it for it in table.routes
        if it.bits == bits and it.addresses is not None and not (without is not None and without(it))
    ]  # fmt: skip
    taken = NOTHING
    for route in sorted(known, key=lambda it: (it.addresses.size if it.addresses else 0, it.learnt, it.by_list)):
        assert route.addresses is not None
        left = route.addresses - taken
        if left:
            yield left, route
            taken = taken | route.addresses


def leading(table: Table, bits: int, wanted: Wanted, *, lenient: bool) -> Ranges:
    """The addresses that a table sends through a gate that is wanted: surely, or possibly.

    A route of unknown destination, or one that may not exist, takes addresses away from the strict reading when it
    leads elsewhere and adds them to the lenient one when it leads there. What a
    VPN teaches is left out of the strict reading: a static route of the same prefix wins over it.
    """
    if table.doubt is not None:
        return everything(bits) if lenient else NOTHING
    found = NOTHING
    answers = {id(it.gate): wanted(it.gate).state for it in table.routes}

    def meant(route: TableRoute) -> bool:
        state = answers[id(route.gate)]
        return state is State.YES or (lenient and state is State.UNKNOWN)

    def left_out(route: TableRoute) -> bool:
        return route.doubt is not None and meant(route) is not lenient

    for addresses, route in regions(table, bits, without=left_out):
        if meant(route):
            found = found | addresses
    loose = [it for it in table.routes if it.addresses is None and it.bits in (None, bits)]
    if lenient:
        return everything(bits) if any(meant(it) for it in loose) else found
    return NOTHING if any(not meant(it) and not it.learnt for it in loose) else found


def doubts(table: Table, bits: int, wanted: Wanted) -> list[Truth]:
    """What is not known about a table and could send traffic through a gate that is wanted, or away from it."""
    if table.doubt is not None:
        return [table.doubt]
    found = [it.doubt for it in table.routes if it.doubt is not None and it.bits in (None, bits)]
    answers = [wanted(it.gate) for it in table.routes if it.bits in (None, bits) and it.gate.kind != LOCAL]
    return [*found, *(it for it in answers if it.state is State.UNKNOWN)]
