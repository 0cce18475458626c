"""Findings that the configuration accepts, by rule, path and address."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache

from partywall.configuration import Ignore
from partywall.engine import Finding


class Configured:
    """The `[[ignore]]` tables that have not ended, by the rule they name; where there are several the first counts."""

    def __init__(self, ignores: Sequence[Ignore], today: datetime.date) -> None:
        self._ignores = ignores
        self._by_rule: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(ignores):
            if one.until is None or one.until >= today:
                self._by_rule[one.rule.lower()].append(number)
        self._here: dict[tuple[str, str], list[Ignore]] = {}

    def reason(self, finding: Finding) -> str | None:
        """Why a finding is accepted; None where it is not."""
        for one in self._at(finding):
            if not one.resources or any(matcher(pattern)(finding.resource) for pattern in one.resources):
                return one.reason or "accepted in the configuration"
        return None

    def _at(self, finding: Finding) -> list[Ignore]:
        """Those of its rule and its path, in the order they are written."""
        key = (finding.rule.id, finding.span.path)
        found = self._here.get(key)
        if found is None:
            names = (finding.rule.id.lower(), finding.rule.name)
            named = sorted(number for name in names for number in self._by_rule.get(name, ()))
            path = finding.span.path
            found = [
                one
                for one in map(self._ignores.__getitem__, named)
                if not one.paths or any(matcher(it)(path) for it in one.paths)
            ]
            self._here[key] = found
        return found


@cache
def matcher(pattern: str) -> Callable[[str], re.Match[str] | None]:
    """A pattern of paths or addresses: `*` and `?` stand for others, brackets for themselves, as in `a.b["key"]`.

    What stands between two stars is taken where it comes first, for good: a text is read once for each star.
    """
    first, *others = ("".join("." if it == "?" else re.escape(it) for it in piece) for piece in pattern.split("*"))
    last = [f".*{others.pop()}"] if others else []
    middle = [f"(?>.*?{piece})" for piece in others if piece]
    return re.compile("".join((first, *middle, *last)), re.DOTALL).fullmatch
