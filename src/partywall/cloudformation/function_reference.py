"""Functions that name something else: a parameter, a resource, another stack."""

from __future__ import annotations

from collections.abc import Sequence

from partywall.choice import derived
from partywall.cloudformation.evaluation import NO_VALUE, Evaluation, pattern, printed, word
from partywall.cloudformation.intrinsic import evaluate
from partywall.source import Span
from partywall.text import node as text
from partywall.text.node import Node
from partywall.value import Known, Reference, Setting, Unknown, is_marked, references


def ref(node: Node, scope: Evaluation) -> Setting:
    """`Ref`; its name may be made by a function where the language extensions are in force."""
    name = word(node)
    if name is None:
        inner = evaluate(node, scope)
        if not isinstance(inner, Known) or not isinstance(inner.it, str):
            return Unknown("the name in Ref is unknown", node.span, tuple(dict.fromkeys(references(inner))))
        name = inner.it
    return named(name, node.span, scope)


def named(name: str, span: Span, scope: Evaluation) -> Setting:
    """What `Ref` gives for a name: a parameter, a pseudo parameter or a resource."""
    if name in scope.names:
        return scope.names[name]
    if name == NO_VALUE:
        return Known(None, span)
    value = scope.parameters.value(name)
    if value is not None:
        return value
    if name in scope.resources:
        return scope.resource(name, "", span)
    if name in scope.made:
        return scope.resource(scope.made[name], "", span)
    if name.startswith("AWS::"):
        return Unknown(f"{name} is not given", span, (Reference(name),))
    return scope.missing(span, f"{name} is neither a parameter nor a resource of this template")


def get_att(node: Node, scope: Evaluation) -> Setting:
    """`Fn::GetAtt`, as text or as a list."""
    if isinstance(node, text.Sequence):
        parts = [evaluate(item, scope) for item in node.items]
        if len(parts) < 2:
            return scope.note(node.span, "Fn::GetAtt needs a resource and an attribute")
        known = [printed(part.it) for part in parts if isinstance(part, Known)]
        if len(known) < len(parts):
            mentioned = tuple(dict.fromkeys(it for part in parts for it in references(part)))
            return Unknown("the attribute is unknown", node.span, mentioned)
        name, attribute = known[0], ".".join(known[1:])
    else:
        name, _, attribute = (word(node) or "").partition(".")
    return attribute_of(name, attribute, node.span, scope)


def attribute_of(name: str, attribute: str, span: Span, scope: Evaluation) -> Setting:
    """An attribute of a resource."""
    if not attribute:
        return scope.note(span, "Fn::GetAtt needs a resource and an attribute")
    if name not in scope.resources:
        return scope.missing(span, f"{name} is not a resource of this template")
    return scope.resource(name, attribute, span)


def import_value(node: Node, scope: Evaluation) -> Setting:
    """`Fn::ImportValue`: what exactly one template beside this one exports, else unknown."""
    value = evaluate(node, scope)

    def over(values: Sequence[Setting]) -> Setting:
        (named,) = values
        name = printed(named.it) if isinstance(named, Known) else pattern(node)
        found = scope.exports(name) if isinstance(named, Known) else None
        if found is not None:
            return found
        name = pattern(node) if is_marked(named) else name
        mentioned = (Reference(f"export:{name}"), *references(named))
        return Unknown(f"export {name} is another stack's", node.span, tuple(dict.fromkeys(mentioned)))

    return derived((value,), over, node.span)


def get_stack_output(node: Node, scope: Evaluation) -> Setting:
    """`Fn::GetStackOutput`: an output of a stack that is deployed already."""
    return Unknown("it is an output of another stack", node.span, _mentioned(node, scope))


def transform(node: Node, scope: Evaluation) -> Setting:
    """`Fn::Transform` where it is not ours to carry out: a macro, or a snippet that is not in the project."""
    name = word(node.get("Name")) if isinstance(node, text.Mapping) else None
    why = (
        "made by a snippet that is not in the project" if name == "AWS::Include" else f"made by the macro {name or '?'}"
    )
    return Unknown(why, node.span, _mentioned(node, scope))


def _mentioned(node: Node, scope: Evaluation) -> tuple[Reference, ...]:
    return tuple(dict.fromkeys(references(evaluate(node, scope))))
