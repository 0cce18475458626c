"""Functions that say something about a value and leave it as it is: marks, and OpenTofu's promises."""

from __future__ import annotations

from partywall.terraform import conversion
from partywall.terraform.function_table import Call, NotKnown, function
from partywall.value import Choice, Unknown, marked


@function("sensitive", "any?")
def sensitive(call: Call) -> object:
    """The same value, which reports never show."""
    return marked(call.value(0))


@function("nonsensitive", "any?")
def nonsensitive(call: Call) -> object:
    """The same value, which may be shown."""
    return marked(call.value(0), sensitive=False)


@function("ephemeralasnull", "any?")
def ephemeralasnull(call: Call) -> object:
    """The same value: that one is ephemeral is kept as being sensitive, and the value itself is judged."""
    return call.value(0)


@function("issensitive", "any?", returns="bool")
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


for _name, _more in (
    ("assumelistlength", 2), ("assumelistlengthmin", 1), ("assumelistlengthmax", 1),
    ("assumemaplength", 2), ("assumemaplengthmin", 1), ("assumemaplengthmax", 1),
    ("assumestringprefix", 1), ("assumenotnull", 0), ("assumeequal", 1),
):  # fmt: skip
    # OpenTofu: a promise about a value that is not known yet; the value is its first argument.
    function(_name, "any", *["any"] * _more)(_assumed)


def _assumed_set(call: Call) -> object:
    return conversion.set_of(call.items(0))


for _name, _more in (("assumesetlength", 2), ("assumesetlengthmin", 1), ("assumesetlengthmax", 1)):
    function(_name, "any", *["any"] * _more)(_assumed_set)
