"""`condition ? yes : no`: decided where the condition is known, else a choice of both arms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from partywall.choice import combined, lifted
from partywall.source import Span
from partywall.terraform import operators, syntax
from partywall.terraform.evaluation import attempt, evaluate, evaluates
from partywall.terraform.scope import EvaluationError, Scope
from partywall.terraform.static_type import Type, common, is_bare_null, type_of
from partywall.terraform.type_conversion import conform
from partywall.value import Known, Setting, Unknown, is_marked, marked


@evaluates(syntax.Conditional)
def _conditional(node: syntax.Conditional, scope: Scope) -> Setting:
    span = scope.span(node)
    condition = operators.truth(evaluate(node.condition, scope), scope.span(node.condition))
    if isinstance(condition, Known):
        taken, other = (node.yes, node.no) if condition.it else (node.no, node.yes)
        chosen, left = evaluate(taken, scope), attempt(other, scope)
        made = conform(chosen, _shared(chosen, left, span), span)
        return marked(made) if any(map(is_marked, (condition, left))) else made
    yes, no = attempt(node.yes, scope), attempt(node.no, scope)
    kind = _shared(yes, no, span)
    yes, no = _fitted(yes, kind, span), _fitted(no, kind, span)

    def choose(values: Sequence[Setting]) -> Setting:
        (decided,) = values
        if isinstance(decided, Known):
            return yes if decided.it else no
        return either(node.condition, scope, decided, yes, no, node)

    return lifted((condition,), choose, span)


def _shared(one: Setting, other: Setting, span: Span) -> Type:
    """The type of both arms of a conditional; raises EvaluationError where there is none. A bare null has any type."""
    kind = common([type_of(arm) for arm in (one, other) if not is_bare_null(arm)])
    if kind is None:
        raise EvaluationError("the two arms of the conditional have no type in common", span)
    return kind


def _fitted(value: Setting, kind: Type, span: Span) -> Setting:
    try:
        return conform(value, kind, span)
    except EvaluationError as error:
        return Unknown(error.message, error.span)


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
