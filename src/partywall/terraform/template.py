"""Templates: text with interpolations and directives, in expressions and in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from partywall.choice import lifted
from partywall.source import Source, Span
from partywall.terraform import conversion, operators, syntax
from partywall.terraform.comprehension import pairs
from partywall.terraform.conditional import either
from partywall.terraform.evaluation import attempt, evaluate, evaluates, part
from partywall.terraform.function_table import Place
from partywall.terraform.reader import read_template
from partywall.terraform.scope import EvaluationError, Scope
from partywall.terraform.static_type import STRING, convertible, type_of
from partywall.text.structured import JsonArray, JsonObject, PlacedText
from partywall.truth import Because
from partywall.value import Choice, Known, Reference, Setting, Unknown, is_marked, marked, moved

MAX_NESTED = 8
MAX_TEXT = 4 * 1024 * 1024


@evaluates(syntax.Template)
def _template(node: syntax.Template, scope: Scope) -> Setting:
    span = scope.span(node)
    if len(node.parts) == 1 and isinstance(node.parts[0], syntax.Group):
        return moved(evaluate(node.parts[0], scope), span)
    return _charged(rendered([part(piece, scope) for piece in node.parts], span), scope)


def _charged(text: Setting, scope: Scope) -> Setting:
    """A text, if the work that long texts make is within the budget."""
    long = isinstance(text, Known) and isinstance(text.it, str) and len(text.it) > 1024
    if long and not scope.module.place.budget.spend(len(str(text.it)) // 64, text.span):  # type: ignore[union-attr]
        return Unknown("evaluation takes too long", text.span)
    return text


@evaluates(syntax.TemplateIf, syntax.TemplateFor)
def _directive(node: Any, scope: Scope) -> Setting:
    return _if(node, scope) if isinstance(node, syntax.TemplateIf) else _for(node, scope)


def _if(part: syntax.TemplateIf, scope: Scope) -> Setting:
    condition = operators.truth(evaluate(part.condition, scope), scope.span(part.condition))

    def choose(values: Sequence[Setting]) -> Setting:
        (decided,) = values
        if not isinstance(decided, Known):
            return either(part.condition, scope, decided, _text(part.yes, scope), _text(part.no, scope), part)
        taken, other = (part.yes, part.no) if decided.it else (part.no, part.yes)
        made = _text(taken, scope)
        secret = any(map(is_marked, (decided, attempt(other, scope))))
        return marked(made) if secret else made

    return lifted((condition,), choose, scope.span(part))


def _for(part: syntax.TemplateFor, scope: Scope) -> Setting:
    span = scope.span(part)

    def over(values: Sequence[Setting]) -> Setting:
        (value,) = values
        if not isinstance(value, Known):
            why = value.why if isinstance(value, Unknown) else "the collection of a template is unknown"
            return Unknown(why, span, value.references, (None,))
        texts = []
        visited = pairs(value, scope.span(part.collection))
        if not scope.module.place.budget.spend(len(visited), span):
            return Unknown("evaluation takes too long", span)
        for key, item in visited:
            names = {part.first: item} if part.second is None else {part.first: key, part.second: item}
            texts.append(_text(part.body, scope.within(**names)))
        made = rendered(texts, span)
        return marked(made) if value.sensitive else made

    return lifted((evaluate(part.collection, scope),), over, span)


def _text(node: syntax.Template, scope: Scope) -> Setting:
    return rendered([part(piece, scope) for piece in node.parts], scope.span(node))


def rendered(parts: Sequence[Setting], span: Span) -> Setting:
    """The text of a template from its parts; where some are unknown, a partly known text."""
    if any(isinstance(part, Choice) for part in parts):
        return lifted(parts, lambda values: rendered(values, span), span)
    pieces: list[str | None] = []
    references: list[Reference] = []
    origin: list[Because] = []
    why = ""
    size = 0
    sensitive = False
    for one in parts:
        references += one.references
        origin += one.origin
        if isinstance(one, Unknown):
            if not convertible(type_of(one), STRING):
                message = f"a template needs a text here, not {conversion.found(type_of(one).kind)}"
                raise EvaluationError(message, span)
            why = why or one.why
            pieces.extend(one.parts or (None,))
            sensitive |= one.sensitive
            continue
        assert isinstance(one, Known)
        sensitive |= one.sensitive
        if isinstance(one.it, JsonObject | JsonArray):
            why = why or "a part of the JSON is unknown"
            pieces.append(None)
            continue
        try:
            pieces.append(conversion.text_of(one.it))
        except conversion.ConversionError as error:
            message = f"a template needs a text here, not {conversion.kind_of(one.it)}"
            raise EvaluationError(message, one.span if one.span.line else span) from error
        size += len(pieces[-1] or "")
        if size > MAX_TEXT:
            raise EvaluationError("the text is beyond 4 MiB", span)
    unique = tuple(dict.fromkeys(references))
    because = tuple(dict.fromkeys(origin)) if len(origin) > 1 else tuple(origin)
    if why:
        return Unknown(why, span, unique, conversion.merged(pieces), because, sensitive)
    return Known(PlacedText.joined([piece for piece in pieces if piece is not None]), span, unique, because, sensitive)


def template_text(text: str, names: Mapping[str, Setting], span: Span, scope: Scope) -> Setting:
    """A text as template with only some names in sight; every value in it is placed at the call."""
    if scope.template >= MAX_NESTED:
        raise EvaluationError("templates are nested too deeply", span)
    try:
        node = read_template(text)
    except syntax.HclError as error:
        raise EvaluationError(f"the template is malformed: {error.message}", span) from error
    inner = Scope(Source(scope.source.path, text), _Nothing(scope.module.place), dict(names), scope.owner)
    inner = replace(inner, template=scope.template + 1, asks=True)
    try:
        return replace(evaluate(node, inner), span=span)
    except EvaluationError as error:
        raise EvaluationError(f"the template: {error.message}", span) from error


class _Nothing:
    """The module that a template file sees: none."""

    path = ""

    def __init__(self, place: Place) -> None:
        self.place = place

    def member(self, root: str, name: str, span: Span) -> Setting:
        raise EvaluationError(f"{root}.{name} is not declared in the template", span)

    def data(self, mode: str, kind: str, name: str, span: Span) -> Setting:
        raise EvaluationError(f"{mode}.{kind}.{name} is not declared in the template", span)

    def note(self, error: EvaluationError, meaning: str = "unknown") -> None:  # noqa: ARG002 - a file has one verdict
        raise error
