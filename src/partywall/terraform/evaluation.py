"""The table of evaluators: what a syntax node means in a scope; the modules of each kind of node fill it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from partywall.terraform.scope import EvaluationError, Scope
from partywall.value import Setting, Unknown

Evaluator = Callable[[Any, Scope], Setting]
E = TypeVar("E", bound=Evaluator)

_EVALUATORS: dict[type, Evaluator] = {}


def evaluate(node: Any, scope: Scope) -> Setting:
    """The value of an expression; raises EvaluationError where Terraform would report an error."""
    return _EVALUATORS[type(node)](node, scope)


def attempt(node: Any, scope: Scope) -> Setting:
    """The value of an expression that may not be the one that counts: its error is only a reason."""
    try:
        return evaluate(node, scope.asking)
    except EvaluationError as error:
        return Unknown(error.message, error.span)


def part(node: Any, scope: Scope) -> Setting:
    """The value of an element, an entry or a piece of text: its error is reported, and the others stay known."""
    try:
        return evaluate(node, scope)
    except EvaluationError as error:
        if scope.asks:
            raise
        scope.module.note(error)
        return Unknown(f"it cannot be evaluated: {error.message}", scope.span(node), error.references)


def evaluates(*kinds: type) -> Callable[[E], E]:
    """Enter a function as what evaluates nodes of some kinds."""

    def enter(evaluator: E) -> E:
        _EVALUATORS.update(dict.fromkeys(kinds, evaluator))
        return evaluator

    return enter
