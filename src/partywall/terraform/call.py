"""Calls: `try`, `can` and `convert` see their arguments as syntax, all others as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partywall.choice import lifted
from partywall.source import Span
from partywall.terraform import conversion, functions, syntax
from partywall.terraform.evaluation import evaluate, evaluates
from partywall.terraform.reference import chosen_by
from partywall.terraform.scope import EvaluationError, Scope
from partywall.terraform.template import template_text
from partywall.terraform.type_constraint import read_constraint
from partywall.terraform.type_conversion import conform
from partywall.value import Known, Setting, Unknown, is_marked, marked, parts


@evaluates(syntax.Call)
def _call(node: syntax.Call, scope: Scope) -> Setting:
    span = scope.span(node)
    name = node.name.removeprefix("core::")
    if name == "try":
        return _try(node, scope, span)
    if name == "can":
        return _can(node, scope, span)
    if name == "convert":
        return _convert(node, scope, span)
    arguments = [evaluate(argument, scope) for argument in node.arguments]
    if node.spread:
        last = arguments.pop()
        return lifted((last,), lambda values: _spread(name, arguments, values[0], span, scope), span)
    return invoke(name, arguments, span, scope)


def _spread(name: str, arguments: Sequence[Setting], last: Setting, span: Span, scope: Scope) -> Setting:
    if isinstance(last, Unknown):
        references = tuple(it for value in (*arguments, last) for it in value.references)
        return Unknown(last.why, span, tuple(dict.fromkeys(references)), sensitive=last.sensitive)
    assert isinstance(last, Known)
    if not isinstance(last.it, tuple):
        raise EvaluationError(f"only a list can be spread with ..., not {conversion.kind_of(last.it)}", span)
    made = invoke(name, [*arguments, *last.it], span, scope)
    return marked(made) if last.sensitive else made


def invoke(name: str, arguments: Sequence[Setting], span: Span, scope: Scope) -> Setting:
    """A function call with evaluated arguments."""
    if name == "templatefile":
        return lifted(arguments, lambda values: _templatefile(values, span, scope), span)
    if name == "templatestring":
        return lifted(arguments, lambda values: _templatestring(values, span, scope), span)

    def call(values: Sequence[Setting]) -> Setting:
        if name == "lookup" and len(values) == 3 and isinstance(values[0], Known) and isinstance(values[1], Unknown):
            made = chosen_by(values[1], values[0].it, values[2], span)
            if made is not None:
                return made
        try:
            return functions.call(name, values, span, scope.module.place)
        except functions.FunctionError as error:
            secret = any(map(is_marked, values))
            why = "an argument does not fit; it is sensitive and not shown" if secret else str(error)
            raise EvaluationError(f"{name}: {why}", span) from error

    return lifted(arguments, call, span)


def _try(node: syntax.Call, scope: Scope, span: Span) -> Setting:
    error: EvaluationError | None = None
    for argument in node.arguments:
        try:
            return evaluate(argument, scope.asking)
        except EvaluationError as problem:
            error = problem
    raise error or EvaluationError("try needs an argument", span)


def _can(node: syntax.Call, scope: Scope, span: Span) -> Setting:
    if len(node.arguments) != 1:
        raise EvaluationError("can takes one argument", span)
    try:
        value = evaluate(node.arguments[0], scope.asking)
    except EvaluationError:
        return Known(it=False, span=span)
    unknown = next((part for part in parts(value) if isinstance(part, Unknown)), None)
    if unknown is not None:
        return Unknown(unknown.why, span, unknown.references, sensitive=unknown.sensitive)
    return Known(it=True, span=span)


def _convert(node: syntax.Call, scope: Scope, span: Span) -> Setting:
    if len(node.arguments) != 2:
        raise EvaluationError("convert takes a value and a type", span)
    try:
        constraint = read_constraint(node.arguments[1], defaults=False)
    except syntax.HclError as error:
        raise EvaluationError(error.message, scope.source.span(error.offset, error.offset)) from error
    return conform(evaluate(node.arguments[0], scope), constraint, span)


def _templatefile(arguments: Sequence[Setting], span: Span, scope: Scope) -> Setting:
    if len(arguments) != 2:
        raise EvaluationError("templatefile takes a path and values", span)
    try:
        text = functions.call("file", arguments[:1], span, scope.module.place)
    except functions.FunctionError as error:
        raise EvaluationError(f"templatefile: {error}", span) from error
    return _templatestring((text, arguments[1]), span, scope)


def _templatestring(arguments: Sequence[Setting], span: Span, scope: Scope) -> Setting:
    if len(arguments) != 2:
        raise EvaluationError("templatestring takes a template and values", span)
    text, given = arguments
    for value in (text, given):
        if not isinstance(value, Known):
            why = value.why if isinstance(value, Unknown) else "the values of a template depend on a condition"
            references = (*text.references, *given.references)
            sensitive = isinstance(value, Unknown) and value.sensitive
            return Unknown(why, span, tuple(dict.fromkeys(references)), sensitive=sensitive)
    assert isinstance(text, Known)
    assert isinstance(given, Known)
    if not isinstance(text.it, str) or not isinstance(given.it, Mapping):
        raise EvaluationError("a template needs a text and an object of values", span)
    made = template_text(text.it, given.it, span, scope)
    return marked(made) if text.sensitive or given.sensitive else made
