"""Addresses that a declaration had before: what `moved` blocks say, and what Terraform takes for a move by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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


def with_former(declared: Declared, known: Sequence[Move]) -> Declared:
    """A declaration that knows which addresses it had before; only resources move."""
    if not declared.is_resource or declared.type.startswith(("data.", "ephemeral.")):
        return declared
    return replace(declared, former=former(declared.address, known))


def former(address: str, known: Sequence[Move]) -> tuple[str, ...]:
    """The addresses that a resource had, nearest first, through any number of moves.

    A resource that is given `count`, or loses it, is the first of its instances without a word.
    Source: Terraform's documentation of refactoring modules.
    """
    found = {address: None}
    pending = [address]
    while pending and len(found) <= MAX_FORMER:
        one = pending.pop()
        before = [was for move in known if (was := _before(one, move)) is not None]
        fresh = [was for was in before or _implied(one) if was not in found]
        found |= dict.fromkeys(fresh)
        pending += fresh
    return tuple(found)[1:]


def _before(address: str, move: Move) -> str | None:
    rest = address.removeprefix(move.now)
    begins = address.startswith(move.now) and (not rest or rest[0] in ".[")
    return move.former + rest if begins else None


def _implied(address: str) -> tuple[str, ...]:
    if address.endswith("[0]"):
        return (address.removesuffix("[0]"),)
    return () if address.endswith("]") else (f"{address}[0]",)
