"""A template under evaluation: what its parts have in common, and what is found out on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from partywall.problem import Problem
from partywall.source import Span
from partywall.text import node as text
from partywall.text.node import Node, Scalar
from partywall.value import CREATED, Known, Reference, Setting, Unknown

if TYPE_CHECKING:
    from partywall.cloudformation.condition import Conditions
    from partywall.cloudformation.parameter import Parameters

NO_VALUE = "AWS::NoValue"
_UNPREFIXED = {"!Ref": "Ref", "!Condition": "Condition"}


@dataclass
class Evaluation:
    """One template: its sections as nodes, parameters and conditions as they are decided."""

    resources: Mapping[str, str]
    mappings: Node | None
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, Setting] = field(default_factory=dict)
    children: dict[str, Mapping[str, Setting]] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)
    """What a transform made and how the author may name it: `Worker.Alias` → its logical id."""
    parameters: Parameters = field(init=False)
    conditions: Conditions = field(init=False)

    def note(self, span: Span, message: str) -> Setting:
        """Record what does not fit together; the value counts as unknown and the rest is read on."""
        self.problems.append(Problem(span, "note", message))
        return Unknown(message, span)

    def resource(self, name: str, attribute: str, span: Span) -> Setting:
        """What AWS will answer about a resource of the template."""
        head, _, rest = attribute.partition(".")
        if f"{name}.{head}" in self.made:
            return self.resource(self.made[f"{name}.{head}"], rest, span)
        if attribute.startswith("Outputs.") and name in self.children:
            found = self.children[name].get(attribute.removeprefix("Outputs."))
            if found is not None:
                return found
        return Unknown(CREATED, span, (Reference(name, attribute),))


Function = Callable[[Node, Evaluation], Setting]


def is_absent(value: Setting) -> bool:
    """Whether a value is `AWS::NoValue`, and so not there."""
    return isinstance(value, Known) and value.it is None


def word(node: Node) -> str | None:
    """The text of a scalar as CloudFormation passes it; None for anything else."""
    if not isinstance(node, Scalar) or node.value is None:
        return None
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return node.value if isinstance(node.value, str) else str(node.value)


def operation(node: Node) -> tuple[str, Node]:
    """The function of a node and its argument, in either spelling; "" and the node where there is none."""
    if node.tag.startswith("!"):
        name = _UNPREFIXED.get(node.tag) or f"Fn::{node.tag[1:]}"
        return name, bare(node)
    if isinstance(node, text.Mapping) and len(node.entries) == 1:
        ((name, entry),) = node.entries.items()
        if name.startswith("Fn::") or name in _UNPREFIXED.values():
            return name, entry.value
    return "", node


def bare(node: Node) -> Node:
    """A node without its tag."""
    if isinstance(node, Scalar):
        return Scalar(node.span, node.value)
    return (
        text.Sequence(node.span, node.items)
        if isinstance(node, text.Sequence)
        else text.Mapping(node.span, node.entries)
    )


def referred(node: Node) -> str | None:
    """The name in `Ref`."""
    name, argument = operation(node)
    return word(argument) if name == "Ref" else None


def items(node: Node) -> list[Node]:
    """The elements of a list; a single node is a list of one."""
    return node.items if isinstance(node, text.Sequence) else [node]
