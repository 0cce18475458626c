"""The templates of a project, and what they have to do with each other."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from functools import cached_property

from partywall import source
from partywall.cloudformation import assembly, detect
from partywall.cloudformation.assembly import MANIFEST, Stack
from partywall.cloudformation.circle import circles
from partywall.cloudformation.construct import Constructs
from partywall.cloudformation.surroundings import Surroundings
from partywall.cloudformation.template import Family, Template
from partywall.immutable import immutable
from partywall.source import NoFileError, UnreadableError
from partywall.text.node import TextError
from partywall.value import Known, Setting, Unknown, plain

MAX_FILES = 50_000
_CONCERNED = ("ImportValue", "CloudFormation::Stack", "Serverless::Application", "AWS::Include")


@immutable(slots=False)
class Survey:
    """`templates` are the absolute paths of all files that look like templates, sorted.

    `parents` says by which of them a nested stack's template is deployed, `circular` names the circle of those that
    deploy each other, which count as deployed by none of it, and `stacks` is what a cloud assembly of CDK knows about
    one. `seen` holds every file that was looked at; not `complete` is a survey of too many files.
    """

    project: str
    templates: tuple[str, ...] = ()
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stacks: Mapping[str, Stack] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    complete: bool = True
    circular: Mapping[str, str] = field(default_factory=dict)

    def dismisses(self, path: str) -> bool:
        """Whether a file was looked at and is nothing like a template."""
        own = os.path.abspath(path)
        return own in self.seen and own not in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.templates)

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
        return tuple(sorted(found))

    def surroundings(self, path: str, parameters: Mapping[str, Setting], pseudo: Mapping[str, str]) -> Surroundings:
        """What a template is deployed in, with what is given for the run."""
        stack = self.stacks.get(os.path.abspath(path))
        known = {**(stack.pseudo if stack else {}), **pseudo}
        constructs = stack.all_constructs() if stack else Constructs()
        around = Surroundings(self.project, known, self.templates, constructs=constructs, circular=self.circular)
        return replace(around, exports=lambda name: self._exports(parameters, around).get(name))

    def given(self, path: str) -> tuple[object, ...]:
        """What a cloud assembly says about a template, as something to compare."""
        stack = self.stacks.get(os.path.abspath(path))
        if stack is None:
            return ()
        calls = sorted(stack.constructs.calls.items())
        return sorted(stack.parameters.items()), sorted(stack.pseudo.items()), calls, stack.metadata

    def rests_on(self, path: str) -> tuple[str, ...]:
        """The other templates that matter to one: all of them where it imports from, deploys or includes others."""
        try:
            text = _text(os.path.abspath(path)) or ""
        except NoFileError:
            return ()
        return self.templates if any(mark in text for mark in _CONCERNED) else ()

    def parameters(self, path: str) -> Mapping[str, Setting]:
        """What the cloud assembly gives a template."""
        stack = self.stacks.get(os.path.abspath(path))
        return stack.parameters if stack else {}

    @cached_property
    def _exporting(self) -> tuple[str, ...]:
        return tuple(path for path in self.templates if "Export" in (_text(path) or ""))

    @cached_property
    def _known(self) -> dict[tuple[object, ...], Mapping[str, Setting]]:
        """The exports by what is given for the run."""
        return {}

    def _exports(self, parameters: Mapping[str, Setting], around: Surroundings) -> Mapping[str, Setting]:
        given = (*sorted(around.pseudo.items()), *sorted((name, str(plain(it))) for name, it in parameters.items()))
        if given not in self._known:
            made = [_template(one, parameters, around) for one in self._exporting]
            found = [export for template in made if template is not None for export in template.exports()]
            times = Counter(name for name, _ in found)
            self._known[given] = {name: _foreign(name, value) for name, value in found if times[name] == 1}
        return self._known[given]


def survey(top: str, skipped: frozenset[str], suffixes: tuple[str, ...]) -> Survey:
    """Look at the files below a directory that may be templates."""
    templates: list[str] = []
    nesting: list[str] = []
    stacks: dict[str, Stack] = {}
    seen: list[str] = []
    count = 0
    for directory, names in source.tree(os.path.abspath(top), skipped):
        count += len(names)
        if count > MAX_FILES:
            break
        for name in names:
            path = os.path.join(directory, name)
            if name == MANIFEST:
                stacks |= {one.template: one for one in assembly.stacks(path)}
            elif name.endswith(suffixes):
                try:
                    text = _text(path)
                except NoFileError:
                    continue  # What it is will be said where it would be linted.
                seen.append(path)
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
    circular = circles(parents)
    by = {
        inner: tuple(one for one in outer if one not in circular or circular[one] != circular.get(inner))
        for inner, outer in parents.items()
    }
    return Survey(around.project, around.templates, by, stacks, frozenset(seen), count <= MAX_FILES, circular)


def _text(path: str) -> str | None:
    """The text of a file that looks like a template; "" of one that looks so and cannot be read.

    Raises NoFileError for what is no file of the project.
    """
    try:
        text = source.read(path, limit=detect.MAX_BYTES)
    except NoFileError:
        raise
    except UnreadableError:
        return "" if detect.sniff_unreadable(path) else None
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
    return Unknown(f"export {name} is another stack's", value.span)
