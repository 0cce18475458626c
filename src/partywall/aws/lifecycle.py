"""How long releases are supported: dated tables, and what a chosen release means on a given day.

The tables are `data/lifecycle.json`, each row with its source and the day it was last compared with it;
`scripts/lifecycle.py` says how they are refreshed.
"""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from typing import ClassVar, NotRequired, TypedDict

from partywall.aws.resource import Resource
from partywall.aws.table import table
from partywall.immutable import immutable
from partywall.truth import Truth
from partywall.value import Value, convert, fits

NOTICE = datetime.timedelta(days=183)
"""How long before its end a release is worth a word: half a year."""


@immutable()
class Release:
    """A release of a product and the last day of its support; None where no end is announced.

    `extended` is the last day of paid support after that, `match` the patterns of texts that mean it. An older release
    than any listed is `bounded` by the oldest of them: it ended then at the latest.
    """

    name: str
    ends: datetime.date | None
    extended: datetime.date | None
    match: tuple[str, ...]
    source: str
    checked: datetime.date
    bounded: bool = False


@immutable()
class Support:
    """A release on a day; its text names the date that matters."""

    release: Release
    today: datetime.date

    @property
    def ends(self) -> bool:
        """Whether support is over, or over within half a year."""
        return self.release.ends is not None and self.release.ends - NOTICE < self.today

    @property
    def over(self) -> bool:
        """Whether support is over."""
        return self.release.ends is not None and self.release.ends < self.today

    @property
    def in_extension(self) -> bool:
        """Whether support is over and paid support is not."""
        return self.over and self.release.extended is not None and self.today <= self.release.extended

    def __str__(self) -> str:
        name, ends, extended = self.release.name, self.release.ends, self.release.extended
        if ends is None:
            return f"{name}, whose end is not announced"
        by = " at the latest" if self.release.bounded else ""
        if not self.over:
            return f"{name}, supported until {ends}{by}"
        if extended is None:
            return f"{name}, out of support since {ends}{by}"
        if self.in_extension:
            return f"{name}, out of standard support since {ends}, in paid extended support until {extended}"
        return f"{name}, out of support since {extended}"


class Dated(Resource, ABC):
    """A resource that runs releases of something; subclasses say what holds of them, and `claim` names them."""

    claim: ClassVar[str] = "the release"

    @abstractmethod
    def stage(self, holds: Callable[[Support], bool]) -> Truth:
        """Whether a claim about what it runs holds today."""

    @property
    def support_ends(self) -> Truth:
        """Whether support is over, or over within half a year."""
        return self.stage(lambda it: it.ends)

    @property
    def support_is_over(self) -> Truth:
        """Whether support is over."""
        return self.stage(lambda it: it.over)

    @property
    def still_patched(self) -> Truth:
        """Whether corrections still come: support is not over yet, or paid for longer."""
        return self.stage(lambda it: not it.over or it.in_extension)

    def dated(self, value: Value[str], find: Callable[[str], Release | None]) -> Value[Support]:
        """What a table says about a chosen release today; unknown for one that it does not list."""

        def support(text: str) -> Support | None:
            found = find(text)
            return None if found is None else Support(found, self.view.today)

        return convert(value, support, "a release whose dates are known")


class Versioned(Dated):
    """A resource for which the author chose one release; subclasses say which, as `support`."""

    @property
    @abstractmethod
    def support(self) -> Value[Support]:
        """The release on this day."""

    def stage(self, holds: Callable[[Support], bool]) -> Truth:
        """Whether a claim about the release holds today."""
        return fits(self.support, self.claim, holds, self.declared.address)


@cache
def releases(product: str) -> tuple[Release, ...]:
    """The releases of a product, newest first where they have an order; KeyError for a product without a table."""
    return tuple(
        Release(
            row["release"],
            _date(row["ends"]),
            _date(row.get("extended")),
            tuple(pattern.lower() for pattern in row.get("match", ())),
            row["source"],
            datetime.date.fromisoformat(row["checked"]),
        )
        for row in _tables()[product]
    )


class _Row(TypedDict):
    release: str
    ends: str | None
    extended: NotRequired[str]
    match: NotRequired[list[str]]
    source: str
    checked: str


def _tables() -> dict[str, list[_Row]]:
    tables: dict[str, list[_Row]] = table("lifecycle")
    return tables


def _date(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)


def named(product: str, name: str) -> Release | None:
    """The release of exactly this name."""
    return next((it for it in releases(product) if it.name == name), None)


def numbered(product: str, version: str) -> Release | None:
    """The release that a version number belongs to: the longest that begins it, number by number.

    A version older than every release listed ended no later than the oldest of them, and nobody extends it.
    """
    wanted = _numbers(version)
    if not wanted:
        return None
    listed = [(numbers, it) for it in releases(product) if (numbers := _numbers(it.name))]
    fitting = [(numbers, it) for numbers, it in listed if wanted[: len(numbers)] == numbers]
    if fitting:
        return max(fitting, key=lambda pair: len(pair[0]))[1]
    oldest, it = min(listed, key=lambda pair: pair[0])
    return (
        replace(it, name=f"{version}, older than {it.name}", extended=None, bounded=True) if wanted < oldest else None
    )


def _numbers(version: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in version.split("."):
        if not part.isdecimal() or len(part) > 9:
            break
        found.append(int(part))
    return tuple(found)


def matching(product: str, text: str) -> Release | None:
    """The first release one of whose patterns a text matches, case aside."""
    low = text.lower()
    return next((it for it in releases(product) if any(fnmatchcase(low, one) for one in it.match)), None)
