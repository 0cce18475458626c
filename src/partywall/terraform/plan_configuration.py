"""The `configuration` of a plan: what is written, and which declarations a value refers to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from partywall.terraform.plan_value import inner
from partywall.text import node as text
from partywall.text.node import Node, Scalar
from partywall.value import Reference

MAX_STEPS = 64
"""How many variables and outputs a reference may pass through."""

_KEY = r'(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?'
_MODULE = re.compile(rf"module\.([\w-]+){_KEY}(?:\.|$)")
_RESOURCE = re.compile(rf"((?:data\.)?[\w-]+\.[\w-]+){_KEY}(?:\.([\w-]+))?")

Step = tuple[str, str]
"""A module call and the key of its instance, in brackets or empty."""


class Place(NamedTuple):
    """The address of an instance, taken apart."""

    modules: tuple[Step, ...]
    name: str
    key: str

    @property
    def address(self) -> str:
        """The address put together."""
        return "".join(f"module.{name}{key}." for name, key in self.modules) + self.name + self.key


def place_of(address: str) -> Place:
    """An address taken apart."""
    modules: list[Step] = []
    at = 0
    while (match := _MODULE.match(address, at)) is not None:
        modules.append((match[1], match[2] or ""))
        at = match.end()
    found = _RESOURCE.match(address, at)
    return Place(tuple(modules), found[1] if found else address[at:], (found[2] or "") if found else "")


def mentioned(expression: Node | None) -> list[str]:
    """The most specific references of an expression and of its parts, in order."""
    found: list[str] = []
    pending: list[Node | None] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, text.Mapping):
            listed = node.get("references")
            if isinstance(listed, text.Sequence):
                words = [it.value for it in listed.items if isinstance(it, Scalar) and isinstance(it.value, str)]
                for word in words:
                    if not any(one.startswith((f"{word}.", f"{word}[")) for one in found):
                        found.append(word)
            else:
                pending.extend(reversed(text.children(node)))
        elif isinstance(node, text.Sequence):
            pending.extend(reversed(node.items))
    return found


class PlanConfiguration:
    """Finds what the configuration says of a planned instance.

    References in a plan name blocks, not instances. An instance is meant where its key is written, where it is
    the only one, where the owner has the same key and refers to it by `each` or `count`, or where nothing chooses
    among all of them; otherwise it is not known which one is meant, and no reference is made.
    """

    def __init__(self, configuration: Node | None, addresses: Iterable[str]) -> None:
        self.root = inner(configuration, "root_module")
        self.providers = inner(configuration, "provider_config")
        self._blocks: dict[tuple[str, ...], Mapping[str, Node]] = {}
        self._keys: dict[tuple[tuple[Step, ...], str], list[str]] = defaultdict(list)
        self._steps: dict[tuple[tuple[Step, ...], str], dict[str, None]] = defaultdict(dict)
        for address in addresses:
            place = place_of(address)
            self._keys[place.modules, place.name].append(place.key)
            for at, (name, key) in enumerate(place.modules):
                self._steps[place.modules[:at], name][key] = None

    def module(self, modules: tuple[Step, ...]) -> Node | None:
        """The configuration of a module under its call path."""
        found = self.root
        for name, _ in modules:
            found = inner(self._call(found, name), "module")
        return found

    def _call(self, module: Node | None, name: str) -> Node | None:
        return inner(inner(module, "module_calls"), name)

    def block(self, place: Place) -> Node | None:
        """What is written of a resource or data source."""
        names = tuple(name for name, _ in place.modules)
        found = self._blocks.get(names)
        if found is None:
            listed = inner(self.module(place.modules), "resources")
            found = self._blocks[names] = {
                str(address.value): node
                for node in (listed.items if isinstance(listed, text.Sequence) else ())
                if isinstance(address := inner(node, "address"), Scalar)
            }
        return found.get(place.name)

    def references(self, place: Place, expression: Node | None) -> tuple[Reference, ...]:
        """The instances that an expression in a block refers to, through variables and module outputs."""
        found: dict[Reference, None] = {}
        self._follow(mentioned(expression), place.modules, place.key, place, found, MAX_STEPS)
        return tuple(found)

    def _follow(
        self,
        words: list[str],
        modules: tuple[Step, ...],
        key: str,
        owner: Place,
        found: dict[Reference, None],
        steps: int,
    ) -> None:
        """Add what some references, written in a module for an instance with a key, lead to."""
        if not steps:
            return
        by_key = any(word.startswith(("each.", "count.")) for word in words)
        alone = not any(word.startswith(("var.", "local.")) for word in words)
        for word in words:
            head, _, rest = word.partition(".")
            if head == "var" and modules:
                call = self._call(self.module(modules[:-1]), modules[-1][0])
                given = inner(inner(call, "expressions"), rest.partition(".")[0].partition("[")[0])
                self._follow(mentioned(given), modules[:-1], modules[-1][1], owner, found, steps - 1)
            elif word.startswith("each.value"):
                block = self.block(owner) if modules == owner.modules else None
                self._each(mentioned(inner(block, "for_each_expression")), word, modules, key, found)
            elif head == "module":
                self._output(word, modules, key, owner, found, steps, by_key=by_key, alone=alone)
            elif head not in _ROOTS:
                self._resource(word, modules, key, found, by_key=by_key, alone=alone)

    def _each(
        self, words: list[str], word: str, modules: tuple[Step, ...], key: str, found: dict[Reference, None]
    ) -> None:
        attribute = word.removeprefix("each.value").lstrip(".").partition(".")[0].partition("[")[0]
        for one in words:
            match = _RESOURCE.fullmatch(one)
            if (
                match is not None
                and one.partition(".")[0] not in _ROOTS
                and key in self._keys.get((modules, match[1]), ())
            ):
                found[Reference(Place(modules, match[1], key).address, attribute)] = None

    def _output(
        self,
        word: str,
        modules: tuple[Step, ...],
        key: str,
        owner: Place,
        found: dict[Reference, None],
        steps: int,
        *,
        by_key: bool,
        alone: bool,
    ) -> None:
        match = _MODULE.match(word)
        if match is None:
            return
        there = list(self._steps.get((modules, match[1]), ()))
        output = word[match.end() :].partition(".")[0].partition("[")[0]
        for one in _instances(there, match[2] or "", key, by_key=by_key, alone=alone):
            path = (*modules, (match[1], one))
            expression = inner(inner(inner(self.module(path), "outputs"), output), "expression")
            self._follow(mentioned(expression), path, one, owner, found, steps - 1)

    def _resource(
        self,
        word: str,
        modules: tuple[Step, ...],
        key: str,
        found: dict[Reference, None],
        *,
        by_key: bool,
        alone: bool,
    ) -> None:
        match = _RESOURCE.match(word)
        if match is None:
            return
        there = self._keys.get((modules, match[1]), [])
        for one in _instances(there, match[2] or "", key, by_key=by_key, alone=alone):
            found[Reference(Place(modules, match[1], one).address, match[3] or "")] = None


_ROOTS = frozenset({"var", "local", "each", "count", "path", "terraform", "self", "module"})


def _instances(there: list[str], written: str, own: str, *, by_key: bool, alone: bool) -> Iterator[str]:
    """Which of some instances are meant."""
    if written:
        yield from (key for key in there if key == written)
    elif len(there) == 1:
        yield there[0]
    elif by_key:
        yield from (key for key in there if key == own)
    elif alone:
        yield from there
