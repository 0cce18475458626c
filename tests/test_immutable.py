"""Records are dataclasses in all that counts: fields, defaults, equality, copies; and nobody changes one."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, field, fields, replace

import pytest

from partywall.immutable import immutable


@immutable()
class Point:
    """A record with every kind of field."""

    x: int
    y: int = 2
    names: list[str] = field(default_factory=list, hash=False)
    note: str = field(default="", compare=False, repr=False)


@immutable(guarded=False)
class Light:
    """A record whose immutability only type checkers hold."""

    x: int
    y: int = 2


@immutable(eq=False)
class Itself:
    """A record that is equal to itself only."""

    x: int


def test_fields_have_their_defaults() -> None:
    made = Point(1)
    assert (made.x, made.y, made.names, made.note) == (1, 2, [], "")
    assert Point(1).names is not made.names
    assert Point(y=3, x=1) == Point(1, 3)
    assert [one.name for one in fields(made)] == ["x", "y", "names", "note"]
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]


def test_a_record_is_what_its_fields_are() -> None:
    assert Point(1) == Point(1, note="other")
    assert Point(1) != Point(2)
    assert hash(Point(1, names=["a"])) == hash(Point(1))
    assert {Light(1), Light(1)} == {Light(1)}
    assert Itself(1) != Itself(1)
    assert repr(Point(1)) == "Point(x=1, y=2, names=[])"


def test_nobody_changes_a_record() -> None:
    made = Point(1)
    with pytest.raises(FrozenInstanceError):
        made.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del made.x
    assert replace(made, x=2) == Point(2)
    assert made == Point(1)


@pytest.mark.parametrize("made", [Point(1, names=["a"]), Light(1)])
def test_a_record_goes_to_other_processes(made: object) -> None:
    assert pickle.loads(pickle.dumps(made)) == made
    assert copy.deepcopy(made) == made
