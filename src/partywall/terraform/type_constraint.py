"""Type constraints of variables, read from their expression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from partywall.problem import Problem
from partywall.terraform import conversion, syntax
from partywall.terraform.static_type import ANY, COLLECTIONS, PRIMITIVES, Type

_NAMED = PRIMITIVES | {"any"}


def constraint_of(block: syntax.Block, problems: list[Problem]) -> Type:
    """The type of a variable; `any` where none is written or it is malformed."""
    argument = block.body.argument("type")
    if argument is None:
        return ANY
    try:
        return read_constraint(argument.expression)
    except syntax.HclError as error:
        at = argument.source.span(error.offset, error.offset)
        problems.append(Problem(at, "error", error.message))
        return ANY


def read_constraint(node: Any, *, defaults: bool = True) -> Type:
    """The constraint that a type expression states; raises HclError.

    `defaults` says whether optional attributes may have one.
    """
    if isinstance(node, syntax.Literal) and isinstance(node.value, str):
        # Before Terraform 0.12 types were written as text, "list" and "map" without element types.
        return Type(node.value) if node.value in _NAMED else ANY
    if isinstance(node, syntax.Name) and node.name in {"list", "map"}:
        return Type(node.name, ANY)
    return _read(node, defaults=defaults)


def _read(node: Any, *, defaults: bool) -> Type:
    if isinstance(node, syntax.Name):
        if node.name in {"object", "tuple"}:
            raise syntax.HclError(node.start, f"{node.name} needs its parts in parentheses")
        if node.name in COLLECTIONS:
            raise syntax.HclError(node.start, f"{node.name} needs the type of its elements in parentheses")
        if node.name in _NAMED:
            return Type(node.name)
        raise syntax.HclError(node.start, f"{node.name} is not a type")
    if isinstance(node, syntax.Call) and len(node.arguments) == 1:
        (argument,) = node.arguments
        if node.name in COLLECTIONS:
            return Type(node.name, _read(argument, defaults=defaults))
        if node.name == "tuple" and isinstance(argument, syntax.ListOf):
            return Type("tuple", members=tuple(_read(item, defaults=defaults) for item in argument.items))
        if node.name == "object" and isinstance(argument, syntax.ObjectOf):
            return _object(argument, defaults=defaults)
    raise syntax.HclError(getattr(node, "start", 0), "this is not a type")


def _object(node: syntax.ObjectOf, *, defaults: bool) -> Type:
    attributes: dict[str, Type] = {}
    optional: dict[str, Any] = {}
    for key, kind in node.items:
        name = _attribute(key)
        if name in attributes:
            raise syntax.HclError(key.start, f"the attribute {name} is there twice")
        if isinstance(kind, syntax.Call) and kind.name == "optional" and 1 <= len(kind.arguments) <= 1 + defaults:
            inner, *default = kind.arguments
            attributes[name] = _read(inner, defaults=defaults)
            optional[name] = default[0] if default else None
            _check(optional[name], attributes[name])
        else:
            attributes[name] = _read(kind, defaults=defaults)
    return Type("object", attributes=attributes, optional=optional)


def _attribute(key: Any) -> str:
    """The name of an attribute, which stands without quotes."""
    name = key.value if isinstance(key, syntax.Literal) else None
    if not isinstance(name, str) or key.end - key.start != len(name):
        raise syntax.HclError(key.start, "the name of an attribute is a bare word")
    return name


def _check(default: Any, constraint: Type) -> None:
    """A literal default of another type is a mistake that can be told at once."""
    change = conversion.CHANGES.get(constraint.kind)
    if isinstance(default, syntax.Literal) and default.value is not None and change and change(default.value) is None:
        raise syntax.HclError(default.start, f"the default must be {conversion.ARTICLE[constraint.kind]}")


def literals(items: Sequence[Any]) -> list[str] | None:
    """The texts of literal nodes; None if one is no literal text."""
    texts = [item.value for item in items if isinstance(item, syntax.Literal) and isinstance(item.value, str)]
    return texts if len(texts) == len(items) else None
