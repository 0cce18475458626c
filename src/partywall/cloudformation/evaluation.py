"""A template under evaluation: what its parts have in common, and what is found out on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from partywall.problem import Problem
from partywall.source import Span
from partywall.text import node as text
from partywall.text.node import Node, Scalar
from partywall.value import CREATED, Known, Reference, Setting, Unknown

if TYPE_CHECKING:
    from partywall.cloudformation.condition import Conditions
    from partywall.cloudformation.parameter import Parameters

NO_VALUE = "AWS::NoValue"
_UNPREFIXED = frozenset({"Ref", "Condition"})
_NAMING = frozenset({"Ref", "Fn::GetAtt"})


@dataclass
class Evaluation:
    """One template: its sections as nodes, parameters and conditions as they are decided.

    `prefix` stands before the addresses of a nested stack ("Net."), `names` are the identifiers of loops over
    something unknown, `copied` the conditions under which loops make a copy, `exports` finds what other templates offer
    under a name, and `output` answers for the nested stacks of this one: the value of an output, or None where that
    stack is not known. A `macro` may add whatever is missing. `depth` is how many functions are being evaluated, one
    inside the other.
    """

    resources: Mapping[str, str]
    mappings: Node | None
    functions: Mapping[str, Function]
    prefix: str = ""
    exports: Callable[[str], Setting | None] = lambda _name: None
    output: Callable[[str, str], Setting | None] = lambda _stack, _output: None
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, Setting] = field(default_factory=dict)
    copied: dict[str, Setting] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)
    """What a transform made and how the author may name it: `Worker.Alias` → its logical id."""
    macro: str = ""
    depth: int = 0
    parameters: Parameters = field(init=False)
    conditions: Conditions = field(init=False)

    def note(self, span: Span, message: str) -> Setting:
        """Record what does not fit together; the value counts as unknown and the rest is read on."""
        self.problems.append(Problem(span, "note", message))
        return Unknown(message, span)

    def missing(self, span: Span, message: str) -> Setting:
        """Note that something named is not there, unless a macro may make it."""
        return Unknown(f"the macro {self.macro} may make it", span) if self.macro else self.note(span, message)

    def resource(self, name: str, attribute: str, span: Span) -> Setting:
        """What AWS will answer about a resource of the template."""
        head, _, rest = attribute.partition(".")
        if f"{name}.{head}" in self.made:
            return self.resource(self.made[f"{name}.{head}"], rest, span)
        if attribute.startswith("Outputs."):
            found = self.output(name, attribute.removeprefix("Outputs."))
            if found is not None:
                return found
        return Unknown(CREATED, span, (Reference(self.prefix + name, attribute),))

    def mention(self, name: str) -> tuple[Reference, ...]:
        """The reference that a parameter's value carries."""
        return (Reference(f"{self.prefix}Parameters.{name}"),)


Function: TypeAlias = Callable[[Node, Evaluation], Setting]


def is_absent(value: Setting) -> bool:
    """Whether a value is `AWS::NoValue`, and so not there."""
    return isinstance(value, Known) and value.it is None


def word(node: Node | None) -> str | None:
    """The text of a scalar as CloudFormation passes it; None for anything else, functions included."""
    if not isinstance(node, Scalar) or (node.tag and node.tag.startswith("!")):
        return None
    it = node.value
    return it if it is None or isinstance(it, str) else printed(it)


def printed(it: object) -> str:
    """A scalar as CloudFormation passes it on as text."""
    if isinstance(it, str):
        return it
    if isinstance(it, bool):
        return "true" if it else "false"
    return "" if it is None else str(it)


def operation(node: Node) -> tuple[str, Node]:
    """The function of a node and its argument, in either spelling; "" and the node where there is none."""
    if node.tag and (name := _long(node.tag)):
        return name, bare(node)
    if isinstance(node, text.Mapping) and len(node.entries) == 1:
        ((name, entry),) = node.entries.items()
        if name.startswith("Fn::") or name in _UNPREFIXED:
            return name, entry.value
    return "", node


@cache
def _long(tag: str) -> str:
    """The name of the function that a short tag stands for; "" for the tags of YAML itself."""
    name = tag[1:] if tag.startswith("!") else ""
    return name if not name or name in _UNPREFIXED else f"Fn::{name}"


def bare(node: Node) -> Node:
    """A node without its tag."""
    if isinstance(node, Scalar):
        return Scalar(node.span, node.value)
    if isinstance(node, text.Sequence):
        return text.Sequence(node.span, node.items)
    return text.Mapping(node.span, node.entries)


def referred(node: Node) -> str | None:
    """The name in `Ref`."""
    name, argument = operation(node)
    return word(argument) if name == "Ref" else None


def spelled(node: Node) -> str:
    """An expression in one line, the same for the same meaning, for people and as the name of what it leaves open."""
    name, argument = operation(node)
    if name in ("Ref", "Condition", "Fn::GetAtt") and (simple := word(argument)) is not None:
        return simple
    if name:
        return f"{name.removeprefix('Fn::')}({spelled(argument)})"
    if isinstance(node, text.Sequence):
        return ", ".join(map(spelled, node.items))
    if isinstance(node, text.Mapping):
        return ", ".join(f"{key}: {spelled(entry.value)}" for key, entry in node.entries.items())
    return f"'{printed(node.value)}'"


def pattern(node: Node) -> str:
    """Text that is not known as its author wrote it, with `${…}` for what fills it, by its name where it has one."""
    name, argument = operation(node)
    if name == "Fn::Sub":
        return word(items(argument)[0]) or "${…}"
    if name == "Fn::Join" and isinstance(argument, text.Sequence) and len(argument.items) == 2:
        delimiter, pieces = argument.items
        return (word(delimiter) or "").join(map(pattern, items(pieces)))
    return f"${{{(name in _NAMING and word(argument)) or '…'}}}" if name else word(node) or "${…}"


def items(node: Node) -> list[Node]:
    """The elements of a list; a single node is a list of one."""
    return node.items if isinstance(node, text.Sequence) else [node]
