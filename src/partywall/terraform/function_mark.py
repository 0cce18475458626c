"""Functions that say something about a value and leave it as it is: marks, and OpenTofu's promises."""

from __future__ import annotations

from partywall.terraform import conversion
from partywall.terraform.function_table import Call, NotKnown, function
from partywall.value import Choice, Unknown, marked


@function("sensitive", 1)
def sensitive(call: Call) -> object:
    """The same value, which reports never show."""
    return marked(call.value(0))


@function("nonsensitive", 1)
def nonsensitive(call: Call) -> object:
    """The same value, which may be shown."""
    return marked(call.value(0), sensitive=False)


@function("ephemeralasnull", 1)
def ephemeralasnull(call: Call) -> object:
    """The same value: that one is ephemeral is kept as being sensitive, and the value itself is judged."""
    return call.value(0)


@function("issensitive", 1)
def issensitive(call: Call) -> object:
    """Whether a value is marked as sensitive."""
    value = call.value(0)
    if isinstance(value, Choice):
        raise NotKnown("it depends on a condition")
    if not value.sensitive and isinstance(value, Unknown):
        raise NotKnown(value.why)
    return value.sensitive


def _assumed(call: Call) -> object:
    return call.value(0)


for _name, _least, _most in (
    ("assumelistlength", 3, 3), ("assumelistlengthmin", 2, 2), ("assumelistlengthmax", 2, 2),
    ("assumemaplength", 3, 3), ("assumemaplengthmin", 2, 2), ("assumemaplengthmax", 2, 2),
    ("assumestringprefix", 2, 2), ("assumenotnull", 1, 1), ("assumeequal", 2, 2),
):  # fmt: skip
    # OpenTofu: a promise about a value that is not known yet; the value is its first argument.
    function(_name, _least, _most)(_assumed)


def _assumed_set(call: Call) -> object:
    return conversion.set_of(call.items(0))


for _name, _least in (("assumesetlength", 3), ("assumesetlengthmin", 2), ("assumesetlengthmax", 2)):
    function(_name, _least)(_assumed_set)
