"""`condition ? yes : no`: decided where the condition is known, else a choice of both arms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from partywall.choice import combined, lifted
from partywall.terraform import conversion, operators, syntax
from partywall.terraform.evaluation import attempt, evaluate, evaluates
from partywall.terraform.scope import Scope
from partywall.value import Known, Setting, Unknown, marked


@evaluates(syntax.Conditional)
def _conditional(node: syntax.Conditional, scope: Scope) -> Setting:
    span = scope.span(node)
    condition = operators.truth(evaluate(node.condition, scope), scope.span(node.condition))
    if isinstance(condition, Known):
        chosen = evaluate(node.yes if condition.it else node.no, scope)
        if conversion.needs_type(chosen):
            chosen = conversion.alike(chosen, attempt(node.no if condition.it else node.yes, scope))
        return marked(chosen) if condition.sensitive else chosen
    yes, no = attempt(node.yes, scope), attempt(node.no, scope)
    yes, no = conversion.alike(yes, no), conversion.alike(no, yes)

    def choose(values: Sequence[Setting]) -> Setting:
        (decided,) = values
        if isinstance(decided, Known):
            return yes if decided.it else no
        return either(node.condition, scope, decided, yes, no, node)

    return lifted((condition,), choose, span)


def either(test: Any, scope: Scope, condition: Setting, yes: Setting, no: Setting, place: Any) -> Setting:
    """The choice between two values on an unknown condition."""
    variable, positive = assumption(test, scope, condition)
    arms = (("true", yes if positive else no), ("false", no if positive else yes))
    return combined(variable, arms, scope.span(place))


def assumption(node: Any, scope: Scope, value: Setting) -> tuple[str, bool]:
    """The name under which an unknown condition is assumed, and whether it is meant as it stands.

    Equal conditions get equal names: brackets, negations and comparisons with true and false are taken off, and
    a variable handed down through modules keeps the name it has at the top.
    """
    positive = True
    while True:
        if isinstance(node, syntax.Group):
            node = node.inner
        elif isinstance(node, syntax.Unary) and node.operator == "!":
            node, positive = node.operand, not positive
        elif (
            isinstance(node, syntax.Binary)
            and node.operator in {"==", "!="}
            and isinstance(node.right, syntax.Literal)
            and isinstance(node.right.value, bool)
        ):
            positive ^= node.right.value is (node.operator == "!=")
            node = node.left
        else:
            break
    if isinstance(node, syntax.Get) and isinstance(value, Unknown) and len(value.references) == 1:
        address = value.references[0].address
        if "var." in address and not value.references[0].attribute:
            return address, positive
    text = " ".join(scope.source.text[node.start : node.end].split())
    if isinstance(node, syntax.Binary) and node.operator == "!=":
        positive = not positive
        left = " ".join(scope.source.text[node.left.start : node.left.end].split())
        right = " ".join(scope.source.text[node.right.start : node.right.end].split())
        text = f"{left} == {right}"
    if any(f"{name}" in text for name in scope.names) and scope.owner:
        return f"{scope.owner}: {text}", positive
    return (f"{scope.module.path}: {text}" if scope.module.path else text), positive
