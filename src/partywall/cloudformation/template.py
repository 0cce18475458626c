"""One template: its sections read, its resources evaluated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from collections.abc import Mapping as Table

from partywall import source
from partywall.choice import combined
from partywall.cloudformation import detect, sam
from partywall.cloudformation.condition import Conditions
from partywall.cloudformation.evaluation import Evaluation, items, word
from partywall.cloudformation.intrinsic import evaluate
from partywall.cloudformation.parameter import Parameters
from partywall.declared import Declared, Deployment
from partywall.problem import Problem
from partywall.source import Source, Span, UnreadableError
from partywall.text.node import Document, Entry, Mapping, Node, TextError
from partywall.value import Choice, Known, Setting, Unknown, Value, convert

BESIDE = ("DeletionPolicy", "UpdateReplacePolicy", "Metadata", "DependsOn", "CreationPolicy", "UpdatePolicy")
_KNOWN_TRANSFORMS = (
    "AWS::LanguageExtensions", "AWS::Include", "AWS::Serverless-2016-10-31", "AWS::SecretsManager-",
    "AWS::CodeDeployBlueGreen",
    "AWS::CodeStar", "AWS::ServiceCatalog",
)  # fmt: skip


def is_template(path: str) -> bool:
    """Whether a file is a template, or would be if it could be parsed."""
    try:
        text = source.read(path, limit=detect.MAX_BYTES)
    except UnreadableError:
        return False
    if not detect.sniff(text):
        return False
    try:
        return detect.is_root(detect.parse(text).root)
    except TextError as error:
        return not detect.is_templated(text, error.line)


def load(
    path: str, *, parameters: Table[str, str], project: str, region: str | None = None, account: str | None = None
) -> Deployment | None:
    """Read and evaluate a template, with the nested stacks whose templates lie in the project.

    None where the file is no template. A text that cannot be parsed gives a deployment without resources and a problem.
    """
    try:
        text = source.read(path, limit=detect.MAX_BYTES)
    except UnreadableError as error:
        return _broken(source.display(path), Span(source.display(path), 1, 1, 1, 1), str(error))
    try:
        document = detect.parse(text)
    except TextError as error:
        if not detect.sniff(text) or detect.is_templated(text, error.line):
            return None
        return _broken(text.path, Span(text.path, error.line, error.column, error.line, error.column), error.message)
    if not detect.is_root(document.root):
        return None
    given: dict[str, Setting] = {name: Known(value) for name, value in parameters.items()}
    template = Template(text, path, document, given, project, region, account)
    resources = tuple(template.declarations())
    return Deployment(
        name=text.path,
        dialect="cloudformation",
        resources=resources,
        files=tuple(template.files),
        problems=tuple(dict.fromkeys(template.scope.problems)),
        described=template.scope.conditions.described,
        unseen=tuple(template.unseen),
    )


def _broken(name: str, span: Span, message: str) -> Deployment:
    return Deployment(name, "cloudformation", (), (name,), (Problem(span, "error", message),))


class Template:
    """The sections of one template and the declarations in it."""

    def __init__(
        self,
        text: Source,
        path: str,
        document: Document,
        given: Table[str, Setting],
        project: str,
        region: str | None,
        account: str | None,
        depth: int = 0,
    ) -> None:
        root = document.root
        assert isinstance(root, Mapping)
        self.text, self.path, self.root, self.project, self.depth = text, path, root, project, depth
        self.region, self.account = region, account
        self.files = [text.path]
        self.unseen: list[Problem] = []
        self.resources: dict[str, Entry] = {}
        section = root.get("Resources")
        kinds: dict[str, str] = {}
        for name, entry in section.entries.items() if isinstance(section, Mapping) else ():
            self.resources[name] = entry
            kinds[name] = _kind(entry)
        self.kinds = kinds
        self.scope = Evaluation(kinds, root.get("Mappings"))
        self.scope.parameters = Parameters(root.get("Parameters"), given, region, account, self.scope)
        self.scope.conditions = Conditions(root.get("Conditions"), self.scope)
        for name, span in document.repeated:
            self.scope.problems.append(Problem(span, "note", f"the key {name} is repeated; the last one counts"))
        self.made: Table[str, sam.Made] = {}
        if any(map(sam.is_serverless, kinds.values())):
            self.made = sam.expand(self.resources, root.get("Globals"), self.scope)
            self.resources = {name: made.entry for name, made in self.made.items()}
            kinds |= {name: _kind(entry) for name, entry in self.resources.items()}
        self.more = self._macros(root.get("Transform"))

    def _macros(self, transform: Node | None) -> Unknown[object] | None:
        """An unknown macro may add anything to what is written."""
        for one in items(transform) if transform is not None else ():
            name = (
                word(one)
                or (word(inner) if isinstance(one, Mapping) and (inner := one.get("Name")) else None)
                or "macro"
            )
            if not name.startswith(_KNOWN_TRANSFORMS):
                message = f"the macro {name} may change this template; what is missing in it counts as unknown"
                self.scope.problems.append(Problem(one.span, "note", message))
                return Unknown(f"the macro {name} may set it", one.span)
        return None

    def declarations(self) -> Iterator[Declared]:
        """Parameters, resources (nested stacks included) and outputs, in the order of the text."""
        yield from self._pieces("Parameters", "parameter")
        for name, entry in self.resources.items():
            yield from self.declare(name, entry)
        yield from self._pieces("Outputs", "output")
        beside = self.root.get("Metadata")
        if beside is not None:
            metadata = {"Metadata": evaluate(beside, self.scope)}
            yield Declared("cloudformation", "template", "Metadata", {}, beside.span, metadata=metadata)

    def _pieces(self, section: str, kind: str) -> Iterator[Declared]:
        node = self.root.get(section)
        for name, entry in node.entries.items() if isinstance(node, Mapping) else ():
            if not isinstance(entry.value, Mapping):
                continue
            attributes, exists = self._contents(entry.value, without=("Condition",)), self._exists(entry.value)
            yield Declared(
                "cloudformation", kind, f"{section}.{name}", attributes, entry.key, exists, extent=entry.value.span
            )

    def declare(self, name: str, entry: Entry) -> Iterator[Declared]:
        """One resource."""
        node = entry.value
        if not isinstance(node, Mapping) or not self.kinds.get(name):
            if not name.startswith("Fn::"):
                self.scope.note(entry.key, f"{name} has no Type")
            return
        properties = node.get("Properties")
        value = evaluate(properties, self.scope) if properties is not None else Known({}, entry.key)
        attributes, more = flattened(value)
        extent = Span(entry.key.path, entry.key.line, entry.key.column, node.span.end_line, node.span.end_column)
        metadata = {key: evaluate(one, self.scope) for key in BESIDE if (one := node.get(key)) is not None}
        made = self.made.get(name)
        if made is not None and made.unknown:
            more = Unknown(made.unknown, entry.key)
        yield Declared(
            dialect="cloudformation",
            type=self.kinds[name],
            address=name,
            attributes=attributes,
            span=entry.key,
            exists=self._exists(node),
            more=more or self.more,
            metadata=metadata,
            extent=made.extent if made is not None and made.part else extent,
            author=made.author if made is not None and made.part else "",
            part=made.part if made is not None else "",
        )

    def _contents(self, node: Mapping, without: tuple[str, ...]) -> dict[str, Setting]:
        return {key: evaluate(entry.value, self.scope) for key, entry in node.entries.items() if key not in without}

    def _exists(self, node: Mapping) -> Value[bool]:
        condition = node.get("Condition")
        if condition is None:
            return Known(it=True)
        name = word(condition)
        conditions = self.scope.conditions
        holds = conditions.value(name, condition.span) if name is not None else conditions.formula(condition)
        return convert(holds, lambda it: it if isinstance(it, bool) else None, "true or false")

    def relative(self, location: str) -> str | None:
        """A file of the project named relative to this template."""
        found = os.path.normpath(os.path.join(os.path.dirname(self.path), location))
        return found if source.is_file(found) and source.inside(found, self.project) else None


def _kind(entry: Entry) -> str:
    """The type of a resource."""
    kind = entry.value.get("Type") if isinstance(entry.value, Mapping) else None
    return (word(kind) if kind is not None else None) or ""


def flattened(value: Setting) -> tuple[dict[str, Setting], Unknown[object] | None]:
    """Properties by name, also where they stand in an `Fn::If` as a whole; and why there may be more."""
    if isinstance(value, Known) and isinstance(value.it, dict):
        return value.it, None
    if isinstance(value, Choice):
        names = dict.fromkeys(name for _, arm in value.arms for name in flattened(arm)[0])
        found = {}
        for name in names:
            arms = tuple((option, flattened(arm)[0].get(name, Known(None, value.span))) for option, arm in value.arms)
            found[name] = combined(value.variable, arms, value.span)
        return found, next((more for _, arm in value.arms if (more := flattened(arm)[1]) is not None), None)
    return {}, value if isinstance(value, Unknown) else None
