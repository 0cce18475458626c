"""Functions over lists, maps and objects; what is known of their parts stays known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from partywall.terraform import conversion
from partywall.terraform.conversion import SetOf
from partywall.terraform.function_table import Call, FunctionError, NotKnown, function, references_of, text_in
from partywall.terraform.operators import equal
from partywall.value import Choice, Known, Setting, Unknown

MAX_ELEMENTS = 100_000
MAX_RANGE = 1024


def _why(value: Setting) -> str:
    return value.why if isinstance(value, Unknown) else "it depends on a condition"


def _is_null(value: Setting) -> bool:
    return isinstance(value, Known) and value.it is None


def _limited(items: Iterable[Setting]) -> tuple[Setting, ...]:
    found = tuple(items)
    if len(found) > MAX_ELEMENTS:
        raise FunctionError(f"the result has more than {MAX_ELEMENTS} elements")
    return found


def alike(items: Iterable[Setting]) -> tuple[Setting, ...]:
    """Elements of one list in the type they have in common; raises FunctionError where there is none."""
    try:
        return conversion.unified(tuple(items))
    except conversion.ConversionError as error:
        raise FunctionError(str(error)) from error


def alike_if_possible(items: Iterable[Setting]) -> tuple[Setting, ...]:
    """Elements in the type they have in common, or as they are: whether they must have one is not tracked."""
    found = tuple(items)
    try:
        return conversion.unified(found)
    except conversion.ConversionError:
        return found


@function("length", 1)
def length(call: Call) -> object:
    """Elements of a collection, grapheme clusters of a text."""
    it = call.given(0)
    if isinstance(it, SetOf) and any(not isinstance(item, Known) for item in it):
        raise NotKnown("a set with unknown elements may hold repeats")
    if isinstance(it, str):
        from partywall.terraform.function_text import graphemes

        return len(graphemes(it))
    if isinstance(it, tuple | Mapping):
        return len(it)
    raise FunctionError(f"{conversion.kind_of(it)} has no length")


@function("keys", 1)
def keys(call: Call) -> object:
    """The keys of a map in order."""
    return sorted(call.entries(0))


@function("values", 1)
def values(call: Call) -> object:
    """The values of a map in the order of its keys."""
    entries = call.entries(0)
    return tuple(entries[key] for key in sorted(entries))


@function("lookup", 2, 3)
def lookup(call: Call) -> object:
    """The value of a key, or the default."""
    entries = call.entries(0)
    found = entries.get(call.text(1))
    if found is not None:
        return found
    if len(call) == 2:
        raise FunctionError("the map has no such key, and there is no default")
    return call.value(2)


@function("element", 2)
def element(call: Call) -> object:
    """An element by index, wrapping around."""
    items = call.items(0)
    if isinstance(items, SetOf):
        raise FunctionError("a set has no order")
    if not items:
        raise FunctionError("the list is empty")
    at = call.whole(1)
    if abs(at) >= 1 << 63:
        raise FunctionError("the index is too large")
    return items[at % len(items)]


@function("index", 2)
def index(call: Call) -> object:
    """Where an element stands in a list."""
    for at, item in enumerate(call.items(0)):
        answer = equal(item, call.value(1))
        if answer is None:
            raise NotKnown("an element is unknown")
        if answer:
            return at
    raise FunctionError("the list does not hold the element")


@function("contains", 2)
def contains(call: Call) -> object:
    """Whether a list holds an element."""
    needle = call.value(1)
    if not isinstance(needle, Known):
        raise NotKnown(_why(needle))
    open_ = False
    for item in call.items(0):
        answer = equal(item, needle)
        if answer:
            return True
        open_ |= answer is None
    if open_:
        raise NotKnown("an element is unknown")
    return False


@function("concat", 1, None)
def concat(call: Call) -> object:
    """Several lists as one."""
    return _limited(item for at in range(len(call)) for item in call.items(at))


@function("merge", 0, None)
def merge(call: Call) -> object:
    """Several maps as one; later ones win, nulls are passed over."""
    out: dict[str, Setting] = {}
    for at in range(len(call)):
        if not _is_null(call.value(at)):
            out.update(call.entries(at))
    return out


@function("flatten", 1)
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


@function("distinct", 1)
def distinct(call: Call) -> object:
    """A list without repeats, in the order of first appearance."""
    out: list[Setting] = []
    seen: set[object] = set()
    for item in alike_if_possible(call.items(0)):
        it = item.it if isinstance(item, Known) else None
        if isinstance(it, str):
            if it not in seen:
                seen.add(it)
                out.append(item)
            continue
        answers = [equal(item, kept) for kept in out]
        if None in answers and True not in answers:
            raise NotKnown("an element is unknown")
        if True not in answers:
            out.append(item)
    return tuple(out)


@function("compact", 1)
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


@function("coalesce", 1, None)
def coalesce(call: Call) -> object:
    """The first argument that is neither null nor an empty text."""
    arguments = alike(call.arguments)
    for value in arguments:
        if not isinstance(value, Known):
            if isinstance(value, Unknown) and any(value.parts or ()):
                return value
            raise NotKnown(_why(value))
        if value.it is not None and value.it != "":
            return value
    raise FunctionError("all arguments are null or empty")


@function("coalescelist", 1, None)
def coalescelist(call: Call) -> object:
    """The first list that is not empty."""
    for at in range(len(call)):
        if not _is_null(call.value(at)) and call.items(at):
            return call.value(at)
    raise FunctionError("all lists are empty")


@function("one", 1)
def one(call: Call) -> object:
    """The only element, or null."""
    items = call.items(0)
    if len(items) > 1 and not (isinstance(items, SetOf) and all(isinstance(item, Unknown) for item in items)):
        raise FunctionError("the list has more than one element")
    if len(items) > 1:
        raise NotKnown(_why(items[0]))
    return items[0] if items else None


@function("slice", 3)
def slice_(call: Call) -> object:
    """Some consecutive elements; so many of an unknown list, because fewer would be an error."""
    value, start, end = call.value(0), call.whole(1), call.whole(2)
    if isinstance(value, Unknown) and 0 <= start <= end <= MAX_RANGE:
        return tuple(Unknown(value.why, call.span, value.references) for _ in range(end - start))
    items = call.items(0)
    if not 0 <= start <= end <= len(items):
        raise FunctionError("the indexes lie outside the list")
    return items[start:end]


@function("reverse", 1)
def reverse(call: Call) -> object:
    """A list backwards."""
    return tuple(reversed(call.items(0)))


@function("sort", 1)
def sort(call: Call) -> object:
    """Texts in order of their bytes."""
    items = call.items(0)
    unknown = next((item for item in items if not isinstance(item, Known)), None)
    if unknown is not None:
        return tuple(Unknown(_why(unknown), call.span, references_of(items)) for _ in items)
    order = sorted(items, key=lambda item: text_in(item).encode("utf-8", "surrogatepass"))
    return tuple(item if isinstance(item.it, str) else text_in(item) for item in order if isinstance(item, Known))


@function("chunklist", 2)
def chunklist(call: Call) -> object:
    """A list in pieces of equal size."""
    items, size = call.items(0), call.whole(1)
    if size < 0:
        raise FunctionError("the size must not be negative")
    size = size or max(len(items), 1)
    return tuple(Known(tuple(items[at : at + size])) for at in range(0, len(items), size))


@function("zipmap", 2)
def zipmap(call: Call) -> object:
    """A map from a list of keys and a list of values."""
    names, items = call.texts(0), call.items(1)
    if len(names) != len(items):
        raise FunctionError("there must be as many keys as values")
    return dict(zip(names, items, strict=True))


@function("transpose", 1)
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


@function("matchkeys", 3)
def matchkeys(call: Call) -> object:
    """The values whose keys are in a set."""
    items, names, wanted = call.items(0), call.items(1), call.items(2)
    if len(items) != len(names):
        raise FunctionError("there must be as many keys as values")
    out = []
    for item, name in zip(items, names, strict=True):
        answers = [equal(name, one) for one in wanted]
        if True in answers:
            out.append(item)
        elif None in answers:
            raise NotKnown("a key is unknown")
    return tuple(out)


@function("range", 1, 3)
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


@function("alltrue", 1)
def alltrue(call: Call) -> object:
    """Whether every element is true."""
    return _kleene(call, decided=False)


@function("anytrue", 1)
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


@function("tolist", 1)
def tolist(call: Call) -> object:
    """A list of a list, tuple or set."""
    return None if call.given(0) is None else alike(tuple(call.items(0)))


@function("toset", 1)
def toset(call: Call) -> object:
    """A set of a list or tuple."""
    return None if call.given(0) is None else conversion.set_of(alike(call.items(0)))


@function("tomap", 1)
def tomap(call: Call) -> object:
    """A map of an object."""
    if call.given(0) is None:
        return None
    entries = call.entries(0)
    return dict(zip(entries, alike(entries.values()), strict=True))
