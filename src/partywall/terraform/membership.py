"""Whether a collection holds a value: what is known and has no parts is looked up, all else is compared."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from types import NoneType

from partywall.terraform.function_table import Call, NotKnown
from partywall.terraform.operators import equal
from partywall.value import Known, Setting

_PLAIN = (str, bool, int, float, Decimal, NoneType)


class Members:
    """Values among which others are looked for, in one call of a function that pays for the comparisons."""

    def __init__(self, call: Call, items: Iterable[Setting] = ()) -> None:
        self._call = call
        self._items: list[Setting] = []
        self._plain: set[object] = set()
        self._others: list[Setting] = []
        for item in items:
            self.add(item)

    def add(self, item: Setting) -> None:
        """Another member."""
        self._items.append(item)
        key = _key(item)
        if key is None:
            self._others.append(item)
        else:
            self._plain.add(key)

    def hold(self, wanted: Setting) -> bool:
        """Whether one of them equals a value; raises NotKnown where that is open, or too much work to find out."""
        key = _key(wanted)
        if key in self._plain:
            return True
        among = self._items if key is None else self._others
        if not self._call.place.budget.spend(len(among) // 2, self._call.span):
            raise NotKnown("evaluation takes too long")
        answers = {equal(item, wanted) for item in among}
        if None in answers and True not in answers:
            raise NotKnown("an element is unknown")
        return True in answers


def _key(value: Setting) -> object:
    """The same for values that are equal, and for no others; None for what has to be compared."""
    if not isinstance(value, Known) or not isinstance(value.it, _PLAIN):
        return None
    return isinstance(value.it, bool), isinstance(value.it, str), value.it
