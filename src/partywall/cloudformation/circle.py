"""Templates that deploy each other in a circle, which no deployment of them would get out of."""

from __future__ import annotations

from collections.abc import Collection, Mapping

Edges = Mapping[str, Collection[str]]


def circles(edges: Edges) -> dict[str, str]:
    """For each node that reaches itself, one of those it is in a circle with, the same for all of them."""
    order: list[str] = []
    met: set[str] = set()
    for start in sorted(edges):
        pending = [(start, False)]
        while pending:
            one, done = pending.pop()
            if done:
                order.append(one)
            elif one not in met:
                met.add(one)
                pending.append((one, True))
                pending += [(it, False) for it in edges.get(one, ()) if it not in met]
    backward: dict[str, list[str]] = {}
    for one, others in edges.items():
        for it in others:
            backward.setdefault(it, []).append(one)
    # Who is reached backwards from the one that was left last, and was not told yet, is in a circle with it.
    found: dict[str, str] = {}
    for first in reversed(order):
        if first in found:
            continue
        found[first] = first
        reached = [first]
        for one in reached:
            new = [it for it in backward.get(one, ()) if it not in found]
            found |= dict.fromkeys(new, first)
            reached += new
        if len(reached) == 1 and first not in edges.get(first, ()):
            found[first] = ""
    return {one: name for one, name in found.items() if name}
