"""Marks in a template's `Metadata`: ours, and those of the tools that work on CloudFormation."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from partywall.declared import Declared
from partywall.problem import Problem
from partywall.rule import Rule
from partywall.suppress.mark import WHOLE_FILE, Mark, ours, theirs
from partywall.value import plain

PEERS = (
    ("checkov", ("checkov", "skip"), "id", "comment"),
    ("cfn_nag", ("cfn_nag", "rules_to_suppress"), "id", "reason"),
    ("cdk_nag", ("cdk_nag", "rules_to_suppress"), "id", "reason"),
    ("guard", ("guard", "SuppressedRules"), "", ""),
)
"""A tool, the way to its list, and the keys of id and reason in an entry; without keys an entry is the id itself."""


def marks(declared: Declared, rules: Sequence[Rule], problems: list[Problem]) -> Iterator[Mark]:
    """The marks beside the properties of a resource, or at the top of a template for all of it."""
    value = declared.metadata.get("Metadata")
    if value is None:
        return
    metadata = plain(value)
    whole = declared.type == "template"
    span = value.span if value.span.line else declared.span
    extent = declared.extent
    lines = WHOLE_FILE if whole else (extent.line, extent.end_line)
    owners = frozenset() if whole else frozenset({declared.address})
    for entry in _entries(metadata, ("partywall", "ignore")):
        word = str(entry.get("rule", entry.get("id", "")))
        ids, unknown = ours([word], rules)
        problems += [Problem(span, "note", f"no rule is called {it!r}") for it in unknown]
        until, wrong = _day(entry.get("until"))
        problems += [Problem(span, "note", f"{it} is no date; the ignore counts as ended") for it in wrong]
        yield Mark(ids, str(entry.get("reason", "")), span, lines, owners, until, words=(word,))
    for peer, place, key, said in PEERS:
        for entry in _entries(metadata, place):
            word = str(entry.get(key, ""))
            reason = str(entry.get(said) or f"accepted for {peer.replace('_', '-')}")
            yield Mark(theirs(peer, [word], rules), reason, span, lines, owners, None, peer, (word,))
    for word in _texts(metadata, ("cfn-lint", "config", "ignore_checks")):
        # Inside cfn-lint a rule of ours is W and its id; a prefix means all that begin with it.
        found = frozenset(rule.id for rule in rules if word and f"W{rule.id}".startswith(word.upper()))
        if found and len(word) > 1:
            yield Mark(found, "accepted for cfn-lint", span, lines, owners, None, "cfn-lint", (word,))


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
