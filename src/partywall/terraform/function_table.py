"""The table of functions: how one is entered, and how its arguments and results are turned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field
from decimal import Decimal

from partywall.immutable import immutable
from partywall.source import Span
from partywall.terraform import conversion
from partywall.terraform.budget import Budget
from partywall.terraform.static_type import ListOf, MapOf, SetOf, Type, named, type_of
from partywall.text.structured import JsonText
from partywall.value import Choice, Known, Reference, Setting, Unknown


class FunctionError(Exception):
    """A call that Terraform itself refuses; the message is one sentence."""


class NotKnown(Exception):  # noqa: N818 - no error: it carries the unknown to the caller
    """An argument that a function needs is not known."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@immutable()
class Place:
    """Where relative paths begin (the root module), what must not be left (the project), and what work is left."""

    directory: str
    project: str
    budget: Budget = field(default_factory=Budget, compare=False)


@immutable()
class Call:
    """One call: its arguments with choices decided, where it stands, and where files are."""

    arguments: Sequence[Setting]
    span: Span
    place: Place

    def __len__(self) -> int:
        return len(self.arguments)

    def value(self, at: int) -> Setting:
        """An argument; raises FunctionError when it is missing."""
        if at >= len(self.arguments):
            raise FunctionError("there are too few arguments")
        return self.arguments[at]

    def given(self, at: int) -> object:
        """What an argument holds, parts still as values; raises NotKnown for an unknown one."""
        value = self.value(at)
        if not isinstance(value, Known):
            raise NotKnown(value.why if isinstance(value, Unknown) else "it depends on a condition")
        return value.it

    def text(self, at: int) -> str:
        """An argument as text."""
        it = self.given(at)
        if it is None:
            raise FunctionError("an argument must not be null")
        try:
            return conversion.text_of(it)
        except conversion.ConversionError as error:
            raise FunctionError(str(error)) from error

    def number(self, at: int) -> conversion.Number:
        """An argument as number."""
        number = conversion.number_of(self.given(at))
        if number is None:
            raise FunctionError(f"a number is needed, not {conversion.kind_of(self.given(at))}")
        return number

    def whole(self, at: int) -> int:
        """An argument as whole number."""
        number = self.number(at)
        whole = conversion.whole_of(number)
        if whole is None or number != whole:
            raise FunctionError("a whole number is needed")
        return whole

    def flag(self, at: int) -> bool:
        """An argument as truth value."""
        flag = conversion.bool_of(self.given(at))
        if flag is None:
            raise FunctionError(f"true or false is needed, not {conversion.kind_of(self.given(at))}")
        return flag

    def items(self, at: int) -> tuple[Setting, ...]:
        """The elements of a list, set or tuple."""
        self._demand(at, "a list or set", {"list", "set", "tuple", "any"})
        it = self.given(at)
        if not isinstance(it, tuple):
            raise FunctionError(f"a list or set is needed, not {conversion.kind_of(it)}")
        return it

    def entries(self, at: int) -> Mapping[str, Setting]:
        """The entries of a map or object."""
        self._demand(at, "a map or object", {"map", "object", "any"})
        it = self.given(at)
        if not isinstance(it, Mapping):
            raise FunctionError(f"a map or object is needed, not {conversion.kind_of(it)}")
        return it

    def _demand(self, at: int, wanted: str, kinds: Collection[str]) -> None:
        """Raise FunctionError for an argument that has the wrong type, though more of it may not be known."""
        kind = type_of(self.value(at)).kind
        if kind not in kinds:
            raise FunctionError(f"{wanted} is needed, not {conversion.found(kind)}")

    def texts(self, at: int) -> list[str]:
        """The elements of a list as texts, all of them known."""
        return [text_in(item) for item in self.items(at)]

    def plain(self, at: int) -> object:
        """An argument as ordinary Python, all of it known."""
        return plain(self.value(at))


def text_in(item: Setting) -> str:
    """A known element as text."""
    if not isinstance(item, Known):
        raise NotKnown(item.why if isinstance(item, Unknown) else "it depends on a condition")
    if item.it is None:
        raise FunctionError("an element must not be null")
    try:
        return conversion.text_of(item.it)
    except conversion.ConversionError as error:
        raise FunctionError(str(error)) from error


def plain(value: Setting) -> object:
    """A wholly known value as ordinary Python; raises NotKnown for an unknown part."""
    if not isinstance(value, Known):
        raise NotKnown(value.why if isinstance(value, Unknown) else "it depends on a condition")
    it = value.it
    if isinstance(it, tuple):
        return [plain(item) for item in it]
    if isinstance(it, Mapping):
        return {key: plain(it[key]) for key in it}
    return it


def setting(it: object, span: Span) -> Setting:
    """Ordinary Python as a value at a place."""
    if isinstance(it, Known | Unknown | Choice):
        return it
    if isinstance(it, ListOf | SetOf | MapOf):
        return Known(it, span)
    if isinstance(it, list | tuple):
        return Known(tuple(setting(item, span) for item in it), span)
    if isinstance(it, Mapping):
        return Known({str(key): setting(item, span) for key, item in it.items()}, span)
    if isinstance(it, float) and it.is_integer() and abs(it) < 2**53:
        return Known(int(it), span)
    if isinstance(it, str | int | float | Decimal | JsonText) or it is None:
        return Known(it, span)
    raise FunctionError("the result is of no known type")


Function = Callable[[Call], object]


@immutable()
class Parameter:
    """What a function takes at a place: a type, whether null too, and whether the argument may be left out."""

    kind: Type
    nullable: bool
    needed: bool


@immutable()
class Entry:
    """A function with its signature; `rest` is what it takes any number of behind its parameters."""

    implementation: Function
    parameters: tuple[Parameter, ...]
    rest: Parameter | None
    returns: Type

    def parameter(self, at: int) -> Parameter | None:
        """What the function takes as an argument; None for one too many."""
        return self.parameters[at] if at < len(self.parameters) else self.rest

    @property
    def least(self) -> int:
        """How many arguments there must be."""
        return sum(one.needed for one in self.parameters)


TABLE: dict[str, Entry] = {}


def function(name: str, *parameters: str, returns: str = "any") -> Callable[[Function], Function]:
    """Enter a function under a name, with the types of what it takes and gives.

    Behind a type `?` means that null is taken too, `=` that the argument may be left out, and `...` that there may be
    any number of them. Source of the signatures: `terraform metadata functions`.
    """
    fixed = tuple(_parameter(one) for one in parameters if not one.endswith("..."))
    rest = next((_parameter(one.removesuffix("...")) for one in parameters if one.endswith("...")), None)

    def enter(implementation: Function) -> Function:
        TABLE[name] = Entry(implementation, fixed, rest, named(returns))
        return implementation

    return enter


def _parameter(text: str) -> Parameter:
    return Parameter(named(text.rstrip("?=")), "?" in text, not text.endswith("="))


def references_of(values: Sequence[Setting]) -> tuple[Reference, ...]:
    """The references of some values and of their direct parts, each once."""
    found: dict[Reference, None] = {}
    for value in values:
        found |= dict.fromkeys(value.references)
        if isinstance(value, Known):
            inner = (
                value.it
                if isinstance(value.it, tuple)
                else tuple(value.it.values())
                if isinstance(value.it, Mapping)
                else ()
            )
            for item in inner:
                found |= dict.fromkeys(item.references)
    return tuple(found)
