"""The contents of a block → settings: arguments as they are written, nested blocks as lists under their type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from partywall.choice import combined, lifted
from partywall.terraform.comprehension import pairs
from partywall.terraform.conversion import JsonBlocks
from partywall.terraform.expression import evaluate
from partywall.terraform.scope import Created, EvaluationError, Scope
from partywall.terraform.syntax import Argument, Block, Body, Name
from partywall.value import Choice, Known, Setting, Unknown

META = frozenset({"count", "for_each", "depends_on", "provider"})
MODULE_META = frozenset({"count", "for_each", "depends_on", "providers", "source", "version"})
META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection"})

Report = Callable[[EvaluationError], None]


class Blocks:
    """Evaluates bodies that belong to one declaration and reports the errors it meets there."""

    def __init__(self, address: str, why: str, report: Report, describe: Callable[[str, str, str], None]) -> None:
        self.address, self.why, self.report, self.describe = address, why, report, describe

    def value(self, node: Any, scope: Scope) -> Setting:
        """The value of an expression; an error in it is reported and makes it unknown."""
        try:
            value = evaluate(node, scope)
            if not scope.module.place.budget.bears((value,), scope.span(node)):
                return Unknown("the value is too large", scope.span(node))
            return value  # noqa: TRY300 - it belongs to what may fail
        except EvaluationError as error:
            self.report(error)
            return Unknown(f"it cannot be evaluated: {error.message}", scope.span(node), error.references)
        except RecursionError:
            self.report(EvaluationError("the expression is nested too deeply", scope.span(node)))
            return Unknown("it is nested too deeply", scope.span(node))

    def argument(self, argument: Argument, scope: Scope) -> Setting:
        """The value of an argument, evaluated in the file where it is written."""
        return self.value(argument.expression, scope.at(argument.source))

    def settings(self, body: Body, scope: Scope, *, without: frozenset[str] = frozenset()) -> dict[str, Setting]:
        """All arguments and nested blocks of a body by name."""
        out = {one.name: self.argument(one, scope) for one in body.arguments if one.name not in without}
        lists: dict[str, list[Setting]] = {}
        for block in body.blocks:
            if block.type == "dynamic" and len(block.labels) == 1:
                lists.setdefault(block.labels[0], []).append(self._dynamic(block, scope))
            elif block.type not in without:
                element = self._element(block, block, scope)
                made: object = JsonBlocks((element,)) if block.bare else (element,)
                lists.setdefault(block.type, []).append(Known(made, block.header))
        for kind, found in lists.items():
            written = out.get(kind)
            out[kind] = _chained(found if written is None else [written, *found])
        return out

    def _element(self, block: Block, place: Block, scope: Scope) -> Setting:
        settings = self.settings(block.body, scope.at(block.source))
        return Known(
            Created(self.address, settings, self.why, place.labels[0] if place.labels else place.type), place.header
        )

    def _dynamic(self, block: Block, scope: Scope) -> Setting:
        """The blocks that a `dynamic` block makes; over an unknown collection, one that may be there."""
        scope = scope.at(block.source)
        collection, iterator = block.body.argument("for_each"), block.body.argument("iterator")
        contents = block.body.blocks_of("content")
        if collection is None or not contents:
            self.report(EvaluationError("a dynamic block needs for_each and content", block.header))
            return Unknown("a dynamic block is incomplete", block.header)
        name = iterator.expression.name if iterator and isinstance(iterator.expression, Name) else block.labels[0]

        def one(key: Setting, value: Setting) -> Setting:
            inner = scope.within(**{name: Known({"key": key, "value": value})})
            return self._element(contents[0], block, inner)

        def over(values: Sequence[Setting]) -> Setting:
            (value,) = values
            if isinstance(value, Known):
                visited = pairs(value, block.header)
                return Known(tuple(one(*pair) for pair in visited), block.header)
            assert isinstance(value, Unknown)
            text = " ".join(scope.source.text[collection.expression.start : collection.expression.end].split())
            variable = f"{text} has elements"
            self.describe(variable, "true", variable)
            self.describe(variable, "false", f"{text} is empty")
            unknown: Setting = Unknown(value.why, value.span, value.references)
            made = Known((one(unknown, unknown),), block.header)
            return combined(variable, (("true", made), ("false", Unknown(value.why, block.header))), block.header)

        try:
            return lifted((self.argument(collection, scope),), over, block.header)
        except EvaluationError as error:
            self.report(error)
            return Unknown(error.message, block.header)


def _chained(lists: Sequence[Setting]) -> Setting:
    """Several lists as one; an unknown list among them is one unknown element."""
    if len(lists) == 1:
        return lists[0]
    span = lists[0].span

    def chain(values: Sequence[Setting]) -> Setting:
        return Known(tuple(_elements(values)), span)

    if any(isinstance(one, Choice) for one in lists):
        return lifted(lists, chain, span)
    return chain(lists)


def _elements(values: Iterable[Setting]) -> Iterable[Setting]:
    for value in values:
        if isinstance(value, Known) and isinstance(value.it, tuple):
            yield from value.it
        elif not (isinstance(value, Known) and value.it is None):
            yield value
