"""What the language demands of the blocks of a module, whatever stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from partywall.problem import Problem
from partywall.source import Span
from partywall.terraform.syntax import Argument, Block, Body

LABELS: Mapping[str, int] = {
    "resource": 2, "data": 2, "ephemeral": 2, "action": 2, "provider": 1, "variable": 1, "output": 1, "module": 1,
    "check": 1, "terraform": 0, "locals": 0, "moved": 0, "removed": 0, "import": 0, "required_providers": 0,
    "language": 0,
}  # fmt: skip
"""The blocks at top level, and how many labels each has."""

_DEMANDED: Mapping[str, tuple[str, ...]] = {"output": ("value",), "module": ("source",), "moved": ("from", "to")}
_TAKEN = frozenset({"count", "for_each", "source", "version", "providers", "depends_on", "lifecycle", "locals"})
"""Names that a variable cannot have, because arguments of a module call have them."""
_NAME = re.compile(r"[^\W\d][\w-]*")


def outside(body: Body) -> Iterator[Problem]:
    """What stands at top level and in no block."""
    for argument in body.arguments:
        yield Problem(_named(argument), "error", f"{argument.name} stands in no block and was not read")


def _named(argument: Argument) -> Span:
    return argument.source.span(argument.start, argument.end)


def labelled(block: Block) -> Problem | None:
    """Why a block cannot be taken in: it has too many labels or too few, or nobody knows its type."""
    wanted = LABELS.get(block.type)
    if wanted is None:
        return Problem(block.header, "note", f"blocks of type {block.type} are not known here and were passed over")
    if len(block.labels) != wanted:
        message = f"{block.type} needs {wanted} label{'' if wanted == 1 else 's'}, found {len(block.labels)}"
        return Problem(block.header, "error", message)
    return None


def names(block: Block) -> Iterator[Problem]:
    """Labels that are no names, and blocks where only arguments may stand."""
    for label in block.labels:
        if not _NAME.fullmatch(label):
            yield Problem(block.header, "note", f'"{label}" is no name: Terraform wants letters, digits, _ and - only')
    if block.type == "variable" and block.labels[0] in _TAKEN:
        yield Problem(block.header, "note", f"a variable cannot be called {block.labels[0]}")
    if block.type == "locals":
        for inner in block.body.blocks:
            yield Problem(inner.header, "error", f"{inner.type} is a block among local values and was not read")


def complete(block: Block) -> Iterator[Problem]:
    """Arguments that a block lacks, all files taken together."""
    for name in _DEMANDED.get(block.type, ()):
        if block.body.argument(name) is None:
            yield Problem(block.header, "note", f"{block.type} needs the argument {name}")
