"""Functions over lists, maps and objects; what is known of their parts stays known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from partywall.terraform import conversion
from partywall.terraform.function_table import Call, FunctionError, NotKnown, function, references_of, text_in
from partywall.terraform.membership import Members
from partywall.terraform.operators import equal
from partywall.terraform.static_type import (
    ANY,
    STRING,
    ListOf,
    MapOf,
    SetOf,
    Type,
    common,
    differ,
    is_null,
    type_of,
    typed,
)
from partywall.terraform.type_conversion import conform
from partywall.value import Choice, Known, Setting, Unknown

MAX_ELEMENTS = 100_000
MAX_RANGE = 1024


def _why(value: Setting) -> str:
    return value.why if isinstance(value, Unknown) else "it depends on a condition"


def _limited(items: Iterable[Setting]) -> tuple[Setting, ...]:
    found = tuple(items)
    if len(found) > MAX_ELEMENTS:
        raise FunctionError(f"the result has more than {MAX_ELEMENTS} elements")
    return found


@function("length", "any", returns="number")
def length(call: Call) -> object:
    """Elements of a collection, grapheme clusters of a text."""
    if type_of(call.value(0)).kind in {"number", "bool"}:
        raise FunctionError(f"{conversion.found(type_of(call.value(0)).kind)} has no length")
    it = call.given(0)
    if isinstance(it, SetOf) and any(not isinstance(item, Known) for item in it):
        raise NotKnown("a set with unknown elements may hold repeats")
    if isinstance(it, str):
        from partywall.terraform.function_text import graphemes

        return len(graphemes(it))
    if isinstance(it, tuple | Mapping):
        return len(it)
    raise FunctionError(f"{conversion.kind_of(it)} has no length")


@function("keys", "any")
def keys(call: Call) -> object:
    """The keys of a map in order: a list, those of an object a tuple."""
    found = tuple(Known(key, call.span) for key in sorted(call.entries(0)))
    return ListOf.of(STRING, found) if isinstance(call.entries(0), MapOf) else found


@function("values", "any")
def values(call: Call) -> object:
    """The values of a map in the order of its keys."""
    entries = call.entries(0)
    found = tuple(entries[key] for key in sorted(entries))
    return ListOf.of(type_of(call.value(0)).of, found) if isinstance(entries, MapOf) else found


@function("lookup", "any", "string", "any?=")
def lookup(call: Call) -> object:
    """The value of a key, or the default."""
    entries = call.entries(0)
    kind = type_of(call.value(0)).of if isinstance(entries, MapOf) else ANY
    default = conform(call.value(2), kind, call.span) if len(call) == 3 else None
    found = entries.get(call.text(1), default)
    if found is None:
        raise FunctionError("the map has no such key, and there is no default")
    return found


@function("element", "any", "number")
def element(call: Call) -> object:
    """An element by index, wrapping around."""
    if type_of(call.value(0)).kind == "set":
        raise FunctionError("a set has no order")
    items = call.items(0)
    if not items:
        raise FunctionError("the list is empty")
    at = call.whole(1)
    if abs(at) >= 1 << 63:
        raise FunctionError("the index is too large")
    return items[at % len(items)]


@function("index", "any", "any", returns="number")
def index(call: Call) -> object:
    """Where an element stands in a list."""
    for at, item in enumerate(call.items(0)):
        answer = equal(item, call.value(1))
        if answer is None:
            raise NotKnown("an element is unknown")
        if answer:
            return at
    raise FunctionError("the list does not hold the element")


@function("contains", "any", "any", returns="bool")
def contains(call: Call) -> object:
    """Whether a list holds an element."""
    needle = call.value(1)
    open_ = False
    for item in call.items(0):
        answer = equal(item, needle)
        if answer:
            return True
        open_ |= answer is None
    if open_:
        raise NotKnown("an element is unknown")
    return False


@function("concat", "any", "any...")
def concat(call: Call) -> object:
    """Several lists as one: a list where all of them are, else a tuple."""
    kinds = [type_of(value) for value in call.arguments]
    if any(kind.kind not in {"list", "tuple", "any"} for kind in kinds):
        raise FunctionError("only lists can be put together")
    found = _limited(item for at in range(len(call)) for item in call.items(at))
    if all(kind.kind == "list" for kind in kinds) and (kind := common(kinds)) is not None:
        return conform(Known(found), kind, call.span)
    return found


@function("merge", "any?...")
def merge(call: Call) -> object:
    """Several maps as one; later ones win, nulls are passed over. It is a map where all are of one type."""
    out: dict[str, Setting] = {}
    kinds = [type_of(value) for value in call.arguments]
    for at, kind in enumerate(kinds):
        if kind.kind not in {"map", "object", "any"}:
            raise FunctionError(f"a map or object is needed, not {conversion.found(kind.kind)}")
        if not is_null(call.value(at)):
            out.update(call.entries(at))
    if kinds and kinds[0].kind == "map" and all(kind == kinds[0] for kind in kinds):
        return conform(Known(out), kinds[0], call.span)
    return out


@function("flatten", "any")
def flatten(call: Call) -> object:
    """Lists in lists taken apart, at any depth."""
    out: list[Setting] = []

    def add(items: Iterable[Setting]) -> None:
        for item in items:
            if isinstance(item, Choice):
                raise NotKnown("it depends on a condition")
            if isinstance(item, Known) and isinstance(item.it, tuple):
                add(item.it)
            else:
                out.append(item)

    add(call.items(0))
    return _limited(out)


@function("distinct", "list(any)", returns="list(any)")
def distinct(call: Call) -> object:
    """A list without repeats, in the order of first appearance."""
    out: list[Setting] = []
    members = Members(call)
    for item in call.items(0):
        if not members.hold(item):
            members.add(item)
            out.append(item)
    return tuple(out)


@function("compact", "list(string)", returns="list(string)")
def compact(call: Call) -> object:
    """A list of texts without null and empty ones."""
    out = []
    for item in call.items(0):
        if isinstance(item, Known) and item.it in (None, ""):
            continue
        if isinstance(item, Unknown) and not item.parts:
            raise NotKnown(item.why)
        out.append(item)
    return tuple(out)


@function("coalesce", "any?", "any?...")
def coalesce(call: Call) -> object:
    """The first argument that is neither null nor an empty text."""
    kind = common([type_of(value) for value in call.arguments])
    if kind is None:
        raise FunctionError("the arguments have no type in common")
    for value in (conform(value, kind, call.span) for value in call.arguments):
        if not isinstance(value, Known):
            if isinstance(value, Unknown) and any(value.parts or ()):
                return value
            raise NotKnown(_why(value))
        if value.it is not None and value.it != "":
            return value
    raise FunctionError("all arguments are null or empty")


@function("coalescelist", "any?", "any?...")
def coalescelist(call: Call) -> object:
    """The first list that is not empty."""
    if any(type_of(value).kind not in {"list", "tuple", "any"} for value in call.arguments):
        raise FunctionError("only lists can be chosen from")
    for at in range(len(call)):
        if not is_null(call.value(at)) and call.items(at):
            return call.value(at)
    raise FunctionError("all lists are empty")


@function("one", "any")
def one(call: Call) -> object:
    """The only element, or null."""
    items = call.items(0)
    if len(items) > 1 and not (isinstance(items, SetOf) and all(isinstance(item, Unknown) for item in items)):
        raise FunctionError("the list has more than one element")
    if len(items) > 1:
        raise NotKnown(_why(items[0]))
    return items[0] if items else typed(Known(None), type_of(call.value(0)).of)


@function("slice", "any", "number", "number")
def slice_(call: Call) -> object:
    """Some consecutive elements; so many of an unknown list, because fewer would be an error."""
    value, start, end = call.value(0), call.whole(1), call.whole(2)
    if isinstance(value, Unknown) and 0 <= start <= end <= MAX_RANGE:
        return tuple(Unknown(value.why, call.span, value.references) for _ in range(end - start))
    items = call.items(0)
    if isinstance(items, SetOf):
        raise FunctionError("a set has no order")
    if not 0 <= start <= end <= len(items):
        raise FunctionError("the indexes lie outside the list")
    return _as_before(call, items[start:end])


@function("reverse", "any")
def reverse(call: Call) -> object:
    """A list backwards."""
    return _as_before(call, tuple(reversed(call.items(0))))


def _as_before(call: Call, items: tuple[Setting, ...]) -> tuple[Setting, ...]:
    """Elements of the first argument as the list or tuple that it was; of a set as a list."""
    return ListOf.of(type_of(call.value(0)).of, items) if isinstance(call.items(0), ListOf | SetOf) else items


@function("sort", "list(string)", returns="list(string)")
def sort(call: Call) -> object:
    """Texts in order of their bytes."""
    items = call.items(0)
    unknown = next((item for item in items if not isinstance(item, Known)), None)
    if unknown is not None:
        return tuple(Unknown(_why(unknown), call.span, references_of(items)) for _ in items)
    order = sorted(items, key=lambda item: text_in(item).encode("utf-8", "surrogatepass"))
    return tuple(item if isinstance(item.it, str) else text_in(item) for item in order if isinstance(item, Known))


@function("chunklist", "list(any)", "number", returns="list(list(any))")
def chunklist(call: Call) -> object:
    """A list in pieces of equal size."""
    items, size = call.items(0), call.whole(1)
    if size < 0:
        raise FunctionError("the size must not be negative")
    size = size or max(len(items), 1)
    return tuple(Known(tuple(items[at : at + size])) for at in range(0, len(items), size))


@function("zipmap", "list(string)", "any")
def zipmap(call: Call) -> object:
    """A map from a list of keys and a list of values."""
    if type_of(call.value(1)).kind not in {"list", "tuple", "any"}:
        raise FunctionError("the values must be a list")
    items = call.items(1)
    names = call.texts(0)
    if len(names) != len(items):
        raise FunctionError("there must be as many keys as values")
    made = dict(zip(names, items, strict=True))
    return conform(Known(made), Type("map", type_of(call.value(1)).of), call.span) if _is_list(items) else made


def _is_list(items: object) -> bool:
    return isinstance(items, ListOf)


@function("transpose", "map(list(string))", returns="map(list(string))")
def transpose(call: Call) -> object:
    """Keys and values of a map of lists of texts exchanged."""
    out: dict[str, list[str]] = {}
    entries = call.entries(0)
    for key in sorted(entries):
        items = entries[key]
        if isinstance(items, Known) and not isinstance(items.it, tuple):
            raise FunctionError(f"a list of texts is needed, not {conversion.kind_of(items.it)}")
        if not isinstance(items, Known) or not isinstance(items.it, tuple):
            raise NotKnown("a value is unknown")
        for item in items.it:
            out.setdefault(text_in(item), []).append(key)
    return {key: sorted(out[key]) for key in sorted(out)}


@function("matchkeys", "list(any)", "list(any)", "list(any)", returns="list(any)")
def matchkeys(call: Call) -> object:
    """The values whose keys are in a set."""
    items, names, wanted = call.items(0), call.items(1), call.items(2)
    if len(items) != len(names):
        raise FunctionError("there must be as many keys as values")
    if differ(type_of(call.value(1)).of, type_of(call.value(2)).of):
        raise FunctionError("the keys must have the type of what is searched for")
    members = Members(call, wanted)
    return tuple(item for item, name in zip(items, names, strict=True) if members.hold(name))


@function("range", "number", "number=", "number=", returns="list(number)")
def range_(call: Call) -> object:
    """Numbers from a start up to, not including, a limit."""
    numbers = [call.number(at) for at in range(len(call))]
    start, limit = (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
    step = numbers[2] if len(numbers) == 3 else (-1 if limit < start else 1)
    if step == 0 or (step > 0) is (limit < start):
        if start == limit:
            return []
        raise FunctionError("the step leads away from the limit")
    out: list[object] = []
    exact = any(isinstance(number, Decimal | float) for number in (start, limit, step))
    now, end, by = (Decimal(str(it)) if exact else it for it in (start, limit, step))
    while (now < end) if by > 0 else (now > end):
        if len(out) >= MAX_RANGE:
            raise FunctionError(f"it gives more than {MAX_RANGE} numbers")
        out.append(conversion.number_from(str(now)) if exact else now)
        now += by  # type: ignore[operator]
    return out


@function("alltrue", "list(bool)", returns="bool")
def alltrue(call: Call) -> object:
    """Whether every element is true."""
    return _kleene(call, decided=False)


@function("anytrue", "list(bool)", returns="bool")
def anytrue(call: Call) -> object:
    """Whether some element is true."""
    return _kleene(call, decided=True)


def _kleene(call: Call, *, decided: bool) -> bool:
    open_ = ""
    for item in call.items(0):
        if not isinstance(item, Known):
            open_ = _why(item)
        elif (bool(conversion.bool_of(item.it)) if item.it is not None else False) is decided:
            return decided
    if open_:
        raise NotKnown(open_)
    return not decided


@function("tolist", "any?", returns="list(any)")
def tolist(call: Call) -> object:
    """A list of a list, tuple or set."""
    return call.value(0)


@function("toset", "any?", returns="set(any)")
def toset(call: Call) -> object:
    """A set of a list or tuple."""
    return call.value(0)


@function("tomap", "any?", returns="map(any)")
def tomap(call: Call) -> object:
    """A map of an object."""
    return call.value(0)
