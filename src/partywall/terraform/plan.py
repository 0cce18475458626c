"""`terraform show -json` of a plan → declared resources, led back to the configuration beside it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping

from partywall import source
from partywall.declared import Declared, Deployment
from partywall.problem import Problem
from partywall.source import NOWHERE, Source, Span, UnreadableError
from partywall.terraform.plan_configuration import Place, PlanConfiguration, place_of
from partywall.terraform.plan_value import given, inner, is_true, masked, planned, setting_of
from partywall.text import node as text
from partywall.text.json_scanner import read_json
from partywall.text.node import Node, Scalar, TextError
from partywall.value import Known, Reference, Setting, plain

Beside = Callable[[Mapping[str, Setting]], Deployment | None]
"""The configuration beside a plan, evaluated with the plan's variables; None where there is none."""

_FIRST_KEY = re.compile(
    r'\s*\{\s*"(?:format_version|terraform_version|applyable|complete|errored|checks|configuration|variables'
    r'|planned_values|prior_state|output_changes|relevant_attributes|resource_changes|resource_drift|timestamp)"'
)
_HEAD = 512
MAX_BYTES = 40 * 1024 * 1024
"""A plan takes some twenty times its size of memory."""


def is_plan(path: str) -> bool:
    """Whether a file holds a plan as `terraform show -json` prints it, whatever its name."""
    try:
        if not _FIRST_KEY.match(source.head(path, _HEAD)):
            return False
        content = source.read(path, limit=MAX_BYTES).text
    except UnreadableError:
        return False
    return '"format_version"' in content and ('"planned_values"' in content or '"resource_changes"' in content)


def load_plan(path: str, beside: Beside) -> Deployment:
    """The resources that a plan leaves behind, with what it knows of them."""
    try:
        read = source.read(path, limit=MAX_BYTES)
    except UnreadableError as error:
        return _failed(path, Span(source.display(path), 1, 1, 1, 1), str(error))
    try:
        root = read_json(read, limit=None).root
    except TextError as error:
        return _failed(path, Span(read.path, error.line, error.column, error.line, error.column), error.message)
    version = inner(root, "format_version")
    number = version.value if isinstance(version, Scalar) else None
    if not isinstance(number, str) or number.partition(".")[0] not in ("0", "1"):
        message = (
            "the plan does not say its format" if number is None else f"plans of format {number} are not known here"
        )
        return _failed(path, _span(version, root), message)
    return _Plan(read, root, beside).deployment()


def _failed(path: str, span: Span, message: str) -> Deployment:
    shown = source.display(path)
    return Deployment(shown, "terraform", (), (shown,), (Problem(span, "error", message),))


def _span(node: Node | None, otherwise: Node) -> Span:
    return otherwise.span if node is None else node.span


class _Plan:
    """One plan, the configuration it carries, and the configuration that lies beside it."""

    def __init__(self, read: Source, root: Node, beside: Beside) -> None:
        self.read = read
        self.root = root
        self.resources = dict(_resources(root))
        self.changes = {
            address: change
            for one in _items(inner(root, "resource_changes"))
            if (address := _word(inner(one, "address"))) and (change := inner(one, "change")) is not None
        }
        self.configuration = PlanConfiguration(inner(root, "configuration"), self.resources)
        self.written = self._beside(beside)
        found = self.written.resources if self.written is not None else ()
        self.declared = {one.address: one for one in found}

    def _beside(self, beside: Beside) -> Deployment | None:
        """The configuration beside the plan, if it is the one that was planned."""
        declared = inner(self.configuration.root, "variables")
        variables: dict[str, Setting] = {}
        for name, entry in _entries(inner(self.root, "variables")):
            value, variable = inner(entry, "value"), inner(declared, name)
            default = inner(variable, "default")
            if value is None:
                variables[name] = Known(None)
            elif default is None or plain(setting_of(default)) != plain(setting_of(value)):
                variables[name] = given(value, sensitive=is_true(inner(variable, "sensitive")))
        found = beside(variables)
        if found is None or not any(one.address in self.resources for one in found.resources):
            return None
        return found

    def deployment(self) -> Deployment:
        """All of it."""
        pieces = self.written.resources if self.written is not None else ()
        resources = [one for one in pieces if one.type in ("variable", "output") or one.type.startswith("provider.")]
        if self.written is None:
            resources += [*self._providers(), *self._variables(), *self._outputs()]
        resources += [self._declare(address, node) for address, node in self.resources.items()]
        files = (self.read.path, *(self.written.files if self.written is not None else ()))
        return Deployment(
            name=self.read.path,
            dialect="terraform",
            resources=tuple(resources),
            files=tuple(dict.fromkeys(files)),
            problems=self._problems(),
            described=self.written.described if self.written is not None else {},
            unseen=self._unseen(),
        )

    def _problems(self) -> tuple[Problem, ...]:
        beside = self.written.problems if self.written is not None else ()
        found = [problem for problem in beside if problem.kind == "error"]
        errored = inner(self.root, "errored")
        if is_true(errored):
            message = "planning ended with an error: what it did not reach is not in this plan"
            found.append(Problem(_span(errored, self.root), "error", message))
        return tuple(found)

    def _unseen(self) -> tuple[Problem, ...]:
        complete = inner(self.root, "complete")
        if is_true(inner(self.root, "errored")) or not (isinstance(complete, Scalar) and complete.value is False):
            return ()
        return (Problem(complete.span, "note", "the plan is incomplete: it holds a part of the configuration only"),)

    def _providers(self) -> Iterator[Declared]:
        for _, entry in _entries(self.configuration.providers):
            name, alias = _word(inner(entry, "name")), _word(inner(entry, "alias"))
            module = _word(inner(entry, "module_address"))
            expressions = _entries(inner(entry, "expressions"))
            attributes = {key: _constant(value) for key, value in expressions}
            address = ".".join(part for part in (module, "provider", name, alias) if part)
            yield Declared("terraform", f"provider.{name}", address, attributes, entry.span)

    def _variables(self) -> Iterator[Declared]:
        for name, entry in _entries(inner(self.configuration.root, "variables")):
            attributes = {key: setting_of(value) for key, value in _entries(entry)}
            yield Declared("terraform", "variable", f"var.{name}", attributes, entry.span)

    def _outputs(self) -> Iterator[Declared]:
        root = Place((), "", "")
        expressions = inner(self.configuration.root, "outputs")
        for name, entry in _entries(inner(self.root, "output_changes")):
            value = planned(
                inner(entry, "after"),
                inner(entry, "after_unknown"),
                inner(entry, "after_sensitive"),
                written=None,
                expression=inner(inner(expressions, name), "expression"),
                references=lambda expression: self.configuration.references(root, expression),
                place=entry.span,
            )
            yield Declared("terraform", "output", f"output.{name}", {"value": value}, entry.span)

    def _declare(self, address: str, node: Node) -> Declared:
        place = place_of(address)
        block = self.configuration.block(place)
        expressions = inner(block, "expressions")
        written = next((one for it in _namesakes(address) if (one := self.declared.get(it)) is not None), None)
        span = written.span if written is not None else node.span
        return Declared(
            dialect="terraform",
            type=place.name.rpartition(".")[0],
            address=address,
            attributes=self._attributes(place, node, written, expressions, span),
            span=span,
            metadata=written.metadata if written is not None else {},
            extent=written.extent if written is not None else NOWHERE,
        )

    def _attributes(
        self, place: Place, node: Node, written: Declared | None, expressions: Node | None, span: Span
    ) -> dict[str, Setting]:
        """The arguments somebody wrote, those of a data source with its answers, and the identity."""
        values, change = inner(node, "values"), self.changes.get(place.address)
        unknown, sensitive = inner(change, "after_unknown"), inner(change, "after_sensitive")
        if sensitive is None:
            sensitive = inner(node, "sensitive_values")
        if place.name.startswith("data."):
            named = {**dict(_entries(values)), **dict(_entries(unknown))}
            names = list(dict.fromkeys([*(written.attributes if written is not None else ()), *named]))
        else:
            names = self._names(values, written, expressions)

        def references(expression: Node | None) -> tuple[Reference, ...]:
            return self.configuration.references(place, expression)

        made: dict[str, Setting] = {}
        for name in names:
            made[name] = planned(
                inner(values, name),
                masked(unknown, name),
                masked(sensitive, name),
                written=written.attributes.get(name) if written is not None else None,
                expression=inner(expressions, name),
                references=references,
                place=span,
            )
        return made

    def _names(self, values: Node | None, written: Declared | None, expressions: Node | None) -> list[str]:
        if written is not None:
            names = [*written.attributes]
        else:
            names = [name for name, _ in _entries(expressions)]
            names += [name for name, value in _entries(values) if isinstance(value, text.Sequence) and value.items]
        return list(dict.fromkeys([*names, *(name for name, _ in _entries(values) if name == "id")]))


_ANY_KEY = re.compile(r'(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])')


def _namesakes(address: str) -> Iterator[str]:
    """An address, and those of the templates that may stand for it where keys are unknown to the sources."""
    pieces = _ANY_KEY.split(address)
    options = [(piece, "[?]") if at % 2 else (piece,) for at, piece in enumerate(pieces)]
    return map("".join, itertools.product(*options))


def _constant(expression: Node) -> Setting:
    value = inner(expression, "constant_value")
    if value is not None:
        return setting_of(value)
    return setting_of(expression)


def _entries(node: Node | None) -> list[tuple[str, Node]]:
    return [(name, it.value) for name, it in node.entries.items()] if isinstance(node, text.Mapping) else []


def _items(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, text.Sequence) else []


def _word(node: Node | None) -> str:
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""


def _resources(root: Node) -> Iterator[tuple[str, Node]]:
    """What will be there, and what data sources answered, by address."""
    prior = inner(inner(inner(root, "prior_state"), "values"), "root_module")
    for address, node in _below(prior):
        if _word(inner(node, "mode")) == "data":
            yield address, node
    yield from _below(inner(inner(root, "planned_values"), "root_module"))


def _below(module: Node | None) -> Iterator[tuple[str, Node]]:
    pending = [module]
    while pending:
        one = pending.pop()
        for node in _items(inner(one, "resources")):
            address = _word(inner(node, "address"))
            if address:
                yield address, node
        pending.extend(reversed(_items(inner(one, "child_modules"))))
