"""Functions over sets."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from partywall.terraform.conversion import set_of
from partywall.terraform.function_collection import MAX_ELEMENTS
from partywall.terraform.function_table import Call, FunctionError, NotKnown, function
from partywall.terraform.membership import Members
from partywall.terraform.static_type import ANY, ListOf, SetOf, common, type_of
from partywall.terraform.type_conversion import conform, unified
from partywall.value import Known, Setting, Unknown


@function("setunion", "set(any)", "set(any)...", returns="set(any)")
def setunion(call: Call) -> object:
    """All elements of some sets."""
    return _as_set(call, [item for items in _sets(call) for item in items])


@function("setintersection", "set(any)", "set(any)...", returns="set(any)")
def setintersection(call: Call) -> object:
    """The elements that all of some sets hold."""
    first, *rest = _sets(call)
    others = [Members(call, items) for items in rest]
    return _as_set(call, [item for item in first if all(other.hold(item) for other in others)])


@function("setsubtract", "set(any)", "set(any)", returns="set(any)")
def setsubtract(call: Call) -> object:
    """The elements of one set that another does not hold."""
    first, second = _sets(call)
    members = Members(call, second)
    return _as_set(call, [item for item in first if not members.hold(item)])


def _as_set(call: Call, items: Sequence[Setting]) -> Setting:
    """A set of the type that all arguments have in common."""
    return conform(Known(ListOf(items)), common([type_of(value) for value in call.arguments]) or ANY, call.span)


def _sets(call: Call) -> Sequence[Sequence[Setting]]:
    """The elements of all arguments, in the one type that they have in common."""
    return [_items(value) for value in unified(call.arguments, call.span)]


def _items(value: Setting) -> tuple[Setting, ...]:
    if not isinstance(value, Known):
        raise NotKnown(value.why if isinstance(value, Unknown) else "it depends on a condition")
    assert isinstance(value.it, tuple)
    return value.it


@function("setproduct", "any", "any", "any...")
def setproduct(call: Call) -> object:
    """Every combination of an element of each collection."""
    if any(type_of(value).kind not in {"list", "set", "tuple", "any"} for value in call.arguments):
        raise FunctionError("only lists and sets can be multiplied")
    if any(isinstance(value, Known) and value.it == () for value in call.arguments):
        return set_of(()) if any(type_of(value).kind == "set" for value in call.arguments) else ListOf()
    collections = [call.items(at) for at in range(len(call))]
    if math.prod(len(items) for items in collections) > MAX_ELEMENTS:
        raise FunctionError(f"it gives more than {MAX_ELEMENTS} combinations")
    unmixed = [unified(items, call.span) for items in collections]
    made = [Known(combination) for combination in itertools.product(*unmixed)]
    return set_of(made) if any(isinstance(items, SetOf) for items in collections) else ListOf(made)
