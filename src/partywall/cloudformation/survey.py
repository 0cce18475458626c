"""The templates of a project, and what they have to do with each other."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from partywall import source
from partywall.cloudformation import assembly, detect
from partywall.cloudformation.assembly import MANIFEST, Stack
from partywall.cloudformation.surroundings import Surroundings
from partywall.cloudformation.template import Family, Template
from partywall.source import UnreadableError
from partywall.text.node import TextError
from partywall.value import Known, Setting, Unknown


@dataclass(frozen=True)
class Survey:
    """`templates` are the absolute paths of all files that look like templates, sorted.

    `parents` says by which of them a nested stack's template is deployed, and `stacks` what a cloud assembly of CDK
    knows about one. `seen` holds every file that was looked at.
    """

    project: str
    templates: tuple[str, ...] = ()
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stacks: Mapping[str, Stack] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()

    def roots(self, path: str, excluded: Iterable[str] = ()) -> tuple[str, ...]:
        """The templates, none of them nested, that deploy a template; itself where there are none."""
        left_out = frozenset(excluded)
        found: dict[str, None] = {}
        pending, met = [os.path.abspath(path)], set[str]()
        while pending:
            one = pending.pop()
            if one in met:
                continue
            met.add(one)
            above = [it for it in self.parents.get(one, ()) if it not in left_out]
            pending.extend(above)
            if not above:
                found[one] = None
        return tuple(sorted(found)) or (os.path.abspath(path),)

    def surroundings(self, path: str, parameters: Mapping[str, Setting], pseudo: Mapping[str, str]) -> Surroundings:
        """What a template is deployed in, with what is given for the run."""
        stack = self.stacks.get(os.path.abspath(path))
        known = {**(stack.pseudo if stack else {}), **pseudo}
        around = Surroundings(self.project, known, self.templates)
        return replace(around, exports=self._exports(os.path.abspath(path), parameters, around))

    def parameters(self, path: str) -> Mapping[str, Setting]:
        """What the cloud assembly gives a template."""
        stack = self.stacks.get(os.path.abspath(path))
        return stack.parameters if stack else {}

    @cached_property
    def _texts(self) -> dict[str, bool]:
        """The templates that may export, and whether any may import."""
        return {path: "Export" in text for path in self.templates if (text := _text(path)) is not None}

    @cached_property
    def _made(self) -> dict[tuple[object, ...], Mapping[str, Setting]]:
        return {}

    def _exports(
        self, path: str, parameters: Mapping[str, Setting], around: Surroundings
    ) -> Mapping[str, Setting]:
        text = _text(path)
        if text is None or "ImportValue" not in text:
            return {}
        key = (*sorted(around.pseudo.items()), id(parameters))
        if key not in self._made:
            found: list[tuple[str, Setting]] = []
            for one, exporting in self._texts.items():
                template = _template(one, parameters, around) if exporting else None
                found += template.exports() if template is not None else ()
            times = Counter(name for name, _ in found)
            self._made[key] = {name: _foreign(name, value) for name, value in found if times[name] == 1}
        return self._made[key]


def survey(top: str, skipped: frozenset[str], suffixes: tuple[str, ...]) -> Survey:
    """Look at all files below a directory that may be templates."""
    templates: list[str] = []
    nesting: list[str] = []
    stacks: dict[str, Stack] = {}
    seen: list[str] = []
    for directory, names in source.tree(os.path.abspath(top), skipped):
        for name in names:
            path = os.path.join(directory, name)
            if name == MANIFEST:
                stacks |= {one.template: one for one in assembly.stacks(path)}
            elif name.endswith(suffixes):
                seen.append(path)
                text = _text(path)
                if text is not None:
                    templates.append(path)
                    if "AWS::CloudFormation::Stack" in text or "AWS::Serverless::Application" in text:
                        nesting.append(path)
    around = Surroundings(os.path.abspath(top), templates=tuple(templates))
    parents: dict[str, dict[str, None]] = {}
    for path in nesting:
        template = _template(path, {}, around)
        for inner in template.nested() if template is not None else ():
            parents.setdefault(os.path.abspath(inner), {})[path] = None
    return Survey(
        around.project, around.templates, {it: tuple(by) for it, by in parents.items()}, stacks, frozenset(seen)
    )


def _text(path: str) -> str | None:
    """The text of a file that looks like a template."""
    try:
        text = source.read(path, limit=detect.MAX_BYTES)
    except UnreadableError:
        return None
    return text.text if detect.sniff(text) else None


def _template(path: str, parameters: Mapping[str, Setting], around: Surroundings) -> Template | None:
    try:
        text = source.read(path, limit=detect.MAX_BYTES)
        document = detect.parse(text)
    except (UnreadableError, TextError):
        return None
    return Template(text, document, parameters, Family(around), (path,)) if detect.is_root(document.root) else None


def _foreign(name: str, value: Setting) -> Setting:
    """A value in the eyes of another stack: what it refers to there, nothing refers to here."""
    if isinstance(value, Known) and not isinstance(value.it, tuple | dict):
        return replace(value, references=())
    return Unknown(f"export {name}", value.span)
