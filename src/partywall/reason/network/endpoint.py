"""Endpoints that a service puts on the internet: public or not, one port, and perhaps a list of clients."""

from __future__ import annotations

from collections.abc import Sequence

from partywall.address import Ranges, parsed_block
from partywall.aws.face import PORT, Face
from partywall.reason.network.flows import PORTS, every, union
from partywall.reason.network.path import Answer, Hop, Query, Step, walk
from partywall.reason.network.steps import from_truth
from partywall.truth import Truth, known
from partywall.value import Known, doubt, shown


def served(face: Face, query: Query) -> Answer:
    """Whether an endpoint serves those who ask."""
    owner = face.declared.address
    listens = known(query.protocol == "tcp" and query.port == PORT, f"it serves tcp {PORT}", face.span, owner)
    made = [
        from_truth(face.is_public, owner, "public endpoint", f"a public endpoint of {owner}"),
        from_truth(listens, owner, f"serves tcp {PORT}", f"tcp {PORT}", f"it serves tcp {PORT} only"),
    ]
    return walk([*made, _admitting(face, query)] if face.sources else made, query)


def _admitting(face: Face, query: Query) -> Step:
    """The blocks that an endpoint serves."""
    blocks = [parsed_block(it.it) if isinstance(it, Known) else None for it in face.sources]
    sure = union((it[0], PORTS) for it in blocks if it is not None and it[1] == query.bits)
    open_ = [doubt(it, "a range of clients", face.declared.address) for it in face.sources if not isinstance(it, Known)]
    span = face.sources[0].span
    said = "serves " + ", ".join(shown(it).strip('"') for it in face.sources)

    def tell(query: Query, left: Ranges) -> Sequence[Hop]:  # noqa: ARG001
        return (Hop(face.declared.address, said, span),)

    def weigh(query: Query, left: Ranges) -> Sequence[Truth]:  # noqa: ARG001
        return open_

    return Step(sure, every(query.bits) if open_ else sure, tell, weigh, "a range that holds these clients")
