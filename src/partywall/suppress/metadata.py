"""Marks in a template's `Metadata`: ours, and those of the tools that work on CloudFormation."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from partywall.declared import Declared
from partywall.problem import Problem
from partywall.suppress.mark import Mark, all_of
from partywall.suppress.names import Names
from partywall.value import plain

PEERS = (
    ("checkov", ("checkov", "skip"), "id", "comment"),
    ("cfn_nag", ("cfn_nag", "rules_to_suppress"), "id", "reason"),
    ("cdk_nag", ("cdk_nag", "rules_to_suppress"), "id", "reason"),
    ("guard", ("guard", "SuppressedRules"), "", ""),
)
"""A tool, the way to its list, and the keys of id and reason in an entry; without keys an entry is the id itself."""


def marks(declared: Declared, names: Names, problems: list[Problem]) -> Iterator[Mark]:
    """The marks beside the properties of a resource, or at the top of a template for all of it."""
    value = declared.metadata.get("Metadata")
    if value is None:
        return
    metadata = plain(value)
    whole = declared.type == "template"
    span = value.span if value.span.line else declared.span
    holds = all_of(span.path) if whole else declared.extent
    owners = frozenset() if whole else frozenset({declared.address})
    for entry in _entries(metadata, ("partywall", "ignore")):
        word = str(entry.get("rule", entry.get("id", "")))
        ids, unknown = names.ours([word])
        problems += [Problem(span, "note", f"no rule is called {it!r}") for it in unknown]
        until, wrong = _day(entry.get("until"))
        problems += [Problem(span, "note", f"{it} is no date; the ignore counts as ended") for it in wrong]
        yield Mark(ids, str(entry.get("reason", "")), span, holds, owners, until, words=(word,))
    for peer, place, key, said in PEERS:
        for entry in _entries(metadata, place):
            word = str(entry.get(key, ""))
            reason = str(entry.get(said) or f"accepted for {peer.replace('_', '-')}")
            yield Mark(names.theirs(peer, [word]), reason, span, holds, owners, None, peer, (word,))
    for word in _texts(metadata, ("cfn-lint", "config", "ignore_checks")):
        # Inside cfn-lint a rule of ours is W and its id; a prefix means all that begin with it.
        found = names.beginning(word) if len(word) > 1 else frozenset()
        if found:
            yield Mark(found, "accepted for cfn-lint", span, holds, owners, None, "cfn-lint", (word,))


def _day(given: object) -> tuple[datetime.date | None, list[str]]:
    if given is None:
        return None, []
    if isinstance(given, datetime.date):
        return given, []
    try:
        return datetime.date.fromisoformat(str(given)), []
    except ValueError:
        return datetime.date.min, [repr(given)]


def _entries(metadata: object, place: Sequence[str]) -> list[dict[str, object]]:
    listed = _at(metadata, place)
    if not isinstance(listed, list):
        return []
    return [one if isinstance(one, dict) else {"": one} for one in listed]


def _texts(metadata: object, place: Sequence[str]) -> list[str]:
    listed = _at(metadata, place)
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def _at(metadata: object, place: Sequence[str]) -> object:
    for name in place:
        metadata = metadata.get(name) if isinstance(metadata, dict) else None
    return metadata
