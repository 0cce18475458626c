"""The `Rules` of a template: what they assert of its parameters takes away the worlds in which it does not hold."""

from __future__ import annotations

from collections.abc import Sequence

from partywall.choice import lifted
from partywall.cloudformation.condition import Conditions, inverted
from partywall.cloudformation.evaluation import Evaluation, items, operation, printed
from partywall.cloudformation.intrinsic import evaluate
from partywall.source import Span
from partywall.text import node as text
from partywall.text.node import Mapping, Node
from partywall.value import Known, Setting, Unknown

_CONTAINS = ("Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals")


def possible(section: Node | None, scope: Evaluation) -> Setting:
    """Whether the rules admit a deployment; what cannot be evaluated admits it."""
    assertions = _Assertions(None, scope)
    result: Setting = Known(True)
    for entry in section.entries.values() if isinstance(section, Mapping) else ():
        asserted = entry.value.get("Assertions") if isinstance(entry.value, Mapping) else None
        condition = entry.value.get("RuleCondition") if isinstance(entry.value, Mapping) else None
        for one in items(asserted) if asserted is not None else ():
            claim = one.get("Assert") if isinstance(one, Mapping) else None
            if claim is None:
                continue
            holds = [assertions.formula(claim)]
            if condition is not None:
                holds.append(inverted(assertions.formula(condition), condition.span))
            admitted = lifted([assertions.folded(holds, claim.span, decided=True)], _benefit, claim.span)
            result = assertions.folded([result, admitted], claim.span, decided=False)
    return result


class _Assertions(Conditions):
    """Formulas with the functions that only rules may use; what they leave open opens nothing."""

    def open(self, variable: str, span: Span) -> Setting:
        return Unknown(variable, span)

    def formula(self, node: Node) -> Setting:
        name, argument = operation(node)
        if name not in _CONTAINS:
            return Unknown(f"{name} is decided at deployment", node.span) if name in _REMOTE else super().formula(node)
        operands = argument.items if isinstance(argument, text.Sequence) else []
        if len(operands) != 2:
            self.scope.note(node.span, f"{name} has the wrong number of operands")
            return self.open(name, node.span)
        sides = [evaluate(one, self.scope) for one in operands]
        return lifted(sides, lambda values: _compared(name, values, node.span), node.span)


_REMOTE = ("Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll")


def _compared(name: str, sides: Sequence[Setting], span: Span) -> Setting:
    left, right = (_texts(side) for side in sides)
    if left is None or right is None:
        return Unknown("it compares what is not known", span)
    if name == "Fn::Contains":
        return Known(bool(right) and right[0] in left, span)
    wanted = right if name == "Fn::EachMemberIn" else right[:1]
    return Known(all(one in wanted for one in left), span)


def _texts(value: Setting) -> list[str] | None:
    if not isinstance(value, Known):
        return None
    if not isinstance(value.it, tuple):
        return [printed(value.it)]
    return [printed(it.it) for it in value.it] if all(isinstance(it, Known) for it in value.it) else None


def _benefit(values: Sequence[Setting]) -> Setting:
    (value,) = values
    return value if isinstance(value, Known) else Known(True, value.span)
