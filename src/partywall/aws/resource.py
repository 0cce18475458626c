"""The small language in which a normalised resource says how both dialects write it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from partywall.declared import Declared
from partywall.graph import Link, View
from partywall.source import Span
from partywall.truth import NO, Because, State, Truth, any_of, yes
from partywall.value import (
    BY_DEFAULT,
    Choice,
    Known,
    Setting,
    Unknown,
    Value,
    convert,
    each,
    fits,
)

T = TypeVar("T")

ACCOUNT, INFRASTRUCTURE, CONTAINER, ABSTRACT = "account", "infrastructure", "container", "abstract"

Names = str | tuple[str, ...]


def _paths(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


class Resource:
    """A declared resource, or a part of one, in the words of AWS.

    Subclasses name the types that spell them; `subjects` finds them in a view. `label` names the
    subject in messages, `key` tells the parts of one declaration apart.
    """

    service: ClassVar[str] = ""
    model: ClassVar[str] = ""
    cloudformation: ClassVar[tuple[str, ...]] = ()
    terraform: ClassVar[tuple[str, ...]] = ()
    kin: ClassVar[tuple[str, ...]] = ()
    """Other types that are named in the same places: what refers to one of them belongs to it and to nobody else."""

    def __init_subclass__(
        cls, *, service: str = "", model: str = "", cloudformation: Names = (), terraform: Names = (), **rest: Any
    ) -> None:
        super().__init_subclass__(**rest)
        if service:
            cls.service, cls.model = service, model
        if cloudformation or terraform:
            cls.cloudformation, cls.terraform = _paths(cloudformation), _paths(terraform)

    def __init__(self, view: View, declared: Declared, value: Setting | None = None, key: str = "") -> None:
        self.view = view
        self.declared = declared
        self.value: Setting = Known(declared.attributes, declared.span) if value is None else value
        self.key = key

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every such resource that a view holds."""
        for declared in view.of(cls.cloudformation + cls.terraform):
            yield cls(view, declared)

    @classmethod
    def parts(cls, view: View, declared: Declared, elements: Iterable[tuple[str, Setting]]) -> Iterator[Self]:
        """A subject for each part of one declaration; the name of a part is the same in every world."""
        for key, element in elements:
            yield cls(view, declared, element, key)

    @property
    def span(self) -> Span:
        """Where it stands: the part's own place, or the header of the declaration."""
        return self.value.span if self.value.span.line else self.declared.span

    @property
    def in_terraform(self) -> bool:
        """Whether it was written in Terraform."""
        return self.declared.dialect == "terraform"

    def spelled(self, cfn: Names, tf: Names) -> tuple[str, ...]:
        """The names for the dialect it is written in."""
        names = tf if self.declared.dialect == "terraform" else cfn
        return (names,) if isinstance(names, str) else names

    def read(self, cfn: Names, tf: Names) -> Setting:
        """The value under the first of some dotted names that is set; Known(None) at the subject's span if none is."""
        for name in self.spelled(cfn, tf):
            value = self.view.look(self.value, name.split("."))
            if not (isinstance(value, Known) and value.it is None):
                return value
        if self.declared.more is not None:
            return self.declared.more
        return Known(None, self.span)

    def named(self, names: Sequence[str]) -> str:
        """The first of some dotted names that is set, or the first of all."""
        for name in names if len(names) > 1 else ():
            value = self.view.look(self.value, name.split("."))
            if not (isinstance(value, Known) and value.it is None):
                return name
        return names[0]

    def elements(self, cfn: Names, tf: Names) -> tuple[Setting, ...]:
        """The elements of all lists under some dotted names; an unknown one where none is seen but there may be."""
        return tuple(item for _, item in self.numbered(cfn, tf))

    def numbered(self, cfn: Names, tf: Names) -> tuple[tuple[str, Setting], ...]:
        """The elements as `elements` has them, each with its list and its place in it, counted before any is left out.

        Under another assumption an element may be another, or none; its name stays.
        """
        names = self.spelled(cfn, tf)
        found = tuple(
            (f"{name}.{at}", item)
            for name in names
            for at, item in enumerate(self.view.items(self.view.look(self.value, name.split("."))))
            if not (isinstance(item, Known) and item.it is None)
        )
        return found if found or not names or self.declared.more is None else (("more", self.declared.more),)

    def companions(self, keys: Mapping[str, str], identity: Names = ()) -> tuple[Link, ...]:
        """Declarations that complete this one: `keys` says, per type, which attribute names it."""
        return self.view.companions(self.declared, keys, _paths(identity), self.kin)

    def any_companion(self, keys: Mapping[str, str], holds: Callable[[Declared], Truth], identity: Names = ()) -> Truth:
        """Whether some declaration that completes this one, exists and satisfies a claim."""
        return any_of(holds(link.declared) & link.holds for link in self.companions(keys, identity))

    def is_set(self, cfn: Names, tf: Names) -> Truth:
        """Whether the author gave a value; one that is not known yet counts when it surely is there."""
        names = self.spelled(cfn, tf)
        if not names:
            return NO
        value = self.read(cfn, tf)
        claim = f"`{self.named(names)}`"
        if isinstance(value, Unknown) and value.is_given:
            return yes(f"{claim} is given", value.span, self.declared.address)
        if isinstance(value, Known) and isinstance(value.it, tuple | Mapping) and value.it:
            return Truth(State.YES, (Because(f"{claim} is given", value.span, self.declared.address, value.origin),))
        return fits(value, claim, lambda it: it is not None and it not in ("", ()), self.declared.address)


class Attribute(Generic[T]):
    """A typed attribute under its names in both dialects; `default` is AWS's behaviour when it is absent."""

    def __init__(
        self,
        cfn: Names,
        tf: Names,
        read: Callable[[object], T | None],
        wanted: str,
        default: T | Unknown[T] | None,
        tf_default: T | Unknown[T] | None = None,
    ) -> None:
        self.cfn, self.tf, self.convert, self.wanted = cfn, tf, read, wanted
        self.default = default
        self.tf_default = default if tf_default is None else tf_default
        self.called = "the value"

    def __set_name__(self, _kind: type[Resource], name: str) -> None:
        self.called = name.strip("_")

    @overload
    def __get__(self, owner: None, kind: type[Resource]) -> Self: ...
    @overload
    def __get__(self, owner: Resource, kind: type[Resource]) -> Value[T]: ...
    def __get__(self, owner: Resource | None, kind: type[Resource]) -> Self | Value[T]:
        return self if owner is None else self.of(owner)

    def of(self, owner: Resource) -> Value[T]:
        """The value as this attribute's type; the default where it is absent."""
        return self._typed(owner.read(self.cfn, self.tf), owner)

    def _typed(self, value: Setting, owner: Resource) -> Value[T]:
        if isinstance(value, Choice):
            arms = each(value, lambda arm: self._typed(arm, owner))
            return Choice(value.variable, arms, value.span, value.references, value.origin)
        if isinstance(value, Known) and value.it is None:
            default = self.tf_default if owner.in_terraform else self.default
            if default is None:
                return Unknown("not set", owner.span)
            if isinstance(default, Unknown):
                return Unknown(default.why, owner.span)
            return Known(default, owner.span, origin=(Because(BY_DEFAULT, owner.span),))
        return convert(value, self.convert, self.wanted)

    def claim(self, owner: Resource) -> str:
        """What its author calls it: the name that is set, or the first that could be; in words where there is none."""
        names = owner.spelled(self.cfn, self.tf)
        if not names:
            return self.called.replace("_", " ")
        return f"`{owner.named(names)}`"

    def fits(self, owner: Resource, holds: Callable[[T], bool]) -> Truth:
        """Whether the value satisfies a test; the reason names it as its author does."""
        return fits(self.of(owner), self.claim(owner), holds, owner.declared.address)


class Flag(Attribute[bool]):
    """A yes-or-no attribute; reading it gives a Truth."""

    @overload  # type: ignore[override]
    def __get__(self, owner: None, kind: type[Resource]) -> Self: ...
    @overload
    def __get__(self, owner: Resource, kind: type[Resource]) -> Truth: ...
    def __get__(self, owner: Resource | None, kind: type[Resource]) -> Self | Truth:
        return self if owner is None else self.truth(owner)

    def truth(self, owner: Resource) -> Truth:
        """Whether it is on."""
        return self.fits(owner, bool)


def as_bool(it: object) -> bool | None:
    """A flag as the service reads it: true, "true", 1, ENABLED, and YAML 1.1's yes and on."""
    if isinstance(it, bool):
        return it
    word = str(it).lower() if isinstance(it, str | int) else ""
    if word in ("true", "yes", "on", "1", "enabled"):
        return True
    return False if word in ("false", "no", "off", "0", "disabled") else None


MOST = 10**18
_WHOLE = re.compile(r"\s*[-+]?\d{1,18}\s*\Z").match


def as_int(it: object) -> int | None:
    """A whole number, given as number or digits; None also for one that no service takes."""
    if isinstance(it, str):
        return int(it) if _WHOLE(it) else None
    if isinstance(it, bool) or not isinstance(it, int | float) or not abs(it) < MOST:
        return None
    return int(it)


def as_text(it: object) -> str | None:
    """Text, numbers and flags as the service would print them."""
    if isinstance(it, bool):
        return "true" if it else "false"
    return str(it) if isinstance(it, str | int | float) else None


def flag(
    *, cfn: Names = (), tf: Names = (), default: bool | Unknown[bool], tf_default: bool | Unknown[bool] | None = None
) -> Flag:
    """A yes-or-no attribute; `tf_default` is what Terraform's provider makes of absence where that differs."""
    return Flag(cfn, tf, as_bool, "true or false", default, tf_default)


def text(
    *,
    cfn: Names = (),
    tf: Names = (),
    default: str | Unknown[str] | None = None,
    tf_default: str | Unknown[str] | None = None,
) -> Attribute[str]:
    """A text attribute."""
    return Attribute(cfn, tf, as_text, "text", default, tf_default)


def number(
    *,
    cfn: Names = (),
    tf: Names = (),
    default: int | Unknown[int] | None = None,
    tf_default: int | Unknown[int] | None = None,
) -> Attribute[int]:
    """A whole-number attribute."""
    return Attribute(cfn, tf, as_int, "a whole number", default, tf_default)


def one_of(*words: str) -> Callable[[str], bool]:
    """The test whether a text is one of some words, case aside."""
    low = {word.lower() for word in words}
    return lambda it: it.lower() in low


def entries(value: Setting) -> Mapping[str, Setting]:
    """The entries of a known map; none of anything else."""
    return value.it if isinstance(value, Known) and isinstance(value.it, Mapping) else {}
