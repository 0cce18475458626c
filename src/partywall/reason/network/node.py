"""What the parts of a network have in common: how they are named, and VPCs, which everything belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from partywall.address import Ranges
from partywall.declared import Declared
from partywall.graph import View
from partywall.immutable import immutable
from partywall.truth import Truth, unknown
from partywall.value import Choice, Known, Setting, doubt, settle, shown


@immutable(eq=False)
class Vpc:
    """A VPC: declared, AWS's default one, or one that is only named."""

    key: str
    declared: Declared | None
    blocks: dict[int, Ranges]
    is_default: bool = False
    doubt: Truth | None = None
    open_blocks: bool = False


def resolve(view: View, value: Setting, types: Sequence[str], what: str) -> tuple[Declared | None, Truth | None]:
    """The declared resource that a value names, or why it is none; neither where nothing is named."""
    value = settle(value, view.world)
    if isinstance(value, Known) and value.it in (None, "", ()):
        return None, None
    if isinstance(value, Choice):
        return None, doubt(value, what)
    named = [it.address for it in value.references if is_one_of(view, it.address, types)]
    if len(set(named)) == 1 or (named and isinstance(value, Known)):
        return view.graph.by_address[named[0]], None
    if isinstance(value, Known):
        return None, unknown(f"{what} {shown(value)} is not in these sources", value.span)
    return None, doubt(value, what)


def is_one_of(view: View, address: str, types: Sequence[str]) -> bool:
    """Whether an address is that of a resource of some types."""
    found = view.graph.by_address.get(address)
    return found is not None and found.type in types
