"""`Globals`: what a SAM template says once for all resources of a kind.

Source: AWS SAM developer guide, "Globals section"; `IgnoreGlobals` and the lists below as in aws-sam-translator 1.115.
"""

from __future__ import annotations

from partywall.cloudformation.evaluation import items
from partywall.cloudformation.sam import PREFIX
from partywall.cloudformation.sam.tree import entries, is_function, literal
from partywall.text import node as text
from partywall.text.node import Entry, Mapping, Node

_REPLACED = {("Function", "Architectures"), ("CapacityProvider", "InstanceRequirements", "Architectures")}
"""Lists of which the resource's own stands alone."""


def with_globals(kind: str, properties: Node | None, section: Node | None, ignored: Node | None) -> Node | None:
    """A resource's properties with those of its kind in `Globals`, except the ones it ignores."""
    name = kind.removeprefix(PREFIX)
    shared = entries(section).get(name)
    if shared is None or not isinstance(shared.value, Mapping):
        return properties
    left_out = {literal(one) for one in items(ignored)} if ignored is not None else set()
    if "*" in left_out:
        return properties
    kept = {key: entry for key, entry in shared.value.entries.items() if key not in left_out}
    span = properties.span if properties is not None else shared.value.span
    return merged(Mapping(span, kept), properties if properties is not None else Mapping(span), (name,))


def merged(shared: Node, own: Node, path: tuple[str, ...] = ()) -> Node:
    """Maps merge, lists are put together (the shared one first); of everything else the own one stands."""
    if is_function(shared) or is_function(own) or path in _REPLACED:
        return own
    if isinstance(shared, Mapping) and isinstance(own, Mapping):
        found = dict(shared.entries)
        for key, entry in own.entries.items():
            before = found.get(key)
            value = entry.value if before is None else merged(before.value, entry.value, (*path, key))
            found[key] = Entry.at(entry.key, value)
        return Mapping(own.span, found)
    if isinstance(shared, text.Sequence) and isinstance(own, text.Sequence):
        return text.Sequence(own.span, [*shared.items, *own.items])
    return own
