"""Declared resources of one deployment, the references between them, and look-ups both ways."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from partywall.declared import Declared, Deployment
from partywall.immutable import immutable
from partywall.truth import NO, Because, State, Truth, any_of, known, unknown, yes
from partywall.value import (
    Choice,
    Known,
    Open,
    Setting,
    Unknown,
    World,
    choices,
    distinct,
    each,
    fits,
    parts,
    references,
    same_text,
    settle,
    variables,
)

_TEXTS = (str, int, float)
"""What a name may be; true is a number here."""


class Graph:
    """An index over the resources of a deployment; it never changes once made."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.by_address: dict[str, Declared] = {}
        self._by_type: dict[str, list[Declared]] = defaultdict(list)
        self._mentions: dict[str, list[Declared]] | None = None
        self._options: dict[str, tuple[str, ...]] | None = None
        for declared in deployment.resources:
            self.by_address[declared.address] = declared
            self._by_type[declared.type].append(declared)

    def type_of(self, address: str) -> str | None:
        """The type of what bears an address, declared or only referred to."""
        found = self.by_address.get(address)
        return self.deployment.missing.get(address) if found is None else found.type

    @cached_property
    def types(self) -> frozenset[str]:
        """Every resource type that occurs."""
        return frozenset(self._by_type)

    def of(self, types: Sequence[str]) -> Iterator[Declared]:
        """The resources of some types, in the order of the types and then of addresses."""
        for name in types:
            yield from self._by_type.get(name, ())

    @property
    def options(self) -> Mapping[str, tuple[str, ...]]:
        """The options of every open variable; those a front end did not list are read off its choices."""
        if self._options is None:
            found = dict(self.deployment.options)
            for declared in self.deployment.resources:
                for value in (*declared.attributes.values(), declared.exists, *declared.metadata.values()):
                    for choice in choices(value):
                        found.setdefault(choice.variable, tuple(option for option, _ in choice.arms))
            self._options = found
        return self._options

    def mentioning(self, address: str) -> Sequence[Declared]:
        """The resources with a reference to an address anywhere in their attributes."""
        if self._mentions is None:
            mentions: dict[str, dict[str, Declared]] = defaultdict(dict)
            for declared in self.deployment.resources:
                for value in declared.attributes.values():
                    for reference in references(value):
                        mentions[reference.address][declared.address] = declared
            self._mentions = {key: list(found.values()) for key, found in mentions.items()}
        return self._mentions.get(address, ())


@immutable()
class Link:
    """A declaration that may belong to another, and whether it does."""

    declared: Declared
    holds: Truth


class View:
    """A graph under an assumption about its open choices, on a day."""

    def __init__(self, graph: Graph, world: World, today: datetime.date) -> None:
        self.graph = graph
        self.world = world
        self.today = today
        self.memo: dict[object, object] = {}

    def of(self, types: Sequence[str]) -> Iterator[Declared]:
        """The resources of some types that can exist in this world."""
        for declared in self.graph.of(types):
            exists = settle(declared.exists, self.world)
            if not (isinstance(exists, Known) and exists.it is False):
                yield declared

    def exists(self, declared: Declared) -> Truth:
        """Whether a declaration becomes a resource in this world."""
        exists = settle(declared.exists, self.world)
        if isinstance(exists, Known) and exists.it:
            return yes("", resource=declared.address)  # Nothing to say, and yet it has a part in what it decides.
        return fits(exists, f"whether {declared.address} exists", bool, declared.address)

    def look(self, value: Setting, path: Sequence[str]) -> Setting:
        """The value at a path of attribute names; Known(None) where it is absent.

        A list on the way stands for its first element: nested blocks that may occur once are such lists.
        """
        value = settle(value, self.world)
        for at, name in enumerate(path):
            while isinstance(value, Known) and isinstance(value.it, tuple):
                value = settle(value.it[0], self.world) if value.it else Known(None, value.span)
            if not isinstance(value, Known):
                return self._inside(value, path[at:])
            it = value.it
            child: Setting | None = it.get(name) if isinstance(it, Mapping) else None
            if child is None:
                return it.more if isinstance(it, Open) else Known(None, value.span)
            value = settle(child, self.world) if isinstance(child, Choice) else child
        return value

    def _inside(self, value: Choice[object] | Unknown[object], path: Sequence[str]) -> Setting:
        """What a path leads to in each of the values that an open one may be."""
        if isinstance(value, Unknown):
            return Unknown(value.why, value.span, value.references)
        arms = each(value, lambda arm: self.look(arm, path))
        return Choice(value.variable, arms, value.span, value.references, value.origin)

    def items(self, value: Setting) -> tuple[Setting, ...]:
        """The elements of a list; a single value is a list of one, an unknown list one unknown element."""
        value = settle(value, self.world)
        if isinstance(value, Known):
            if value.it is None:
                return ()
            if isinstance(value.it, tuple):
                return tuple([settle(it, self.world) if isinstance(it, Choice) else it for it in value.it])
        if isinstance(value, Choice):
            rows = each(value, self.items)
            width = max((len(row) for _, row in rows), default=0)
            return tuple(self._column(value, rows, at) for at in range(width))
        return (value,)

    @staticmethod
    def _column(value: Choice[object], rows: tuple[tuple[str, tuple[Setting, ...]], ...], at: int) -> Setting:
        """The elements at one place of the lists that a choice is between; a shorter list has none there."""
        absent = Known(None, value.span)
        arms = tuple((option, row[at] if at < len(row) else absent) for option, row in rows)
        return Choice(value.variable, arms, value.span)

    def target(self, value: Setting, types: Sequence[str]) -> Declared | None:
        """The declared resource of one of some types that a value refers to."""
        for reference in settle(value, self.world).references:
            found = self.graph.by_address.get(reference.address)
            if found is not None and found.type in types:
                return found
        return None

    def names(
        self, value: Setting, owner: Declared, identity: Sequence[str], kin: Sequence[str] = (), holder: str = ""
    ) -> Truth:
        """Whether a value names a resource: by reference, or by the text of one of its identifying attributes.

        What refers to another resource of the same type, or of a type that is of its `kin`, does not name it. `holder`
        is the address of the declaration that holds the value.
        """
        value = settle(value, self.world)
        if isinstance(value, Choice):
            answers = [self.names(arm, owner, identity, kin, holder) for arm in distinct(value)]
            met = variables(value).union(*(answer.variables for answer in answers))
            states = {answer.state for answer in answers}
            if len(states) == 1:
                return Truth(states.pop(), tuple(answers), met)
            return Truth(State.UNKNOWN, (Because(f"depends on {value.variable}", value.span),), met)
        addresses = {reference.address for reference in value.references}
        if owner.address in addresses:
            return yes(f"belongs to {owner.address}", value.span, holder or owner.address)
        if isinstance(value, Known):
            if value.it is None:
                return NO
            if isinstance(value.it, tuple):
                return any_of(self.names(item, owner, identity, kin, holder) for item in value.it)
            named = any(self._text(owner, name) == value.it for name in identity)
            return known(named, f"belongs to {owner.address}", value.span, otherwise="")
        if any(self.graph.type_of(address) in (owner.type, *kin) for address in addresses):
            return NO
        alike = [same_text(value, name) for name in self._called(owner, identity)]
        if True in alike:
            return yes(f"belongs to {owner.address}", value.span, holder or owner.address)
        if alike and None not in alike:
            return NO
        return unknown(f"whose it is, is unknown: {value.why}", value.span)

    def _called(self, owner: Declared, identity: Sequence[str]) -> Iterator[Setting]:
        """The names that a declaration is given."""
        for name in identity:
            value = settle(owner.attributes.get(name, Known(None)), self.world)
            if not (isinstance(value, Known) and value.it is None):
                yield value

    def _text(self, owner: Declared, name: str) -> object:
        value = settle(owner.attributes.get(name, Known(None)), self.world)
        return value.it if isinstance(value, Known) and isinstance(value.it, _TEXTS) else object()

    def companions(
        self, owner: Declared, keys: Mapping[str, str], identity: Sequence[str], kin: tuple[str, ...] = ()
    ) -> tuple[Link, ...]:
        """Declarations that complete another: `keys` says, per type, which attribute names the owner.

        What surely belongs to somebody else is left out; what may belong stays, with an unknown link.
        """
        if self.graph.types.isdisjoint(keys):
            return ()
        memo = ("companions", owner.address, tuple(keys.items()), tuple(identity), kin)
        found = self.memo.get(memo)
        if found is None:

            def gather() -> Iterator[tuple[Declared, Setting]]:
                for declared in self.of(tuple(keys)):
                    yield declared, self.look(Known(declared.attributes), keys[declared.type].split("."))

            links = []
            for declared, value in self.naming(owner, identity, tuple(keys.items()), gather, kin):
                holds = self.names(value, owner, identity, kin, declared.address) & self.exists(declared)
                if holds.state is not State.NO or holds.variables:
                    links.append(Link(declared, holds))
            found = self.memo[memo] = tuple(links)
        assert isinstance(found, tuple)
        return found

    def naming(
        self,
        owner: Declared,
        identity: Sequence[str],
        about: Hashable,
        gather: Callable[[], Iterable[tuple[Declared, Setting]]],
        kin: tuple[str, ...] = (),
    ) -> Iterator[tuple[Declared, Setting]]:
        """Of declarations with a value each, in order, those whose value may name an owner.

        They are gathered once for what they are `about`, and an owner costs as much as it has of them: a loop over all
        of them for every owner would be quadratic.
        """
        memo = ("naming", owner.type, about, kin)
        found = self.memo.get(memo)
        if found is None:
            found = self.memo[memo] = _Joints(list(gather()), {it.address for it in self.graph.of((owner.type, *kin))})
        assert isinstance(found, _Joints)
        return found.candidates(owner.address, [self._text(owner, name) for name in identity])

    def named(self, value: Setting, types: Sequence[str], identity: Sequence[str]) -> list[Declared]:
        """The resources of some types that a value surely names, by reference or by text, in their order."""
        memo = ("named", tuple(types), tuple(identity))
        found = self.memo.get(memo)
        if found is None:
            places: dict[object, list[tuple[int, Declared]]] = defaultdict(list)
            for at, declared in enumerate(self.of(types)):
                for name in {declared.address, *(self._text(declared, name) for name in identity)}:
                    places[name].append((at, declared))
            found = self.memo[memo] = places
        assert isinstance(found, dict)
        names = {it.address for it in references(value)}
        texts = {part.it for part in parts(value) if isinstance(part, Known) and isinstance(part.it, _TEXTS)}
        candidates = {at: declared for name in names | texts for at, declared in found.get(name, ())}
        return [it for _, it in sorted(candidates.items()) if self.names(value, it, identity).state is State.YES]


class _Joints:
    """Declarations by whom they may complete, so that joining costs as much as there is to join."""

    def __init__(self, named: Sequence[tuple[Declared, Setting]], owners: Container[str]) -> None:
        self._named = named
        self._by_name: dict[object, list[int]] = defaultdict(list)
        self._open: list[int] = []
        for at, (_, value) in enumerate(named):
            names = self._names(value, owners)
            for name in names or ():
                self._by_name[name].append(at)
            if names is None:
                self._open.append(at)

    @classmethod
    def _names(cls, value: Setting, owners: Container[str]) -> set[object] | None:
        """The addresses and texts that a value gives; None where it may name anyone."""
        addresses: set[object] = {it.address for it in value.references if it.address in owners}
        if isinstance(value, Known) and not isinstance(value.it, tuple):
            return addresses | {value.it} if isinstance(value.it, _TEXTS) else addresses
        if isinstance(value, Known) and isinstance(value.it, tuple):
            inner = [cls._names(item, owners) for item in value.it]
            return None if None in inner else addresses.union(*(it for it in inner if it is not None))
        return addresses if addresses and isinstance(value, Unknown) else None

    def candidates(self, address: str, texts: Iterable[object]) -> Iterator[tuple[Declared, Setting]]:
        """What may complete an owner of this address and these identifying texts, in order."""
        places = {*self._open, *self._by_name.get(address, ())}
        for text in texts:
            places.update(self._by_name.get(text, ()))
        return (self._named[at] for at in sorted(places))
