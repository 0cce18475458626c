"""One template: its sections read, its resources and those of its nested stacks evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from partywall.choice import combined
from partywall.cloudformation import detect, for_each, include, sam, stack
from partywall.cloudformation.assertion import possible
from partywall.cloudformation.condition import Conditions, inverted
from partywall.cloudformation.domain import Domains
from partywall.cloudformation.evaluation import Evaluation, items, operation, printed, word
from partywall.cloudformation.function_table import FUNCTIONS
from partywall.cloudformation.intrinsic import evaluate
from partywall.cloudformation.parameter import Parameters
from partywall.cloudformation.surroundings import MAX_DEPTH, MAX_STACKS, Surroundings
from partywall.declared import Declared
from partywall.problem import Problem
from partywall.source import Source, Span
from partywall.text.node import Document, Entry, Mapping, Node, Scalar
from partywall.value import Known, Open, Reference, Setting, Unknown, Value, convert, each, never

if TYPE_CHECKING:
    from partywall.cloudformation.sam.serverless import Made

BESIDE = ("DeletionPolicy", "UpdateReplacePolicy", "Metadata", "CreationPolicy", "UpdatePolicy")
CDK_METADATA = "AWS::CDK::Metadata"
CDK_PARAMETER = "BootstrapVersion"


@dataclass
class Family:
    """What a template and the stacks in it have in common: where they are, and what was read for them."""

    surroundings: Surroundings
    files: dict[str, None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unseen: list[Problem] = field(default_factory=list)
    stacks: int = 0
    read: dict[str, tuple[Source, Document] | None] = field(default_factory=dict)


class Template:
    """The sections of one template and the declarations in it.

    `chain` holds the paths of the templates it is nested in, itself last.
    """

    def __init__(
        self,
        text: Source,
        document: Document,
        given: Table[str, Setting],
        family: Family,
        chain: tuple[str, ...],
        prefix: str = "",
    ) -> None:
        root = document.root
        assert isinstance(root, Mapping)
        self.family, self.chain, self.prefix, self.path = family, chain, prefix, chain[-1]
        family.files[text.path] = None
        if "AWS::Include" in text.text:
            root = include.included(root, self._snippet)
        self.scope = scope = Evaluation(
            {},
            root.get("Mappings"),
            FUNCTIONS,
            prefix,
            exports=family.surroundings.exports,
            output=self._output,
            problems=family.problems,
        )
        selects = "FindInMap" in text.text or "AWS::Include" in text.text
        self._decide(root, given, selects=selects)
        for name, span in document.repeated:
            scope.problems.append(Problem(span, "note", f"the key {name} is repeated; the last one counts"))
        if for_each.PREFIX in text.text:
            root = for_each.unrolled(root, scope)
            self._decide(root, given, selects=selects)
        self.root = root
        self.more = self._macros(root.get("Transform"), root.entries.get("Fn::Transform"))
        section = root.get("Resources")
        self.resources = dict(section.entries) if isinstance(section, Mapping) else {}
        self.kinds = {name: _kind(entry) for name, entry in self.resources.items()}
        scope.resources = self.kinds
        self.made: Table[str, Made] = {}
        if any(map(sam.is_serverless, self.kinds.values())):
            from partywall.cloudformation.sam.expansion import expand

            self.made = expand(self.resources, root.get("Globals"), scope)
            self.resources = {name: made.entry for name, made in self.made.items()}
            self.kinds |= {name: _kind(entry) for name, entry in self.resources.items()}
        self._children: dict[str, Template | None] = {}
        self._outputs: dict[str, Setting] = {}
        self._busy: set[str] = set()

    def _decide(self, root: Mapping, given: Table[str, Setting], *, selects: bool) -> None:
        """Take the parameters and conditions of a text; loops make others of it."""
        pseudo = self.family.surroundings.pseudo
        self.scope.parameters = Parameters(
            root.get("Parameters"), given, pseudo, Domains(root, selects=selects), self.scope
        )
        self.scope.conditions = Conditions(root.get("Conditions"), self.scope)

    # What transforms do to the text.

    def _snippet(self, location: Node) -> Node | None:
        path = self.family.surroundings.file(word(location) or "", self.path) if word(location) else None
        found = stack.read(path, self.family.problems) if path is not None else None
        if found is None:
            return None
        self.family.files[found[0].path] = None
        return found[1].root

    def _macros(self, transform: Node | None, inline: Entry | None) -> Unknown[object] | None:
        """A macro may add anything to what is written; those of AWS add resources, or are carried out here."""
        written = [*(items(transform) if transform is not None else ()), *([inline.value] if inline else ())]
        for one in written:
            name = word(one) or (word(one.get("Name")) if isinstance(one, Mapping) else None) or "?"
            found = self._snippet_of(one) if include.is_include(one) else None
            if name.startswith("AWS::") and (found is not None or not include.is_include(one)):
                continue
            self.scope.macro = name
            message = f"the macro {name} may change this template; what is missing in it counts as unknown"
            self.scope.problems.append(Problem(one.span, "note", message))
            return Unknown(f"the macro {name} may set it", one.span)
        return None

    def _snippet_of(self, transform: Node) -> str | None:
        parameters = transform.get("Parameters") if isinstance(transform, Mapping) else None
        location = word(parameters.get("Location")) if isinstance(parameters, Mapping) else None
        return self.family.surroundings.file(location, self.path) if location else None

    # What is declared.

    def declarations(self) -> Iterator[Declared]:
        """Parameters, resources (nested stacks included) and outputs, in the order of the text."""
        yield from self._pieces("Parameters", "parameter")
        for name, entry in self.resources.items():
            if self.kinds[name] == CDK_METADATA:
                continue
            declared = self.declare(name, entry)
            if declared is None:
                continue
            yield declared
            inner = self.child(name)
            for one in inner.declarations() if inner is not None else ():
                if isinstance(declared.exists, Known) and declared.exists.it:
                    yield one
                    continue
                both = self.scope.conditions.folded([declared.exists, one.exists], one.span, decided=False)
                yield replace(one, exists=_flag(both))
        yield from self._pieces("Outputs", "output")
        beside = self.root.get("Metadata")
        if beside is not None:
            metadata = {"Metadata": evaluate(beside, self.scope)}
            address = f"{self.prefix}Metadata"
            yield Declared("cloudformation", "template", address, {}, beside.span, metadata=metadata)

    def _pieces(self, section: str, kind: str) -> Iterator[Declared]:
        node = self.root.get(section)
        for name, entry in node.entries.items() if isinstance(node, Mapping) else ():
            if not isinstance(entry.value, Mapping) or (section == "Parameters" and name == CDK_PARAMETER):
                continue
            attributes, exists = self._contents(entry.value, without=("Condition",)), self._exists(entry.value)
            address = f"{self.prefix}{section}.{name}"
            yield Declared("cloudformation", kind, address, attributes, entry.key, exists, extent=entry.value.span)

    def declare(self, name: str, entry: Entry) -> Declared | None:
        """One resource; None, with a note, for what is none."""
        node = entry.value
        if not isinstance(node, Mapping) or not self.kinds.get(name):
            if not name.startswith("Fn::"):
                self.scope.note(entry.key, f"{name} has no Type")
            return None
        attributes, more = flattened(self._properties(node, entry.key))
        metadata = {key: evaluate(one, self.scope) for key in BESIDE if (one := node.get(key)) is not None}
        order = node.get("DependsOn")
        if order is not None:
            metadata["DependsOn"] = self._order(order)
        if "Fn::Transform" in node.entries and more is None:
            more = Unknown("made by a macro", node.entries["Fn::Transform"].key)
        extent = Span(entry.key.path, entry.key.line, entry.key.column, node.span.end_line, node.span.end_column)
        made = self.made.get(name)
        if made is not None and made.unknown:
            more = Unknown(made.unknown, entry.key)
        by_transform = made is not None and bool(made.part)
        around = self.family.surroundings
        label = _cdk_path(node) or ("" if self.prefix else around.constructs.paths.get(name, ""))
        return Declared(
            dialect="cloudformation",
            type=self.kinds[name],
            address=self.prefix + name,
            attributes=attributes,
            span=entry.key,
            exists=self._exists(node),
            more=more or self.more,
            metadata=metadata,
            extent=made.extent if made is not None and by_transform else extent,
            author=self.prefix + made.author if made is not None and by_transform else "",
            part=made.part if made is not None else "",
            label=label,
            made=around.constructs.made(label, around.project) if label else None,
        )

    def _properties(self, node: Mapping, place: Span) -> Setting:
        properties = node.get("Properties")
        return evaluate(properties, self.scope) if properties is not None else Known({}, place)

    def _order(self, node: Node) -> Setting:
        names = [(word(one), one.span) for one in items(node)]
        found = (Known(it, span, (Reference(self.prefix + it),)) for it, span in names if it is not None)
        return Known(tuple(found), node.span)

    def _contents(self, node: Mapping, without: tuple[str, ...]) -> dict[str, Setting]:
        return {key: evaluate(entry.value, self.scope) for key, entry in node.entries.items() if key not in without}

    def _exists(self, node: Mapping) -> Value[bool]:
        condition = node.get("Condition")
        if condition is None:
            return Known(it=True)
        name = word(condition)
        conditions = self.scope.conditions
        if name is not None:
            return _flag(conditions.value(name, condition.span))
        if operation(condition)[0]:
            return _flag(conditions.formula(condition))
        self.scope.note(condition.span, "Condition needs the name of a condition")
        return _flag(conditions.open(f"condition of {condition.span.line}", condition.span))

    @property
    def possible(self) -> Value[bool]:
        """Whether the rules of the template, and those of the stacks in it, admit a deployment.

        Those that admit none are noted and left aside; those of a stack that is not there do not matter.
        """
        section, conditions = self.root.get("Rules"), self.scope.conditions
        found: Setting = possible(section, self.scope) if section is not None else Known(True)
        for name, inner in self._children.items():
            within = inner.possible if inner is not None else Known(True)
            node = self.resources[name].value
            if isinstance(node, Mapping) and not isinstance(within, Known):
                spared = inverted(self._exists(node), node.span)
                admitted = conditions.folded([spared, within], node.span, decided=True)
                found = conditions.folded([found, admitted], node.span, decided=False)
        admits = _flag(found)
        if never(admits, {}):
            self.scope.note(admits.span, "with these parameters the rules admit no deployment")
            return Known(True)
        return admits

    @property
    def described(self) -> dict[tuple[str, str], str]:
        """The words for each option of what is open, here and in the nested stacks."""
        found = self.scope.conditions.describe()
        for inner in self._children.values():
            if inner is not None:
                found |= inner.described
        return found

    # Nested stacks.

    def child(self, name: str) -> Template | None:
        """The template of a nested stack, under the parameters it is given; None where it is not known."""
        if name in self._busy or self.kinds.get(name) not in (stack.NESTED, stack.SET):
            return None
        if name not in self._children:
            self._busy.add(name)
            self._children[name] = self._nested(name, self.resources[name])
            self._busy.discard(name)
        return self._children[name]

    def _nested(self, name: str, entry: Entry) -> Template | None:
        node = entry.value
        if not isinstance(node, Mapping):
            return None
        properties = self._properties(node, entry.key)
        if self.kinds[name] == stack.SET:
            written = node.get("Properties")
            body = written.get("TemplateBody") if isinstance(written, Mapping) else None
            found = stack.body(body, self.family.problems) if body is not None else None
            path = self.path
        else:
            place = self.family.surroundings.template(stack.location(node, properties), self.path)
            if place is None:
                self.family.unseen.append(
                    Problem(entry.key, "note", f"the template of the stack {self.prefix}{name} is not in the project")
                )
                return None
            path, guessed = place
            stop = self._stop(name, path)
            if stop is not None:
                self.scope.problems.append(Problem(entry.key, "error", stop))
                return None
            if guessed:
                message = f"the stack {self.prefix}{name} is taken to be {stack.shown(path)}, by the end of its URL"
                self.scope.problems.append(Problem(entry.key, "note", message))
            if path not in self.family.read:
                self.family.read[path] = stack.read(path, self.family.problems)
            found = self.family.read[path]
        if found is None or not detect.is_root(found[1].root):
            return None
        self.family.stacks += 1
        given = dict(stack.arguments(properties))
        inner = Template(*found, given, self.family, (*self.chain, path), f"{self.prefix}{name}.")
        for one in given:
            if inner.scope.parameters.entry(one) is None:
                self.scope.note(given[one].span, f"the template of the stack {name} has no parameter {one}")
        return inner

    def nested(self) -> Iterator[str]:
        """The paths of the templates that this one deploys as stacks."""
        for name, entry in self.resources.items():
            node = entry.value
            if self.kinds.get(name) == stack.NESTED and isinstance(node, Mapping):
                location = stack.location(node, self._properties(node, entry.key))
                place = self.family.surroundings.template(location, self.path)
                if place is not None:
                    yield place[0]

    def _stop(self, name: str, path: str) -> str | None:
        """Why the template of a nested stack is not gone into."""
        if path in self.chain or self.family.surroundings.circles(self.path, path):
            return f"the stack {name} contains itself"
        if len(self.chain) > MAX_DEPTH:
            return f"stacks are nested deeper than {MAX_DEPTH} levels"
        if self.family.stacks >= MAX_STACKS:
            return f"there are more than {MAX_STACKS} nested stacks"
        return None

    def _output(self, name: str, output: str) -> Setting | None:
        inner = self.child(name)
        return None if inner is None else inner.output(output)

    def output(self, name: str) -> Setting:
        """The value of an output, for the stack around this one."""
        if name not in self._outputs:
            section = self.root.get("Outputs")
            node = section.get(name) if isinstance(section, Mapping) else None
            value = node.get("Value") if isinstance(node, Mapping) else None
            self._outputs[name] = Unknown(f"the nested stack has no output {name}")
            if value is not None:
                self._outputs[name] = evaluate(value, self.scope)
        return self._outputs[name]

    def close(self) -> None:
        """Part what knows each other: a text and its nodes go at once, and do not wait to be collected."""
        vars(self.scope).clear()
        for inner in self._children.values():
            if inner is not None:
                inner.close()

    def exports(self) -> Iterator[tuple[str, Setting]]:
        """The names that other stacks may import, where they are known, and their values."""
        section = self.root.get("Outputs")
        for name, entry in section.entries.items() if isinstance(section, Mapping) else ():
            export = entry.value.get("Export") if isinstance(entry.value, Mapping) else None
            named = export.get("Name") if isinstance(export, Mapping) else None
            called = evaluate(named, self.scope) if named is not None else None
            if isinstance(called, Known) and isinstance(called.it, Scalar | str | int):
                yield printed(called.it), self.output(name)


def _cdk_path(node: Mapping) -> str:
    """Where in the tree of constructs CDK has a resource."""
    metadata = node.get("Metadata")
    return word(metadata.get("aws:cdk:path")) or "" if isinstance(metadata, Mapping) else ""


def _flag(value: Setting) -> Value[bool]:
    return convert(value, lambda it: it if isinstance(it, bool) else None, "true or false")


def _kind(entry: Entry) -> str:
    """The type of a resource."""
    return word(entry.value.get("Type") if isinstance(entry.value, Mapping) else None) or ""


def flattened(value: Setting) -> tuple[dict[str, Setting], Unknown[object] | None]:
    """Properties by name, also where they stand in an `Fn::If` as a whole; and why there may be more."""
    if isinstance(value, Known):
        if isinstance(value.it, Open):
            return value.it, value.it.more
        return (value.it, None) if isinstance(value.it, dict) else ({}, None)
    if isinstance(value, Unknown):
        return {}, value
    rows = each(value, flattened)
    found = {}
    for name in dict.fromkeys(name for _, (row, _) in rows for name in row):
        arms = tuple((option, row.get(name, more or Known(None, value.span))) for option, (row, more) in rows)
        found[name] = combined(value.variable, arms, value.span)
    return found, next((more for _, (_, more) in rows if more is not None), None)
