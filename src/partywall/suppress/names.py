"""What the rules are called in marks: by us, and by other tools."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from partywall.rule import Rule


class Names:
    """The names of some rules, looked up once and for all marks of a deployment."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._beginnings: dict[str, frozenset[str]] = {}

    def ours(self, words: Iterable[str]) -> tuple[frozenset[str], list[str]]:
        """The rules that ids or names mean, in any case; and the words that mean none."""
        ids: set[str] = set()
        unknown = []
        for word in words:
            found = self._ours.get(word.lower())
            if found is None:
                unknown.append(word)
            else:
                ids |= found
        return frozenset(ids), unknown

    def theirs(self, peer: str, words: Iterable[str]) -> frozenset[str]:
        """Our rules for another tool's ids; Trivy's are written with and without their prefix."""
        ids: set[str] = set()
        for word in words:
            upper = word.upper()
            for name in (upper, f"AVD-{upper}"):
                ids |= self._theirs.get((peer, name), frozenset())
        return frozenset(ids)

    def beginning(self, word: str) -> frozenset[str]:
        """Our rules as cfn-lint knows them, W and the id, whose names begin in a way."""
        found = self._beginnings.get(word)
        if found is None:
            found = frozenset(it.id for it in self._rules if f"W{it.id}".startswith(word.upper()))
            self._beginnings[word] = found
        return found

    @cached_property
    def _ours(self) -> Mapping[str, frozenset[str]]:
        out: dict[str, set[str]] = defaultdict(set)
        for rule in self._rules:
            out[rule.id.lower()].add(rule.id)
            out[rule.name].add(rule.id)
        return {name: frozenset(ids) for name, ids in out.items()}

    @cached_property
    def _theirs(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """By peer and id in capitals; `*` stands for all ids of a peer."""
        out: dict[tuple[str, str], set[str]] = defaultdict(set)
        for rule in self._rules:
            for one in rule.same_as:
                peer, _, name = one.partition(":")
                for key in (name.upper(), "*"):
                    out[peer, key].add(rule.id)
        return {key: frozenset(ids) for key, ids in out.items()}
