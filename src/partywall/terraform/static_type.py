"""The types of Terraform's values: which one a value has, which convert to which, and what several have in common.

Source: the conversion and unification rules of go-cty, the library of Terraform's values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import cache
from types import MappingProxyType
from typing import Any, Self

from partywall.immutable import immutable
from partywall.text.structured import JsonArray, JsonObject
from partywall.value import Choice, Known, Remade, Setting, Unknown, distinct

NO_ATTRIBUTES: Mapping[str, Any] = MappingProxyType({})


@immutable()
class Type:
    """What a value is or must be: `kind` is string, number, bool, any, list, set, map, object or tuple.

    `any` is a type that is not known yet. `optional` names the attributes of an object that may be missing, with the
    syntax of their default if one is given.
    """

    kind: str
    element: Type | None = None
    attributes: Mapping[str, Type] = field(default_factory=lambda: NO_ATTRIBUTES)
    optional: Mapping[str, Any] = field(default_factory=lambda: NO_ATTRIBUTES, compare=False)
    members: tuple[Type, ...] = ()

    @property
    def of(self) -> Type:
        """The type of the elements of a collection."""
        return self.element or ANY


ANY, STRING, NUMBER, BOOL = Type("any"), Type("string"), Type("number"), Type("bool")
PRIMITIVES = frozenset({"string", "number", "bool"})
COLLECTIONS = frozenset({"list", "set", "map"})


@cache
def named(text: str) -> Type:
    """The type that a text such as `map(list(string))` names."""
    kind, _, inner = text.partition("(")
    return Type(kind, named(inner[:-1]) if inner else None)


class Collection(Remade):
    """What lists, sets and maps have in common: `element` is the type of the elements where they do not tell it."""

    element: Type = ANY

    def remade(self, parts: Any) -> Self:
        """A collection of the same type with other elements."""
        return self.of(self.element, parts)

    @classmethod
    def of(cls, element: Type, parts: Any) -> Self:
        """A collection whose elements are of a type."""
        made = cls(parts)  # type: ignore[call-arg]
        if element is not ANY:
            made.element = element
        return made


class ListOf(Collection, tuple[Setting, ...]):
    """A list, whose elements share a type; a plain tuple is a value of a tuple type."""


class SetOf(Collection, tuple[Setting, ...]):
    """A set: known elements sorted and without repeats, unknown ones behind them. It has no index."""


class MapOf(Collection, dict[str, Setting]):
    """A map, whose elements share a type; a plain dict is a value of an object type."""


@immutable(guarded=False)
class NullOf(Known[object]):
    """A null of a known type."""

    kind: Type = field(default=ANY, hash=False)


@immutable(guarded=False)
class Provided(Known[object]):
    """A configured value as another expression reads it from its resource: its type is the provider's to say."""


@immutable(guarded=False)
class UnknownOf(Unknown[object]):
    """A value of which no more is known than its type."""

    kind: Type = field(default=ANY, hash=False)


def typed(value: Setting, kind: Type) -> Setting:
    """A null or an unknown value with a type; any other value as it is."""
    if kind.kind == "any":
        return value
    if isinstance(value, Unknown):
        return UnknownOf(
            value.why, value.span, value.references, value.parts, value.origin, value.sensitive, value.limits, kind
        )  # fmt: skip
    if isinstance(value, Known) and value.it is None:
        return NullOf(None, value.span, value.references, value.origin, value.sensitive, kind)
    return value


def type_of(value: Setting) -> Type:
    """The type of a value as far as it is known; what comes from a resource has the type that its provider gives it."""
    if isinstance(value, Choice):
        first, *rest = (type_of(arm) for arm in distinct(value))
        return first if all(first == other for other in rest) else ANY
    if isinstance(value, UnknownOf | NullOf):
        return value.kind
    if isinstance(value, Unknown):
        return ANY if value.parts is None else STRING
    return ANY if isinstance(value, Provided) else _type_of(value.it)


def _type_of(it: object) -> Type:
    if isinstance(it, str | JsonObject | JsonArray):
        return STRING
    if isinstance(it, bool):
        return BOOL
    if isinstance(it, ListOf):
        return Type("list", _element(it.element, it))
    if isinstance(it, SetOf):
        return Type("set", _element(it.element, it))
    if isinstance(it, MapOf):
        return Type("map", _element(it.element, it.values()))
    if type(it) is tuple:
        return Type("tuple", members=tuple(map(type_of, it)))
    if type(it) is dict:
        return Type("object", attributes={name: type_of(one) for name, one in it.items()})
    return ANY if it is None or isinstance(it, tuple | Mapping) else NUMBER


def _element(declared: Type, items: Iterable[Setting]) -> Type:
    if declared is not ANY:
        return declared
    return next((found for found in map(type_of, items) if found.kind != "any"), ANY)


def is_null(value: Setting) -> bool:
    """Whether a value is null, of whatever type."""
    return isinstance(value, Known) and value.it is None


def is_bare_null(value: Setting) -> bool:
    """Whether a value is a null of no type, which is of any."""
    return is_null(value) and type_of(value).kind == "any"


def differ(one: Type, other: Type) -> bool:
    """Whether two types cannot be the same, whatever is left open in them."""
    if "any" in (one.kind, other.kind):
        return False
    if one.kind != other.kind or one.attributes.keys() != other.attributes.keys():
        return True
    if len(one.members) != len(other.members) or differ(one.of, other.of):
        return True
    pairs = ((one.attributes[name], other.attributes[name]) for name in one.attributes)
    return any(differ(*pair) for pair in (*zip(one.members, other.members, strict=True), *pairs))


def convertible(given: Type, wanted: Type) -> bool:
    """Whether values of one type may convert to another; whether a certain one does is seen in conversion."""
    if "any" in (given.kind, wanted.kind):
        return True
    if given.kind in PRIMITIVES or wanted.kind in PRIMITIVES:
        both = {given.kind, wanted.kind}
        return both <= PRIMITIVES and (len(both) == 1 or "string" in both)
    if wanted.kind in {"list", "set"}:
        return given.kind in {"list", "set", "tuple"} and _gather(given, given.members, wanted)
    if wanted.kind == "map":
        return given.kind in {"map", "object"} and _gather(given, tuple(given.attributes.values()), wanted)
    if wanted.kind == "tuple":
        if given.kind != "tuple" or len(given.members) != len(wanted.members):
            return False
        return all(convertible(*pair) for pair in zip(given.members, wanted.members, strict=True))
    if given.kind == "map":
        needed = (one for name, one in wanted.attributes.items() if name not in wanted.optional)
        return all(convertible(given.of, one) for one in needed)
    return given.kind == "object" and all(
        convertible(given.attributes[name], one) if name in given.attributes else name in wanted.optional
        for name, one in wanted.attributes.items()
    )


def _gather(given: Type, parts: Sequence[Type], wanted: Type) -> bool:
    """Whether the elements of a collection, or the parts of what becomes one, convert to its element type."""
    if given.kind in COLLECTIONS:
        return convertible(given.of, wanted.of)
    if wanted.of.kind == "any":
        found = common(parts)
        return found is not None and (found.kind != "any" or all(part.kind == "any" for part in parts))
    return all(convertible(part, wanted.of) for part in parts)


def common(types: Sequence[Type]) -> Type | None:
    """The type that all of some types convert to; None where there is none."""
    if types and all(one == types[0] for one in types):
        return types[0]
    kinds = {one.kind for one in types}
    open_ = "any" in kinds
    kinds.discard("any")
    if not kinds:
        return ANY
    if len(kinds) == 1 and not kinds <= PRIMITIVES:
        if open_ and not kinds <= COLLECTIONS:
            return ANY
        return _ALIKE[kinds.pop()]([one for one in types if one.kind != "any"])
    if kinds == {"object", "tuple"}:
        return None
    for structure, collection, gathered in (("tuple", "list", _tuples_as_list), ("object", "map", _objects_as_map)):
        if kinds == {structure, collection}:
            made = gathered([one for one in types if one.kind == structure])
            found = made and common([made if one.kind == structure else one for one in types])
            if found and found.kind == collection:
                return found
    ordered = sorted(types, key=_preference)
    return next((wanted for wanted in ordered if all(convertible(one, wanted) for one in types)), None)


def _preference(one: Type) -> int:
    if one.kind == "any":
        return 4
    if one.kind in {"tuple", "object"}:
        return 3
    return 0 if one.kind == "string" else 2 if one.kind == "set" else 1


def _collections(types: Sequence[Type]) -> Type | None:
    element = common([one.of for one in types])
    return Type(types[0].kind, element) if element else None


def _objects(types: Sequence[Type]) -> Type | None:
    """Attribute by attribute where all have the same ones, else as a map."""
    names = types[0].attributes.keys()
    if all(one.attributes.keys() == names for one in types):
        made = {name: common([one.attributes[name] for one in types]) for name in names}
        return Type("object", attributes=made) if all(made.values()) else None  # type: ignore[arg-type]
    return _objects_as_map(types)


def _objects_as_map(types: Sequence[Type]) -> Type | None:
    parts = [part for one in types for part in one.attributes.values()]
    element = common(parts) if parts else None
    return Type("map", element) if element else None


def _tuples(types: Sequence[Type]) -> Type | None:
    """Member by member where all are of the same length, else as a list."""
    if len({len(one.members) for one in types}) == 1:
        made = [common(column) for column in zip(*(one.members for one in types), strict=True)]
        return Type("tuple", members=tuple(made)) if all(made) else None  # type: ignore[arg-type]
    return _tuples_as_list(types)


def _tuples_as_list(types: Sequence[Type]) -> Type | None:
    parts = [part for one in types for part in one.members]
    element = common(parts) if parts else None
    return Type("list", element) if element else None


_ALIKE = {"list": _collections, "set": _collections, "map": _collections, "object": _objects, "tuple": _tuples}
