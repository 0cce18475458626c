"""What the validations of a variable say about a value that nobody gives."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from partywall.choice import named_by_text
from partywall.limit import Limits, Range
from partywall.terraform import syntax
from partywall.terraform.syntax import Block
from partywall.terraform.type_constraint import literals
from partywall.value import Choice, Known, Reference, Setting

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _conditions(block: Block) -> Iterator[Any]:
    for validation in block.body.blocks_of("validation"):
        condition = validation.body.argument("condition")
        if condition is not None:
            yield condition.expression


def allowed(block: Block, address: str, reference: Reference, *, hidden: bool) -> Setting | None:
    """A choice of the values that a validation lists, `hidden` where the variable is secret; None where none does."""
    for condition in _conditions(block):
        values = _listed(condition, block.labels[0])
        if values:
            told = dict.fromkeys(values)
            arms = named_by_text((value, Known(value, block.header, sensitive=hidden)) for value in told)
            return Choice(address, arms, block.header, (reference,))
    return None


def limits(block: Block) -> Limits | None:
    """The bounds that validations set a number; None where there is none."""
    found = [it for condition in _conditions(block) for it in _bounds(condition, block.labels[0])]
    least = [it.least for it in found if it.least is not None]
    most = [it.most for it in found if it.most is not None]
    return Limits(Range(max(least, default=None), min(most, default=None))) if found else None


def _listed(node: Any, name: str) -> list[str] | None:
    """The texts of `contains(["a", "b"], var.name)`, or of `var.name == "a" || var.name == "b"`."""
    if isinstance(node, syntax.Group):
        return _listed(node.inner, name)
    if isinstance(node, syntax.Binary) and node.operator == "||":
        left, right = _listed(node.left, name), _listed(node.right, name)
        return [*left, *right] if left and right else None
    if isinstance(node, syntax.Binary) and node.operator == "==" and _is_variable(node.left, name):
        return literals([node.right])
    if not isinstance(node, syntax.Call) or node.name != "contains" or len(node.arguments) != 2:
        return None
    items, needle = node.arguments
    return literals(items.items) if _is_variable(needle, name) and isinstance(items, syntax.ListOf) else None


def _bounds(node: Any, name: str) -> Iterator[Range]:
    """The bounds in `var.name >= 7 && var.name < 36`, each of which has to hold; of a strict one the number itself too.

    A bound is never narrower than what is written: numbers need not be whole.
    """
    if isinstance(node, syntax.Group):
        yield from _bounds(node.inner, name)
    elif isinstance(node, syntax.Binary) and node.operator == "&&":
        yield from _bounds(node.left, name)
        yield from _bounds(node.right, name)
    elif isinstance(node, syntax.Binary) and node.operator in _MIRRORED:
        for one, other, operator in (
            (node.left, node.right, node.operator),
            (node.right, node.left, _MIRRORED[node.operator]),
        ):
            if _is_variable(one, name) and (bound := _number(other)) is not None:
                yield Range(bound) if operator.startswith(">") else Range(most=bound)


def _number(node: Any) -> float | None:
    value = node.value if isinstance(node, syntax.Literal) else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        return float(value)
    except OverflowError:
        return None  # What is larger than that bounds nothing that anybody sets.


def _is_variable(node: Any, name: str) -> bool:
    return (
        isinstance(node, syntax.Get)
        and node.name == name
        and isinstance(node.target, syntax.Name)
        and node.target.name == "var"
    )
