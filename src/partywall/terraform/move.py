"""Addresses that a declaration had before: what `moved` blocks say, and what Terraform takes for a move by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from partywall.declared import Declared
from partywall.terraform import syntax
from partywall.terraform.expansion import quoted
from partywall.terraform.syntax import Block

MAX_FORMER = 16
"""So many addresses are followed back from one."""


class Move(NamedTuple):
    """One address that took the place of another: of a module, of a resource, or of one instance."""

    former: str
    now: str


def moves(blocks: Iterable[Block], module: str) -> Iterator[Move]:
    """What the `moved` blocks of a module say, its own address before each; what is malformed says nothing."""
    for block in blocks:
        ends = [block.body.argument(name) for name in ("from", "to")]
        former, now = (_written(end.expression) if end is not None else None for end in ends)
        if former and now:
            prefix = f"{module}." if module else ""
            yield Move(prefix + former, prefix + now)


def _written(node: Any) -> str | None:
    """A reference as an address; None for anything else. In JSON it is written as a text."""
    if isinstance(node, syntax.Literal):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, syntax.Name):
        return node.name
    if isinstance(node, syntax.Get):
        target = _written(node.target)
        return target and f"{target}.{node.name}"
    if isinstance(node, syntax.Index) and isinstance(node.key, syntax.Literal):
        target, key = _written(node.target), node.key.value
        if isinstance(key, str):
            return target and f"{target}[{quoted(key)}]"
        return target and f"{target}[{key}]" if type(key) is int else None
    return None


Former = Mapping[str, Sequence[str]]
"""For each address that something moved to, those it moved from."""


def by_address(known: Iterable[Move]) -> Former:
    """Moves, each found by where it leads."""
    found: dict[str, list[str]] = defaultdict(list)
    for move in known:
        found[move.now].append(move.former)
    return dict(found)


def with_former(declared: Declared, known: Former) -> Declared:
    """A declaration that knows which addresses it had before; only resources move."""
    if not declared.is_resource or declared.type.startswith(("data.", "ephemeral.")):
        return declared
    return replace(declared, former=former(declared.address, known))


def former(address: str, known: Former) -> tuple[str, ...]:
    """The addresses that a resource had, nearest first, through any number of moves.

    A resource that is given `count`, or loses it, is the first of its instances without a word.
    Source: Terraform's documentation of refactoring modules.
    """
    found = {address: None}
    pending = [address]
    while pending and len(found) <= MAX_FORMER:
        one = pending.pop()
        before = [was + one[end:] for end in _ends(one) for was in known.get(one[:end], ())]
        fresh = [was for was in before or _implied(one) if was not in found]
        found |= dict.fromkeys(fresh)
        pending += fresh
    return tuple(found)[1:]


def _ends(address: str) -> Iterator[int]:
    """Where the address ends, and before that those of everything that holds it."""
    return (at for at in range(len(address), 0, -1) if address[at : at + 1] in ("", ".", "["))


def _implied(address: str) -> tuple[str, ...]:
    if address.endswith("[0]"):
        return (address.removesuffix("[0]"),)
    return () if address.endswith("]") else (f"{address}[0]",)
