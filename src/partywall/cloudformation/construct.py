"""Constructs of CDK: which resource each of them became, and where in its author's code it is made.

A stack's metadata maps the path of every construct to entries. `aws:cdk:logicalId` names the resource;
`aws:cdk:creationStack` holds the calls that led to it, innermost first, as does the trace of the logical id in
assemblies of older releases. Source: MetadataEntry in CDK's cloud assembly schema, and what aws-cdk-lib 2.276 writes.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field

from partywall import source
from partywall.cloudformation.evaluation import items, word
from partywall.immutable import immutable
from partywall.source import Span
from partywall.text import node as text
from partywall.text.node import Node
from partywall.truth import Because

MAX_FRAMES = 20
MAX_CALL = 1000
_LOGICAL_ID, _CREATED = "aws:cdk:logicalId", "aws:cdk:creationStack"
_FRAME = re.compile(r"(?:.*\()?(?P<path>[^()]+?):(?P<line>\d{1,9})(?::(?P<column>\d{1,9}))?\)?\s*\Z").match
_MAIN = ("Resource", "Default")
_OTHERS = ("node_modules", "site-packages")


@immutable()
class Constructs:
    """The constructs of one stack: the calls that made each, by its path, and the paths by logical id.

    A logical id that several constructs have, in stacks nested in each other, is left out.
    """

    calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)

    def made(self, path: str, project: str) -> Because | None:
        """Where in the project a construct is made: the innermost call in a file that lies in it.

        A construct made too deep in a library to have such a call is made where the one around it is, which is known by
        its main resource. Source: the names Resource and Default of a default child, in CDK's construct library.
        """
        for key, told in _around(path) if self.calls else ():
            for call in self.calls.get(key, ()):
                place = _place(call, project)
                if place is not None:
                    return Because(f"the construct {told}", place)
        return None


def _around(path: str) -> Iterator[tuple[str, str]]:
    """The path of a construct and those of the main resources around it, each with the construct it stands for."""
    outer, _, last = path.rpartition("/")
    yield path, outer if last in _MAIN and outer else path
    while outer:
        for name in _MAIN:
            yield f"{outer}/{name}", outer
        outer = outer.rpartition("/")[0]


def _place(call: str, project: str) -> Span | None:
    """The place of a call, if it is one in a file of the project that is nobody else's."""
    found = _FRAME(call[:MAX_CALL])
    path = found["path"].removeprefix("at ").strip() if found is not None else ""
    if found is None or not os.path.isabs(path) or any(f"/{name}/" in path.replace("\\", "/") for name in _OTHERS):
        return None
    if not (source.inside(path, project) and source.is_file(path)):
        return None
    line, column = int(found["line"]), int(found["column"] or 1)
    return Span(source.display(path), line, column, line, column + 1)


def constructs(*metadata: Node | None) -> Constructs:
    """The constructs that the metadata of a stack is about, wherever it is written."""
    calls: dict[str, tuple[str, ...]] = {}
    named: list[tuple[str, str]] = []
    for section in metadata:
        for key, entry in section.entries.items() if isinstance(section, text.Mapping) else ():
            path = key.removeprefix("/")
            for one in items(entry.value):
                kind = word(one.get("type")) if isinstance(one, text.Mapping) else None
                if not isinstance(one, text.Mapping) or kind not in (_LOGICAL_ID, _CREATED):
                    continue
                written = one.get("data" if kind == _CREATED else "trace")
                found = tuple(_words(written)) if written is not None else ()
                if found:
                    calls[path] = found
                name = word(one.get("data")) if kind == _LOGICAL_ID else None
                if name is not None:
                    named.append((name, path))
    times = Counter(name for name, _ in named)
    return Constructs(calls, {name: path for name, path in named if times[name] == 1})


def _words(node: Node) -> Iterator[str]:
    for one in items(node)[:MAX_FRAMES]:
        said = word(one)
        if said is not None:
            yield said
