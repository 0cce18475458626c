"""One resource of SAM under expansion, and what it becomes."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from partywall.cloudformation.evaluation import Evaluation, printed
from partywall.cloudformation.intrinsic import evaluate
from partywall.cloudformation.sam.route import Route
from partywall.cloudformation.sam.tree import Plain, changed, child, entries, grow, is_absent, is_function, literal
from partywall.immutable import immutable
from partywall.source import Span
from partywall.text.node import Entry, Mapping, Node
from partywall.value import Known

_PASSED_ON = ("DeletionPolicy", "UpdateReplacePolicy")
_OWN = ("DependsOn", "Metadata", "CreationPolicy", "UpdatePolicy")


@immutable()
class Made:
    """A resource that the transform writes.

    The key of the entry is the place that caused it. `author` is the resource it was made for, `part` what it is to
    that one ("role"; empty for the resource itself), `extent` where that one stands. `unknown` says why there may be
    properties that are not seen.
    """

    entry: Entry
    author: str
    part: str
    extent: Span
    unknown: str = ""


@dataclass
class Template:
    """What the resources of one SAM template have in common while they are expanded."""

    resources: Table[str, Entry]
    scope: Evaluation
    made: dict[str, Made] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    routes: dict[str, list[Route]] = field(default_factory=dict)
    additions: dict[str, list[Node]] = field(default_factory=dict)

    def kind(self, name: str) -> str:
        """The type of a resource as its author wrote it."""
        entry = self.resources.get(name)
        return "" if entry is None else literal(child(entry.value, "Type")) or ""

    def text(self, node: Node | None) -> str | None:
        """The text of a node, references to parameters followed; None where it is no text that is known."""
        value = None if node is None else evaluate(node, self.scope)
        return printed(value.it) if isinstance(value, Known) and isinstance(value.it, str | int) else None

    def add(self, name: str, properties: Plain, span: Span) -> None:
        """Properties that the transform adds to a resource of the author."""
        self.additions.setdefault(name, []).append(grow(properties, span))


class Serverless:
    """A resource of a type `AWS::Serverless::…`, its properties completed by `Globals`.

    One that SAM itself puts into the template is made for another: its `author`, for whom it is a `part`.
    """

    def __init__(
        self, name: str, entry: Entry, properties: Node | None, template: Template, author: str = "", part: str = ""
    ) -> None:
        self.name, self.entry, self.template = name, entry, template
        self.properties = properties
        self.node = entry.value
        self.author, self.part = author or name, part
        kind = child(self.node, "Type")
        self.place = kind.span if kind is not None else entry.key
        where = template.resources.get(self.author, entry)
        end = where.value.span
        self.extent = Span(where.key.path, where.key.line, where.key.column, end.end_line, end.end_column)

    def get(self, *path: str) -> Node | None:
        """A property; None where it is absent."""
        node = self.properties
        for name in path:
            node = child(node, name)
        return None if is_absent(node) else node

    def at(self, name: str) -> Span:
        """Where a property is written; the line of the type where it is not."""
        entry = entries(self.properties).get(name)
        return self.place if entry is None else entry.key

    def picked(self, *names: str) -> dict[str, Plain]:
        """Properties that pass as they are."""
        return {name: self.get(name) for name in names}

    def text(self, *path: str) -> str | None:
        """A property as text, references to parameters followed; None where it is no text that is known."""
        return self.template.text(self.get(*path))

    @property
    def condition(self) -> Node | None:
        """The name of the condition on which it exists."""
        return child(self.node, "Condition")

    @property
    def _formula(self) -> Plain:
        """When it exists; what SAM itself puts in has a formula already."""
        own = self.condition
        return own if own is None or is_function(own) else {"Condition": own}

    def note(self, span: Span, message: str) -> None:
        """Say what cannot be followed."""
        self.template.scope.note(span, message)

    def become(self, kind: str, properties: Table[str, Plain], unknown: str = "") -> None:
        """The resource itself, in its own place and with its own attributes."""
        beside = {name: child(self.node, name) for name in ("Condition", *_PASSED_ON, *_OWN)}
        node = grow({"Type": kind, "Properties": properties, **beside}, self.node.span)
        self.template.made[self.name] = Made(
            Entry.at(self.entry.key, node), self.author, self.part, self.extent, unknown
        )

    def make(
        self,
        name: str,
        kind: str,
        part: str,
        span: Span,
        properties: Table[str, Plain],
        *,
        condition: Plain = None,
        inherits: bool = True,
        unknown: str = "",
    ) -> None:
        """One more resource, with the conditions of this one if it `inherits`, and one of its own (a formula)."""
        if name in self.template.resources and name not in self.template.made:
            return  # the author's own resource of that name stands
        there = [one for one in (self._formula if inherits else None, condition) if one is not None]
        beside: dict[str, Plain] = {name: child(self.node, name) for name in _PASSED_ON}
        if there:
            beside["Condition"] = there[0] if len(there) == 1 else {"Fn::And": there}
        node = grow({"Type": kind, "Properties": properties, **beside}, span)
        said = f"{part} of {self.part}" if self.part else part
        self.template.made[name] = Made(Entry.at(span, node), self.author, said, self.extent, unknown)

    def tags(self) -> Node | None:
        """`Tags` as the list of keys and values that other resources have."""
        node = self.get("Tags")
        return None if node is None else changed(node, _tag_list)


def _tag_list(node: Node) -> Plain:
    if not isinstance(node, Mapping) or not entries(node):
        return node
    return [grow({"Key": key, "Value": entry.value}, entry.key) for key, entry in node.entries.items()]


def code(node: Node, bucket: str = "S3Bucket", key: str = "S3Key", version: str = "S3ObjectVersion") -> Plain:
    """`CodeUri` and its like: an object of S3, by parts or as one address; a local path stays as it is."""
    found = entries(node)
    if found:
        return {
            bucket: child(node, "Bucket"), key: child(node, "Key"), version: child(node, "Version"),
        }  # fmt: skip
    address = literal(node) or ""
    if not address.startswith("s3://"):
        return {key: node}
    name, _, rest = address.removeprefix("s3://").partition("/")
    return {bucket: grow(name, node.span), key: grow(rest.partition("?versionId=")[0], node.span)}


def inverse(node: Node) -> dict[str, Plain]:
    """The formula that holds when a condition does not."""
    return {"Fn::Not": [{"Condition": node}]}
