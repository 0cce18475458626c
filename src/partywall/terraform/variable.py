"""Where the values of root variables come from: files, the command line, defaults, or nowhere."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from partywall import source
from partywall.problem import Problem
from partywall.source import Source, Span
from partywall.terraform import functions, validation
from partywall.terraform.expression import evaluate
from partywall.terraform.files import Configuration, read_file
from partywall.terraform.reader import read_expression
from partywall.terraform.scope import EvaluationError, Scope
from partywall.terraform.static_type import Type
from partywall.terraform.syntax import Block, Body, HclError
from partywall.terraform.type_constraint import constraint_of
from partywall.terraform.type_conversion import conform, open_value
from partywall.truth import Because
from partywall.value import Known, Reference, Setting, Unknown, marked


class Constants:
    """The module that variable files and defaults see: none, only functions and literals."""

    path = ""

    def __init__(self, directory: str) -> None:
        self.place = functions.Place(directory, directory)

    def member(self, root: str, name: str, span: Span) -> Setting:
        """Nothing can be referred to here."""
        raise EvaluationError(f"{root}.{name} cannot be used here", span)

    def data(self, mode: str, kind: str, name: str, span: Span) -> Setting:
        """Nothing can be referred to here."""
        raise EvaluationError(f"{mode}.{kind}.{name} cannot be used here", span)

    def note(self, error: EvaluationError, meaning: str = "unknown") -> None:  # noqa: ARG002 - nothing is read over
        """What is wrong with a part is wrong with the whole."""
        raise error


def given_values(
    configuration: Configuration,
    variables: Mapping[str, str],
    variable_files: Sequence[str],
    problems: list[Problem],
    files: list[str],
    environment: Mapping[str, str],
) -> dict[str, Setting]:
    """The values given for root variables: the environment's, `terraform.tfvars`, `*.auto.tfvars`, what was asked for.

    Later ones win. Source of the order: Terraform's documentation of variable definition precedence.
    """
    directory = configuration.directory
    names = source.listing(directory)
    automatic: list[str] = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    automatic += [name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    out: dict[str, Setting] = {}
    for name, text in environment.items():
        if name in configuration.variables:
            out[name] = _typed_in(name, text, configuration.variables[name], directory, "in the environment")
    for path in [*(os.path.join(directory, name) for name in automatic), *variable_files]:
        body = read_file(path, problems)
        if body is not None:
            files.append(source.display(path))
            out.update(_values(body, directory, problems))
    for name, text in variables.items():
        out[name] = _typed_in(name, text, configuration.variables.get(name), directory, "on the command line")
    for name in out:
        if name not in configuration.variables:
            message = f"a value is given for {name}, which is no variable of this module"
            problems.append(Problem(out[name].span, "note", message))
    return out


def _values(body: Body, directory: str, problems: list[Problem]) -> dict[str, Setting]:
    out: dict[str, Setting] = {}
    for argument in body.arguments:
        try:
            value = evaluate(argument.expression, Scope(argument.source, Constants(directory)))
        except EvaluationError as error:
            problems.append(Problem(error.span, "error", f"{argument.name}: {error.message}"))
            continue
        out[argument.name] = _from(value, f"{argument.name} is set in {argument.source.path}")
    return out


def _from(value: Setting, said: str) -> Setting:
    if isinstance(value, Known):
        return replace(value, origin=(Because(said, value.span), *value.origin))
    return value


def _typed_in(name: str, text: str, block: Block | None, directory: str, where: str) -> Setting:
    """A value that was typed: text for a variable of a primitive type or of none, else an expression.

    Source: Terraform's documentation of input variables on the command line and in the environment.
    """
    because = (Because(f"{name} is set {where}"),)
    kind = constraint_of(block, []).kind if block is not None and block.body.argument("type") else "string"
    if kind not in {"string", "number", "bool"}:
        typed = Source("", text)
        try:
            value = evaluate(read_expression(typed), Scope(typed, Constants(directory)))
        except (HclError, EvaluationError):
            return Known(text, origin=because)
        return Known(value.it, origin=because) if isinstance(value, Known) else value
    return Known(text, origin=because)


def variable_value(
    block: Block, constraint: Type, address: str, given: Setting | None, directory: str, *, root: bool
) -> Setting:
    """The value of a declared variable; raises EvaluationError when it does not fit its type."""
    name = block.labels[0]
    scope = Scope(block.source, Constants(directory))

    def constant(node: Any) -> Setting:
        return evaluate(node, scope)

    if block.says("nullable", answer=False) and isinstance(given, Known) and given.it is None:
        given = None
    default = block.body.argument("default")
    secret = block.says("sensitive", answer=True) or block.says("ephemeral", answer=True)
    if given is not None:
        value = conform(given, constraint, given.span if given.span.line else block.header, constant)
    elif default is not None:
        value = conform(constant(default.expression), constraint, block.header, constant)
        value = _from(value, f"the default of variable {name}")
    else:
        reference = Reference(address)
        why = f"variable {name} has no default" if root else f"variable {name} is not given"
        # What a module is given has its own limits, which may be narrower.
        limits = validation.limits(block) if root and constraint.kind == "number" else None
        value = open_value(constraint, Unknown(why, block.header, (reference,), limits=limits))
        value = (validation.allowed(block, address, reference, hidden=secret) if root else None) or value
    return marked(value) if secret else value
