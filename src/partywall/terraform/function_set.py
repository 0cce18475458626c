"""Functions over sets."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from partywall.terraform.conversion import SetOf, set_of
from partywall.terraform.function_collection import MAX_ELEMENTS, alike, alike_if_possible
from partywall.terraform.function_table import Call, FunctionError, NotKnown, function
from partywall.terraform.operators import equal
from partywall.value import Known, Setting


def _has(items: Sequence[Setting], wanted: Setting) -> bool:
    answers = [equal(item, wanted) for item in items]
    if True in answers:
        return True
    if None in answers:
        raise NotKnown("an element is unknown")
    return False


@function("setunion", 1, None)
def setunion(call: Call) -> object:
    """All elements of some sets."""
    return set_of(alike(item for at in range(len(call)) for item in call.items(at)))


@function("setintersection", 1, None)
def setintersection(call: Call) -> object:
    """The elements that all of some sets hold."""
    first, *rest = (call.items(at) for at in range(len(call)))
    return set_of(item for item in first if all(_has(other, item) for other in rest))


@function("setsubtract", 2)
def setsubtract(call: Call) -> object:
    """The elements of one set that another does not hold."""
    return set_of(item for item in call.items(0) if not _has(call.items(1), item))


@function("setproduct", 1, None)
def setproduct(call: Call) -> object:
    """Every combination of an element of each collection."""
    collections = [call.items(at) for at in range(len(call))]
    if len(collections) < 2:
        raise FunctionError("two collections are needed")
    if math.prod(len(items) for items in collections) > MAX_ELEMENTS:
        raise FunctionError(f"it gives more than {MAX_ELEMENTS} combinations")
    collections = [alike_if_possible(items) if not isinstance(items, SetOf) else items for items in collections]
    made = [Known(combination) for combination in itertools.product(*collections)]
    return set_of(made) if all(isinstance(items, SetOf) for items in collections) else tuple(made)
