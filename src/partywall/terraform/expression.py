"""The meaning of an expression: a syntax node in a scope → a value.

What Terraform would refuse raises EvaluationError. What it would not know before apply is
unknown, and a conditional on something unknown keeps both arms as a choice. Each kind of
expression has its module; this one has the operators and brings them together.
"""

from __future__ import annotations

from partywall.choice import lifted
from partywall.terraform import call, comprehension, conditional, operators, reference, syntax, template
from partywall.terraform.evaluation import attempt, evaluate, evaluates
from partywall.terraform.scope import Scope
from partywall.text.structured import PlacedText
from partywall.value import Known, Setting

__all__ = ["attempt", "call", "comprehension", "conditional", "evaluate", "reference", "template"]


@evaluates(syntax.Literal)
def _literal(node: syntax.Literal, scope: Scope) -> Setting:
    value = node.value
    if isinstance(value, str) and "\n" in value:
        text = scope.source.text
        heredoc = text.startswith("<<", node.start)
        start = text.index("\n", node.start) + 1 if heredoc else node.start
        value = PlacedText.read(value, scope.source, start, node.end)
    return Known(value, scope.source.span(node.start, node.end))


@evaluates(syntax.Group)
def _group(node: syntax.Group, scope: Scope) -> Setting:
    return evaluate(node.inner, scope)


@evaluates(syntax.Binary)
def _binary(node: syntax.Binary, scope: Scope) -> Setting:
    span = scope.span(node)
    left = evaluate(node.left, scope)
    if node.operator in {"&&", "||"}:
        decided = node.operator == "||"
        first = operators.truth(left, span)
        settled = isinstance(first, Known) and first.it is not decided
        second = operators.truth((evaluate if settled else attempt)(node.right, scope), span)
        return lifted(
            (first, second), lambda values: operators.logical(values[0], values[1], span, decided=decided), span
        )
    right = evaluate(node.right, scope)
    return lifted((left, right), lambda values: operators.binary(node.operator, values[0], values[1], span), span)


@evaluates(syntax.Unary)
def _unary(node: syntax.Unary, scope: Scope) -> Setting:
    span = scope.span(node)
    return lifted(
        (evaluate(node.operand, scope),), lambda values: operators.unary(node.operator, values[0], span), span
    )
