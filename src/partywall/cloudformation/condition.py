"""Conditions as formulas over what the template leaves open.

Each open parameter has a small domain: the texts some `Fn::Equals` compares it with, and anything else.
Assigning parameters instead of conditions keeps every assumption consistent without a solver.
"""

from __future__ import annotations

from collections.abc import Sequence

from partywall.choice import lifted
from partywall.cloudformation.evaluation import Evaluation, operation, referred, word
from partywall.cloudformation.intrinsic import evaluate
from partywall.cloudformation.parameter import ELSE
from partywall.source import Span
from partywall.text import node as text
from partywall.text.node import Mapping, Node
from partywall.value import Choice, Known, Reference, Setting, Unknown, settle, variables

_FORMULAS = ("Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not")


class Conditions:
    """The conditions of a template, each decided once."""

    def __init__(self, section: Node | None, scope: Evaluation) -> None:
        self.section = section if isinstance(section, Mapping) else None
        self.scope = scope
        self.described: dict[tuple[str, str], str] = {}
        self._values: dict[str, Setting] = {}
        self._busy: set[str] = set()
        self._domains: dict[str, tuple[str, ...]] | None = None

    def value(self, name: str, span: Span) -> Setting:
        """Whether a condition holds: known, or a choice of what it hangs on."""
        found = self._values.get(name)
        if found is not None:
            return found
        node = self.section.get(name) if self.section is not None else None
        if node is None:
            self.scope.note(span, f"there is no condition {name}")
        elif name in self._busy:
            self.scope.note(span, f"the condition {name} refers to itself")
            node = None
        self._busy.add(name)
        made = self.formula(node) if node is not None else Unknown(f"condition {name}", span)
        self._busy.discard(name)
        found = self._values[name] = self._decided(name, made, span)
        return found

    def _decided(self, name: str, made: Setting, span: Span) -> Setting:
        """A condition that cannot be expressed by parameters is open itself."""
        leaves = _leaves(made)
        if all(isinstance(leaf, Known) for leaf in leaves):
            open_ = variables(made)
            if len(open_) == 1:
                self._describe(name, next(iter(open_)), made)
            return made
        variable = f"condition {name}"
        for option in ("true", "false"):
            self.described[variable, option] = f"{variable} is {option}"
        return Choice(variable, (("true", Known(it=True)), ("false", Known(it=False))), span)

    def _describe(self, name: str, variable: str, made: Setting) -> None:
        """A parameter that only one condition asks about is spoken of by that condition's name."""
        if not isinstance(made, Choice) or sum(variable in self._mentions(other) for other in self._names()) != 1:
            return
        for option, _ in made.arms:
            decided = settle(made, {variable: option})
            if isinstance(decided, Known):
                self.described[variable, option] = f"condition {name} is {'true' if decided.it else 'false'}"

    def _names(self) -> list[str]:
        return list(self.section.entries) if self.section is not None else []

    def _mentions(self, name: str) -> set[str]:
        found: set[str] = set()
        pending = [self.section.get(name)] if self.section is not None else []
        while pending:
            node = pending.pop()
            if node is None:
                continue
            if (parameter := referred(node)) is not None:
                found.add(parameter)
            pending.extend(text.children(node))
        return found

    def formula(self, node: Node) -> Setting:
        """The truth of a condition expression."""
        name, argument = operation(node)
        if name == "Condition":
            return self.value(word(argument) or "", argument.span)
        operands = argument.items if isinstance(argument, text.Sequence) else [argument]
        if name == "Fn::Equals" and len(operands) == 2:
            sides = [self.operand(one) for one in operands]
            return lifted(sides, lambda values: _equal(values, node.span), node.span)
        if name == "Fn::Not" and len(operands) == 1:
            return lifted([self.formula(operands[0])], lambda values: _inverted(values, node.span), node.span)
        if name in ("Fn::And", "Fn::Or") and operands:
            decided = name == "Fn::Or"
            return self._fold([self.formula(one) for one in operands], node.span, decided=decided)
        if name in _FORMULAS:
            return self.scope.note(node.span, f"{name} has the wrong number of operands")
        return Unknown("the condition cannot be read", node.span)

    def _fold(self, truths: Sequence[Setting], span: Span, *, decided: bool) -> Setting:
        """`Or` (decided by true) and `And` (decided by false), pair by pair so that choices stay small."""
        result = truths[0]
        for truth in truths[1:]:
            result = lifted([result, truth], lambda values: _kleene(values, span, decided=decided), span)
        return result

    def operand(self, node: Node) -> Setting:
        """One side of `Fn::Equals`: an open parameter is a choice of what it is compared with."""
        name = referred(node)
        if name is not None:
            value = self.scope.parameters.value(name)
            if isinstance(value, Unknown):
                domain = self.domains.get(name, ())
                arms: list[tuple[str, Setting]] = [(one, Known(one, node.span)) for one in domain]
                other: Setting = Unknown(ELSE, node.span, (Reference(f"Parameters.{name}"),))
                return Choice(name, (*arms, (ELSE, other)), node.span) if domain else value
        return evaluate(node, self.scope)

    @property
    def domains(self) -> dict[str, tuple[str, ...]]:
        """For each parameter the literals it is compared with, anywhere in the conditions."""
        if self._domains is None:
            found: dict[str, dict[str, None]] = {}
            pending: list[Node] = [self.section] if self.section is not None else []
            while pending:
                node = pending.pop()
                name, argument = operation(node)
                if name == "Fn::Equals" and isinstance(argument, text.Sequence) and len(argument.items) == 2:
                    for one, other in (argument.items, reversed(argument.items)):
                        parameter, literal = referred(one), word(other) if not other.tag else None
                        if parameter is not None and literal is not None:
                            found.setdefault(parameter, {})[literal] = None
                pending.extend(text.children(node))
            self._domains = {name: tuple(sorted(literals)) for name, literals in found.items()}
        return self._domains


def _leaves(value: Setting) -> list[Setting]:
    if isinstance(value, Choice):
        return [leaf for _, arm in value.arms for leaf in _leaves(arm)]
    return [value]


def _equal(sides: Sequence[Setting], span: Span) -> Setting:
    left, right = sides
    if isinstance(left, Known) and isinstance(right, Known):
        return Known(_word(left.it) == _word(right.it), span)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Unknown) and one.why == ELSE and isinstance(other, Known):
            return Known(it=False, span=span)
    return Unknown("it compares what is not known", span)


def _word(it: object) -> object:
    if isinstance(it, bool):
        return "true" if it else "false"
    return str(it) if isinstance(it, int | str) else it


def _inverted(values: Sequence[Setting], span: Span) -> Setting:
    (value,) = values
    return Known(not value.it, span) if isinstance(value, Known) else value


def _kleene(values: Sequence[Setting], span: Span, *, decided: bool) -> Setting:
    if any(isinstance(value, Known) and value.it is decided for value in values):
        return Known(decided, span)
    unknown = next((value for value in values if not isinstance(value, Known)), None)
    return unknown if unknown is not None else Known(not decided, span)
