"""A value as far as it can be known without deploying."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Generic, Self, TypeAlias, TypeVar

from partywall.immutable import immutable
from partywall.limit import Limits, Range
from partywall.source import NOWHERE, Span
from partywall.truth import Because, State, Truth

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


@immutable(guarded=False)
class Reference:
    """A mention of another declaration: its address and, where one is named, the attribute ("" is its identity)."""

    address: str
    attribute: str = ""


@immutable(guarded=False)
class Known(Generic[T_co]):
    """A value that the sources, or AWS's own default, settle.

    Lists are tuples of values, maps are mappings from text to values, so that parts may be unknown.
    `origin` leads through the variables, defaults and arguments the value came from, nearest first.
    A `sensitive` value is judged like any other and never printed.
    """

    it: T_co
    span: Span = NOWHERE
    references: tuple[Reference, ...] = ()
    origin: tuple[Because, ...] = ()
    sensitive: bool = False


@immutable(guarded=False)
class Unknown(Generic[T_co]):
    """A value that only a deployment settles, and why.

    `parts` holds what is known of a text: its literal pieces, with None for each hole. `limits` is what is sure
    about the value all the same.
    """

    why: str
    span: Span = NOWHERE
    references: tuple[Reference, ...] = ()
    parts: tuple[str | None, ...] | None = None
    origin: tuple[Because, ...] = ()
    sensitive: bool = False
    limits: Limits | None = None

    def may_be(self, text: str) -> bool:
        """Whether it can turn out to be a text, by its limits and by the pieces that are known of it."""
        if self.limits is not None and not self.limits.admits(text):
            return False
        return self.parts is None or _has_pieces(text, self.parts)

    @property
    def is_given(self) -> bool:
        """Whether it surely is neither null nor empty, whatever it is."""
        return self.why in (CREATED, READ) or not self.may_be("")


@immutable(guarded=False)
class Choice(Generic[T_co]):
    """A value that hangs on a variable the author left open.

    `arms` pairs each option of the variable, in words ("false", "PublicRead", "anything else"), with
    the value under it. Every choice on one variable has the same options in the same order.
    """

    variable: str
    arms: tuple[tuple[str, Value[T_co]], ...]
    span: Span = NOWHERE
    references: tuple[Reference, ...] = ()
    origin: tuple[Because, ...] = ()


Value: TypeAlias = Known[T] | Unknown[T] | Choice[T]
Setting: TypeAlias = Value[object]
World: TypeAlias = Mapping[str, str]
"""An assumption: variable → option."""


class Remade:
    """A collection that knows more than its parts, and keeps it when it is made anew of others."""

    __slots__ = ()

    @abstractmethod
    def remade(self, parts: Any) -> Self:
        """The same of other parts."""


class Open(Remade, dict[str, Setting]):
    """A map that may hold more than is seen, and why."""

    __slots__ = ("more",)

    def __init__(self, entries: Mapping[str, Setting], more: Unknown[object]) -> None:
        super().__init__(entries)
        self.more = more

    def remade(self, parts: Mapping[str, Setting]) -> Self:
        """The same of other entries."""
        return type(self)(parts, self.more)


CREATED = "set by AWS at creation"
READ = "read by a data source at plan"
"""Reasons for not knowing a value that yet is there: it is neither null nor empty."""

BY_DEFAULT = "the default where it is not set"
"""The origin of a value that nobody wrote."""

SENSITIVE = "(sensitive)"
"""The words for a value that is not told."""

MOVED = "passed on here"
"""The words of an origin that says no more than where."""


def _has_pieces(text: str, parts: tuple[str | None, ...]) -> bool:
    """Whether a text can be made of pieces, with anything at all in the holes between them."""
    if None not in parts:
        return text == "".join(filter(None, parts))
    hole = parts.index(None)
    behind = len(parts) - parts[::-1].index(None)
    first, last = "".join(filter(None, parts[:hole])), "".join(filter(None, parts[behind:]))
    at, end = len(first), len(text) - len(last)
    if at > end or not (text.startswith(first) and text.endswith(last)):
        return False
    for piece in filter(None, parts[hole:behind]):
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def same_text(one: Unknown[object], other: Setting) -> bool | None:
    """Whether a text that is partly known is another one; None where that hangs on what is not known.

    The same pieces around the same holes are the same text, and so are different pieces a different one, if they are
    of a length: what fills the holes then stands at the same places.
    """
    if isinstance(other, Known):
        return False if isinstance(other.it, str) and not one.may_be(other.it) else None
    if not isinstance(other, Unknown) or one.parts is None or other.parts is None:
        return None
    holes = one.parts.count(None)
    if one.references != other.references or len(one.references) != holes or holes != other.parts.count(None):
        return None
    pieces, others = _between(one.parts), _between(other.parts)
    if pieces == others:
        return True
    lengths, rest = list(map(len, pieces)), list(map(len, others))
    return False if lengths == rest or sum(lengths) != sum(rest) else None


def _between(parts: tuple[str | None, ...]) -> list[str]:
    """The literal pieces before, between and after the holes of a text."""
    found = [""]
    for part in parts:
        if part is None:
            found.append("")
        else:
            found[-1] += part
    return found


def settle(value: Value[T], world: World) -> Value[T]:
    """Decide a choice, and choices inside it, as far as a world assumes their variables."""
    while isinstance(value, Choice):
        option = world.get(value.variable)
        if option is None:
            return value
        for name, arm in value.arms:
            if name == option:
                value = arm
                break
        else:
            return Unknown(f"{value.variable} is {option}", value.span, value.references)
    return value


def never(value: Value[bool], world: World) -> bool:
    """Whether something is not so in a world, whatever the world leaves open."""
    value = settle(value, world)
    if isinstance(value, Choice):
        return all(never(arm, {**world, value.variable: option}) for option, arm in value.arms)
    return isinstance(value, Known) and value.it is False


def each(value: Choice[T], change: Callable[[Value[T]], U]) -> tuple[tuple[str, U], ...]:
    """Something made of every arm, with its option; made once for all options that share an arm."""
    made: dict[int, U] = {}
    for _, arm in value.arms:
        if id(arm) not in made:
            made[id(arm)] = change(arm)
    return tuple((option, made[id(arm)]) for option, arm in value.arms)


def distinct(value: Choice[T]) -> tuple[Value[T], ...]:
    """The arms, those that options share once."""
    return tuple({id(arm): arm for _, arm in value.arms}.values())


def variables(value: Value[T]) -> frozenset[str]:
    """The open variables on which a value (not its parts) hangs."""
    if not isinstance(value, Choice):
        return frozenset()
    return frozenset((value.variable,)).union(*map(variables, distinct(value)))


def fits(value: Value[T], claim: str, holds: Callable[[T], bool], resource: str = "") -> Truth:
    """Whether a value satisfies a test; `claim` names the value in the reason.

    A choice is decided when all its arms agree, an unknown number when the test is a `Range` and its limits suffice.
    """
    if isinstance(value, Known):
        state = State.YES if holds(value.it) else State.NO
        return Truth(state, (Because(lambda: f"{claim} is {_told(value)}", value.span, resource, value.origin),))
    if isinstance(value, Unknown):
        size = None if value.limits is None else value.limits.size
        within = holds.holds(size) if size is not None and isinstance(holds, Range) else None
        if within is not None:
            limit = Because(lambda: f"{claim} is {size}", value.span, resource, value.origin)
            return Truth(State.YES if within else State.NO, (limit,))
        why = Because(lambda: f"{claim} is unknown: {value.why}", value.span, resource, value.origin, value.why)
        return Truth(State.UNKNOWN, (why,))
    arms = [fits(arm, claim, holds, resource) for arm in distinct(value)]
    met = frozenset((value.variable,)).union(*(arm.variables for arm in arms))
    states = {arm.state for arm in arms}
    if len(states) == 1:
        told = {arm.because[0].span: arm for arm in reversed(arms)}  # What agrees at one place is told once.
        return Truth(states.pop(), tuple(reversed(told.values())), met)
    cause = f"it depends on {value.variable}"
    reason = Because(f"{claim} depends on {value.variable}", value.span, resource, value.origin, cause)
    return Truth(State.UNKNOWN, (reason,), met)


def _told(value: Known[T]) -> str:
    by_default = any(step.text == BY_DEFAULT for step in value.origin)
    return f"{shown(value)} by default" if by_default else shown(value)


def doubt(value: Value[T], claim: str, resource: str = "") -> Truth:
    """Why a value is not settled, as an unknown truth that carries the variables it hangs on."""
    if isinstance(value, Choice):
        cause = f"it depends on {value.variable}"
        said = Because(f"{claim} depends on {value.variable}", value.span, resource, value.origin, cause)
        return Truth(State.UNKNOWN, (said,), variables(value))
    why = value.why if isinstance(value, Unknown) else "it is not what is wanted"
    return Truth(State.UNKNOWN, (Because(f"{claim} is unknown: {why}", value.span, resource, value.origin, why),))


def convert(value: Value[T], change: Callable[[T], U | None], wanted: str) -> Value[U]:
    """Each known value changed; what cannot be changed (None) becomes unknown, with what was wanted."""
    if isinstance(value, Choice):
        arms = each(value, lambda arm: convert(arm, change, wanted))
        return Choice(value.variable, arms, value.span, value.references, value.origin)
    if isinstance(value, Unknown):
        return Unknown(
            value.why, value.span, value.references, value.parts, value.origin, value.sensitive, value.limits
        )
    changed = change(value.it)
    if changed is None:
        return Unknown(f"not {wanted}", value.span, value.references, None, value.origin, value.sensitive)
    return Known(changed, value.span, value.references, value.origin, value.sensitive)


def moved(value: Value[T], span: Span) -> Value[T]:
    """The same value at another place; where it was before joins its origin."""
    before = value.span
    if before is span or before == span:
        return value
    origin = value.origin
    if before.line and not (origin and origin[0].span == before):
        origin = (Because(MOVED, before), *origin)
    if type(value) is Known:
        return Known(value.it, span, value.references, origin, value.sensitive)
    if type(value) is Unknown:  # The two commonest, without what `replace` costs.
        return Unknown(value.why, span, value.references, value.parts, origin, value.sensitive, value.limits)
    return replace(value, span=span, origin=origin)


def marked(value: Setting, *, sensitive: bool = True) -> Setting:
    """A value and its parts marked as sensitive, or with the mark taken off."""
    if isinstance(value, Choice):
        return replace(value, arms=each(value, lambda arm: marked(arm, sensitive=sensitive)))
    if isinstance(value, Known):
        it = value.it
        if isinstance(it, tuple | dict):
            inner: Any
            if isinstance(it, tuple):
                inner = tuple(marked(item, sensitive=sensitive) for item in it)
            else:
                inner = {key: marked(item, sensitive=sensitive) for key, item in it.items()}
            made = it.remade(inner) if isinstance(it, Remade) else type(it)(inner)
            return replace(value, it=made, sensitive=sensitive)
    return value if value.sensitive is sensitive else replace(value, sensitive=sensitive)


def is_marked(value: Setting) -> bool:
    """Whether a value or one of its parts is sensitive."""
    if isinstance(value, Choice):
        return any(is_marked(arm) for _, arm in value.arms)
    if value.sensitive or isinstance(value, Unknown):
        return value.sensitive
    it = value.it
    if isinstance(it, tuple):
        return any(map(is_marked, it))
    return isinstance(it, dict) and any(map(is_marked, it.values()))


def shown(value: Value[T], limit: int = 60) -> str:
    """A short text of a value for people, which never tells a sensitive one."""
    if isinstance(value, Choice):
        return f"(depends on {value.variable})"
    if value.sensitive:
        return SENSITIVE
    if isinstance(value, Unknown):
        if value.parts is not None:
            return '"' + "".join("${…}" if part is None else part for part in value.parts)[:limit] + '"'
        return "(unknown)"
    it: object = value.it
    if it is None:
        return "not set"
    if isinstance(it, bool):
        return "true" if it else "false"
    if isinstance(it, str):
        return f'"{it}"' if len(it) <= limit else f'"{it[: limit - 1]}…"'
    if isinstance(it, tuple):
        return "[" + ", ".join(shown(item, limit // 2) for item in it[:4]) + (", …]" if len(it) > 4 else "]")
    if isinstance(it, Mapping):
        return "{" + ", ".join(str(key) for key in list(it)[:4]) + "}"
    return str(it)


def told(value: Setting, text: str | None = None) -> str:
    """A value in the middle of a sentence, or a text that was made of it; never a sensitive one."""
    if is_marked(value):
        return SENSITIVE
    if text is not None:
        return text
    return str(value.it) if isinstance(value, Known) else shown(value)


def plain(value: Setting) -> object:
    """The ordinary Python value, with None for every part that is not known."""
    if not isinstance(value, Known):
        return None
    it = value.it
    if isinstance(it, tuple):
        return [plain(item) for item in it]
    if isinstance(it, Mapping):
        return {str(key): plain(item) for key, item in it.items()}
    return it


def parts(value: Setting) -> Iterator[Setting]:
    """A value, the arms of its choices and the parts of its lists and maps, outermost first."""
    stack: list[Setting] = [value]
    while stack:
        current = stack.pop()
        yield current
        if isinstance(current, Choice):
            stack.extend(reversed(distinct(current)))
        elif isinstance(current, Known) and not isinstance(current.it, str):
            if isinstance(current.it, tuple):
                stack.extend(reversed(current.it))
            elif isinstance(current.it, Mapping):
                stack.extend(reversed(list(current.it.values())))


def references(value: Setting) -> Iterator[Reference]:
    """All references in a value and its parts."""
    return (reference for part in parts(value) for reference in part.references)


def choices(value: Setting) -> Iterator[Choice[object]]:
    """All choices in a value and its parts."""
    return (part for part in parts(value) if isinstance(part, Choice))
