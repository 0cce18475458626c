"""Conditions as formulas over what the template leaves open.

Assigning parameters instead of conditions keeps every assumption consistent without a solver: two comparisons with one
parameter cannot both hold, and a list of allowed values cannot be left. What no parameter expresses is open itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from partywall.choice import lifted
from partywall.cloudformation.evaluation import Evaluation, operation, printed, referred, spelled, word
from partywall.cloudformation.intrinsic import evaluate
from partywall.source import NOWHERE, Span
from partywall.text import node as text
from partywall.text.node import Mapping, Node
from partywall.value import Choice, Known, Setting, Unknown, distinct, settle, variables


class Conditions:
    """The conditions of a template, each decided once; `described` says each option of what is open in words."""

    def __init__(self, section: Node | None, scope: Evaluation) -> None:
        self.section = section if isinstance(section, Mapping) else Mapping(NOWHERE)
        self.scope = scope
        self.described: dict[tuple[str, str], str] = {}
        self._values: dict[str, Setting] = dict(scope.copied)
        self._deciding: set[str] = set()

    def value(self, name: str, span: Span) -> Setting:
        """Whether a condition holds: known, or a choice of what it hangs on."""
        found = self._values.get(name)
        if found is not None:
            return found
        if name not in self.section.entries:
            self.scope.missing(span, f"there is no condition {name}")
            found = self._values[name] = self.open(f"condition {name}", span)
            return found
        if name in self._deciding:  # by way of a Fn::If in what it compares
            self.scope.note(self.section.entries[name].key, f"the condition {name} refers to itself")
            return self.open(f"condition {name}", span)
        self._decide(name)
        return self._values[name]

    def _decide(self, wanted: str) -> None:
        """Decide a condition after those it is made of, however long the chain."""
        pending: list[tuple[str, bool]] = [(wanted, False)]
        begun: set[str] = set()
        while pending:
            name, ready = pending.pop()
            entry = self.section.entries.get(name)
            if name in self._values or entry is None:
                continue
            if ready:
                self._deciding.add(name)
                made = self.formula(entry.value)
                self._deciding.discard(name)
                whole = all(isinstance(leaf, Known) for leaf in _leaves(made))
                self._values[name] = made if whole else self.open(f"condition {name}", entry.key)
            elif name in begun:
                self.scope.note(entry.key, f"the condition {name} refers to itself")
                self._values[name] = self.open(f"condition {name}", entry.key)
            else:
                begun.add(name)
                pending.append((name, True))
                pending.extend((one, False) for one in _parts(entry.value))

    def open(self, variable: str, span: Span) -> Setting:
        """A truth that nothing known expresses: a variable of its own."""
        name = self.scope.prefix + variable
        for option in ("true", "false"):
            self.described[name, option] = f"{name} is {option}"
        return Choice(name, (("true", Known(True, span)), ("false", Known(False, span))), span)

    def formula(self, node: Node) -> Setting:
        """The truth of a condition expression."""
        name, argument = operation(node)
        operands = argument.items if isinstance(argument, text.Sequence) else [argument]
        if name == "Condition" and (referred_to := word(argument)) is not None:
            return self.value(referred_to, argument.span)
        if name == "Fn::Equals" and len(operands) == 2:
            if spelled(operands[0]) == spelled(operands[1]):
                return Known(True, node.span)
            sides = [self.operand(one) for one in operands]
            return lifted(sides, lambda values: self._equal(values, operands, node.span), node.span)
        if name == "Fn::Not" and len(operands) == 1:
            return inverted(self.formula(operands[0]), node.span)
        if name in ("Fn::And", "Fn::Or") and 1 <= len(operands) <= 10:
            decided = name == "Fn::Or"
            return self.folded([self.formula(one) for one in operands], node.span, decided=decided)
        if name in ("Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or"):
            self.scope.note(node.span, f"{name} has the wrong number of operands")
        elif name or not isinstance(node, text.Scalar) or not isinstance(node.value, bool):
            self.scope.note(node.span, "this is no condition")
        else:
            return Known(node.value, node.span)
        return self.open(spelled(node), node.span)

    def folded(self, truths: Sequence[Setting], span: Span, *, decided: bool) -> Setting:
        """`Or` (decided by true) and `And` (decided by false), pair by pair so that choices stay small."""
        result = truths[0]
        for truth in truths[1:]:
            result = lifted([result, truth], lambda values: _kleene(values, span, decided=decided), span)
        return result

    def operand(self, node: Node) -> Setting:
        """An expression that is compared: an open parameter is a choice of what it is compared with."""
        name = referred(node)
        value = self.scope.parameters.cases(name) if name is not None and name not in self.scope.names else None
        return evaluate(node, self.scope) if value is None else value

    def _equal(self, sides: Sequence[Setting], written: Sequence[Node], span: Span) -> Setting:
        left, right = sides
        if isinstance(left, Known) and isinstance(right, Known) and _is_whole(left) and _is_whole(right):
            return Known(_comparable(left) == _comparable(right), span)
        for one, other in ((left, right), (right, left)):
            if isinstance(other, Known) and isinstance(one, Unknown):
                literal = _comparable(other)
                if isinstance(literal, str) and not one.may_be(literal):
                    return Known(False, span)
        return self.open(" equals ".join(sorted(map(spelled, written))), span)

    def describe(self) -> dict[tuple[str, str], str]:
        """The words for options: a variable that only one condition hangs on is spoken of by that one's name."""
        askers: dict[str, list[str]] = {}
        for name, value in self._values.items():
            if name in self.scope.copied:
                continue  # Nobody wrote it.
            for variable in variables(value):
                askers.setdefault(variable, []).append(name)
        found = dict(self.described)
        for variable, names in askers.items():
            value = self._values[names[0]]
            if len(names) > 1 or not isinstance(value, Choice) or value.variable != variable:
                continue
            for option, arm in value.arms:
                decided = settle(arm, {variable: option})
                if isinstance(decided, Known):
                    truth = printed(decided.it)
                    found[variable, option] = f"condition {self.scope.prefix}{names[0]} is {truth}"
        return found


def _parts(node: Node) -> list[str]:
    """The conditions that a formula names."""
    found: list[str] = []
    pending = [node]
    while pending:
        one = pending.pop()
        name, argument = operation(one)
        if name == "Condition" and (referred_to := word(argument)) is not None:
            found.append(referred_to)
        pending.extend(text.children(one))
    return found


def _leaves(value: Setting) -> list[Setting]:
    return [leaf for arm in distinct(value) for leaf in _leaves(arm)] if isinstance(value, Choice) else [value]


def _comparable(value: Known[object]) -> object:
    """Texts are compared exactly, numbers and flags as text."""
    it = value.it
    return [printed(part.it) for part in it if isinstance(part, Known)] if isinstance(it, tuple) else printed(it)


def _is_whole(value: Known[object]) -> bool:
    """Whether no element of a list is left open."""
    return not isinstance(value.it, tuple) or all(isinstance(part, Known) for part in value.it)


def inverted(truth: Setting, span: Span) -> Setting:
    """`Not`."""

    def over(values: Sequence[Setting]) -> Setting:
        (value,) = values
        return Known(not value.it, span) if isinstance(value, Known) else value

    return lifted((truth,), over, span)


def _kleene(values: Sequence[Setting], span: Span, *, decided: bool) -> Setting:
    if any(isinstance(value, Known) and value.it is decided for value in values):
        return Known(decided, span)
    unknown = next((value for value in values if not isinstance(value, Known)), None)
    return unknown if unknown is not None else Known(not decided, span)
