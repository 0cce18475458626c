"""The meaning of an expression: a syntax node in a scope → a value.

What Terraform would refuse raises EvaluationError. What it would not know before apply is
unknown, and a conditional on something unknown keeps both arms as a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from partywall.choice import combined, lifted, same
from partywall.source import Span
from partywall.terraform import conversion, functions, operators, syntax
from partywall.terraform.conversion import SetOf
from partywall.terraform.reader import read_template
from partywall.terraform.scope import Created, EvaluationError, Scope
from partywall.text.structured import JsonArray, JsonObject, PlacedText
from partywall.truth import Because
from partywall.value import Choice, Known, Reference, Setting, Unknown, moved

MAX_ELEMENTS = 100_000
MAX_NESTED_TEMPLATES = 8


def evaluate(node: Any, scope: Scope) -> Setting:
    """The value of an expression; raises EvaluationError where Terraform would report an error."""
    return _EVALUATORS[type(node)](node, scope)


def attempt(node: Any, scope: Scope) -> Setting:
    """The value of an expression that may not be the one that counts: its error is only a reason."""
    try:
        return evaluate(node, scope)
    except EvaluationError as error:
        return Unknown(error.message, error.span)


def _literal(node: syntax.Literal, scope: Scope) -> Setting:
    value = node.value
    if isinstance(value, str) and "\n" in value:
        text = scope.source.text
        heredoc = text.startswith("<<", node.start)
        start = text.index("\n", node.start) + 1 if heredoc else node.start
        value = PlacedText.read(value, scope.source, start, node.end)
    return Known(value, scope.span(node))


def _group(node: syntax.Group, scope: Scope) -> Setting:
    return evaluate(node.inner, scope)


# References.


def _name(node: syntax.Name, scope: Scope) -> Setting:
    value = scope.names.get(node.name)
    if value is None:
        raise EvaluationError(f"{node.name} is not declared", scope.span(node))
    return moved(value, scope.span(node))


def _get(node: syntax.Get, scope: Scope) -> Setting:
    span = scope.span(node)
    target = node.target
    if isinstance(target, syntax.Name) and target.name not in scope.names:
        if target.name in {"data", "ephemeral"}:
            raise EvaluationError(f"{target.name}.{node.name} needs a name", span)
        return moved(scope.module.member(target.name, node.name, span), span)
    if isinstance(target, syntax.Get) and isinstance(target.target, syntax.Name):
        mode = target.target.name
        if mode in {"data", "ephemeral"} and mode not in scope.names:
            return moved(scope.module.data(mode, target.name, node.name, span), span)
    return moved(member(evaluate(target, scope), node.name, span), span)


def member(value: Setting, name: str, span: Span) -> Setting:
    """`value.name`."""
    if isinstance(value, Choice):
        return lifted((value,), lambda values: member(values[0], name, span), span)
    if isinstance(value, Unknown):
        references = tuple(Reference(it.address, it.attribute or name) for it in value.references)
        return Unknown(value.why, span, references, None, value.origin)
    it = value.it
    if isinstance(it, Created):
        return it.get_attribute(name, span)
    if isinstance(it, Mapping):
        found = it.get(name)
        if found is None:
            raise EvaluationError(f"there is no attribute {name}", span)
        return _joined(found, value.references)
    if isinstance(it, tuple) and name.isdigit() and not isinstance(it, SetOf):
        return element(value, int(name), span)
    raise EvaluationError(f"{_kind(it)} has no attributes", span)


def _joined(value: Setting, references: tuple[Reference, ...]) -> Setting:
    if not references or references == value.references:
        return value
    return replace(value, references=tuple(dict.fromkeys((*value.references, *references))))


def _index(node: syntax.Index, scope: Scope) -> Setting:
    span = scope.span(node)
    return moved(indexed(evaluate(node.target, scope), evaluate(node.key, scope), span), span)


def indexed(value: Setting, key: Setting, span: Span) -> Setting:
    """`value[key]`."""
    if isinstance(value, Choice) or isinstance(key, Choice):
        return lifted((value, key), lambda values: indexed(values[0], values[1], span), span)
    if isinstance(value, Unknown):
        return Unknown(value.why, span, value.references, None, value.origin)
    if isinstance(key, Unknown):
        return Unknown(f"the index is unknown: {key.why}", span, _inner(value))
    it = value.it
    if isinstance(it, Mapping):
        return member(value, conversion.text_of(key.it), span)
    if isinstance(it, tuple) and not isinstance(it, SetOf):
        number = conversion.number_of(key.it)
        if number is None or number != int(number) or number < 0:
            raise EvaluationError("an index must be a whole number from 0", span)
        return element(value, int(number), span)
    raise EvaluationError(f"{_kind(it)} has no elements to index", span)


def element(value: Known[object], at: int, span: Span) -> Setting:
    """The element of a list at an index."""
    items = value.it
    assert isinstance(items, tuple)
    if at >= len(items):
        raise EvaluationError(f"there is no element {at}: the list has {len(items)}", span)
    return _joined(items[at], value.references)


def _inner(value: Known[object]) -> tuple[Reference, ...]:
    """The references of elements one of which is meant."""
    it = value.it
    elements = it if isinstance(it, tuple) else tuple(it.values()) if isinstance(it, Mapping) else ()
    found = [*value.references]
    for item in elements[:100]:
        found += item.references
        if isinstance(item, Known) and isinstance(item.it, Created):
            found.append(Reference(item.it.address))
    return tuple(dict.fromkeys(found))


def _splat(node: syntax.Splat, scope: Scope) -> Setting:
    span = scope.span(node)

    def each(value: Setting) -> Setting:
        for step in node.steps:
            value = member(value, step, span) if isinstance(step, str) else indexed(value, evaluate(step, scope), span)
        return value

    def over(values: Sequence[Setting]) -> Setting:
        (value,) = values
        if isinstance(value, Unknown):
            return replace(each(value), span=span) if node.steps else value
        assert isinstance(value, Known)
        it = value.it
        if it is None:
            return Known((), span)
        items = tuple(it) if isinstance(it, tuple) else (value,)
        return Known(tuple(each(_joined(item, value.references)) for item in items), span)

    return lifted((evaluate(node.target, scope),), over, span)


# Collections.


def _list(node: syntax.ListOf, scope: Scope) -> Setting:
    return Known(tuple(evaluate(item, scope) for item in node.items), scope.span(node))


def _object(node: syntax.ObjectOf, scope: Scope) -> Setting:
    out: dict[str, Setting] = {}
    for key_node, value_node in node.items:
        key = evaluate(key_node, scope)
        value = evaluate(value_node, scope)
        if isinstance(key, Known):
            if key.it is None:
                raise EvaluationError("a key must not be null", scope.span(key_node))
            out[conversion.text_of(key.it)] = value
        else:
            return Unknown(
                "a key is unknown", scope.span(node), tuple(dict.fromkeys((*key.references, *value.references)))
            )
    return Known(out, scope.span(node))


def pairs(value: Known[object], span: Span) -> list[tuple[Setting, Setting]]:
    """What a `for` visits: keys (or indexes) with values; raises EvaluationError for what is no collection."""
    it = value.it
    if isinstance(it, SetOf):
        return [(item, item) for item in it]
    if isinstance(it, tuple):
        return [(Known(at), item) for at, item in enumerate(it)]
    if isinstance(it, Mapping):
        return [(Known(key), it[key]) for key in sorted(it)]
    raise EvaluationError(f"{_kind(it)} cannot be visited by for", span)


def _for(node: syntax.For, scope: Scope) -> Setting:
    span = scope.span(node)

    def over(values: Sequence[Setting]) -> Setting:
        (collection,) = values
        if isinstance(collection, Unknown):
            return Unknown(collection.why, span, collection.references, None, collection.origin)
        assert isinstance(collection, Known)
        return _visited(node, scope, pairs(collection, span), span)

    return lifted((evaluate(node.collection, scope),), over, span)


def _visited(node: syntax.For, scope: Scope, visited: list[tuple[Setting, Setting]], span: Span) -> Setting:
    items: list[Setting] = []
    keyed: dict[str, Setting] = {}
    grouped: dict[str, list[Setting]] = {}
    for key, value in visited:
        names = {node.first: value} if node.second is None else {node.first: key, node.second: value}
        inner = scope.within(**names)
        if node.condition is not None:
            keep = operators.truth(evaluate(node.condition, inner), scope.span(node.condition))
            if not isinstance(keep, Known):
                references = tuple(it for _, item in visited for it in item.references)
                return Unknown("the condition of a for is unknown", span, tuple(dict.fromkeys(references)))
            if keep.it is False:
                continue
        result = evaluate(node.value, inner)
        if node.key is None:
            items.append(result)
            continue
        name = evaluate(node.key, inner)
        if not isinstance(name, Known):
            return Unknown("a key of a for is unknown", span, (*name.references, *result.references))
        if name.it is None:
            raise EvaluationError("a key must not be null", span)
        text = conversion.text_of(name.it)
        if node.grouped:
            grouped.setdefault(text, []).append(result)
        elif text in keyed:
            raise EvaluationError(f"the key {text!r} is there twice", span)
        else:
            keyed[text] = result
    if node.key is None:
        return Known(tuple(items), span)
    if node.grouped:
        return Known({key: Known(tuple(found), span) for key, found in grouped.items()}, span)
    return Known(keyed, span)


# Operators.


def _binary(node: syntax.Binary, scope: Scope) -> Setting:
    span = scope.span(node)
    left = evaluate(node.left, scope)
    if node.operator in {"&&", "||"}:
        decided = node.operator == "||"
        first = operators.truth(left, span)
        if isinstance(first, Known) and first.it is decided:
            return replace(first, span=span)
        right = evaluate(node.right, scope) if isinstance(first, Known) else attempt(node.right, scope)
        second = operators.truth(right, span)
        return lifted(
            (first, second), lambda values: operators.logical(values[0], values[1], span, decided=decided), span
        )
    right = evaluate(node.right, scope)
    return lifted((left, right), lambda values: operators.binary(node.operator, values[0], values[1], span), span)


def _unary(node: syntax.Unary, scope: Scope) -> Setting:
    span = scope.span(node)
    return lifted(
        (evaluate(node.operand, scope),), lambda values: operators.unary(node.operator, values[0], span), span
    )


def _conditional(node: syntax.Conditional, scope: Scope) -> Setting:
    span = scope.span(node)
    condition = operators.truth(evaluate(node.condition, scope), scope.span(node.condition))
    if isinstance(condition, Known):
        chosen = evaluate(node.yes if condition.it else node.no, scope)
        other = attempt(node.no if condition.it else node.yes, scope)
        return conversion.alike(chosen, other)
    yes, no = attempt(node.yes, scope), attempt(node.no, scope)
    yes, no = conversion.alike(yes, no), conversion.alike(no, yes)
    if same(yes, no):
        return yes

    def choose(values: Sequence[Setting]) -> Setting:
        (decided,) = values
        return (yes if decided.it else no) if isinstance(decided, Known) else _either(node, scope, decided, yes, no)

    return lifted((condition,), choose, span)


def _either(node: syntax.Conditional, scope: Scope, condition: Setting, yes: Setting, no: Setting) -> Setting:
    variable, positive = assumption(node.condition, scope, condition)
    arms = (("true", yes if positive else no), ("false", no if positive else yes))
    return combined(variable, arms, scope.span(node))


def assumption(node: Any, scope: Scope, value: Setting) -> tuple[str, bool]:
    """The name under which an unknown condition is assumed, and whether it is meant as it stands.

    Equal conditions get equal names: brackets, negations and comparisons with true and false are taken off, and
    a variable handed down through modules keeps the name it has at the top.
    """
    positive = True
    while True:
        if isinstance(node, syntax.Group):
            node = node.inner
        elif isinstance(node, syntax.Unary) and node.operator == "!":
            node, positive = node.operand, not positive
        elif (
            isinstance(node, syntax.Binary)
            and node.operator in {"==", "!="}
            and isinstance(node.right, syntax.Literal)
            and isinstance(node.right.value, bool)
        ):
            positive ^= node.right.value is (node.operator == "!=")
            node = node.left
        else:
            break
    if isinstance(node, syntax.Get) and isinstance(value, Unknown) and len(value.references) == 1:
        address = value.references[0].address
        if "var." in address and not value.references[0].attribute:
            return address, positive
    text = " ".join(scope.source.text[node.start : node.end].split())
    if isinstance(node, syntax.Binary) and node.operator == "!=":
        positive = not positive
        left = " ".join(scope.source.text[node.left.start : node.left.end].split())
        right = " ".join(scope.source.text[node.right.start : node.right.end].split())
        text = f"{left} == {right}"
    if any(f"{name}" in text for name in scope.names) and scope.owner:
        return f"{scope.owner}: {text}", positive
    return (f"{scope.module.path}: {text}" if scope.module.path else text), positive


# Templates.


def _template(node: syntax.Template, scope: Scope) -> Setting:
    span = scope.span(node)
    if len(node.parts) == 1 and isinstance(node.parts[0], syntax.Group):
        return moved(evaluate(node.parts[0], scope), span)
    return rendered([_part(part, scope) for part in node.parts], span)


def _part(part: Any, scope: Scope) -> Setting:
    if isinstance(part, syntax.TemplateIf):
        condition = operators.truth(evaluate(part.condition, scope), scope.span(part.condition))

        def choose(values: Sequence[Setting]) -> Setting:
            (decided,) = values
            if isinstance(decided, Known):
                return _text(part.yes if decided.it else part.no, scope)
            return _either_text(part, scope, decided)

        return lifted((condition,), choose, scope.span(part))
    if isinstance(part, syntax.TemplateFor):
        collection = evaluate(part.collection, scope)

        def over(values: Sequence[Setting]) -> Setting:
            (value,) = values
            span = scope.span(part)
            if not isinstance(value, Known):
                return Unknown("the collection of a template is unknown", span, value.references)
            texts = []
            for key, item in pairs(value, span):
                names = {part.first: item} if part.second is None else {part.first: key, part.second: item}
                texts.append(_text(part.body, scope.within(**names)))
            return rendered(texts, span)

        return lifted((collection,), over, scope.span(part))
    return evaluate(part, scope)


def _either_text(part: syntax.TemplateIf, scope: Scope, condition: Setting) -> Setting:
    variable, positive = assumption(part.condition, scope, condition)
    yes, no = _text(part.yes, scope), _text(part.no, scope)
    return combined(variable, (("true", yes if positive else no), ("false", no if positive else yes)), scope.span(part))


def _text(node: syntax.Template, scope: Scope) -> Setting:
    return rendered([_part(part, scope) for part in node.parts], scope.span(node))


def rendered(parts: Sequence[Setting], span: Span) -> Setting:
    """The text of a template from its parts; where some are unknown, a partly known text."""
    if any(isinstance(part, Choice) for part in parts):
        return lifted(parts, lambda values: rendered(values, span), span)
    pieces: list[str | None] = []
    references: list[Reference] = []
    origin: list[Because] = []
    why = ""

    def add(piece: str | None) -> None:
        if pieces and piece is not None and pieces[-1] is not None:
            pieces[-1] += piece
        elif piece is not None or not pieces or pieces[-1] is not None:
            pieces.append(piece)

    for part in parts:
        references += part.references
        origin += part.origin
        if isinstance(part, Unknown):
            why = why or part.why
            for piece in part.parts or (None,):
                add(piece)
            continue
        assert isinstance(part, Known)
        if isinstance(part.it, JsonObject | JsonArray):
            why = why or "a part of the JSON is unknown"
            add(None)
            continue
        try:
            add(conversion.text_of(part.it))
        except conversion.ConversionError as error:
            raise EvaluationError(f"a template needs text: {error}", span) from error
    unique = tuple(dict.fromkeys(references))
    if why:
        return Unknown(why, span, unique, tuple(pieces), tuple(dict.fromkeys(origin)))
    return Known(pieces[0] if pieces else "", span, unique, tuple(dict.fromkeys(origin)))


# Calls.


def _call(node: syntax.Call, scope: Scope) -> Setting:
    span = scope.span(node)
    name = node.name.removeprefix("core::")
    if name == "try":
        return _try(node, scope, span)
    if name == "can":
        try:
            value = evaluate(node.arguments[0], scope)
        except EvaluationError:
            return Known(it=False, span=span)
        return Known(it=True, span=span) if isinstance(value, Known) else Unknown("can depends on it", span)
    arguments = [evaluate(argument, scope) for argument in node.arguments]
    if node.spread:
        last = arguments.pop()
        if not isinstance(last, Known):
            return lifted((last,), lambda values: _spread(name, arguments, values[0], span, scope), span)
        return _spread(name, arguments, last, span, scope)
    return invoke(name, arguments, span, scope)


def _spread(name: str, arguments: Sequence[Setting], last: Setting, span: Span, scope: Scope) -> Setting:
    if isinstance(last, Unknown):
        references = tuple(it for value in (*arguments, last) for it in value.references)
        return Unknown(last.why, span, tuple(dict.fromkeys(references)))
    assert isinstance(last, Known)
    if not isinstance(last.it, tuple):
        raise EvaluationError("only a list can be spread with ...", span)
    return invoke(name, [*arguments, *last.it], span, scope)


def invoke(name: str, arguments: Sequence[Setting], span: Span, scope: Scope) -> Setting:
    """A function call with evaluated arguments."""
    if name == "templatefile":
        return lifted(arguments, lambda values: _templatefile(values, span, scope), span)

    def call(values: Sequence[Setting]) -> Setting:
        try:
            return functions.call(name, values, span, scope.module.place)
        except functions.FunctionError as error:
            raise EvaluationError(f"{name}: {error}", span) from error

    return lifted(arguments, call, span)


def _try(node: syntax.Call, scope: Scope, span: Span) -> Setting:
    error: EvaluationError | None = None
    for argument in node.arguments:
        try:
            return evaluate(argument, scope)
        except EvaluationError as problem:
            error = problem
    raise error or EvaluationError("try needs an argument", span)


def _templatefile(arguments: Sequence[Setting], span: Span, scope: Scope) -> Setting:
    if len(arguments) != 2:
        raise EvaluationError("templatefile needs a path and values", span)
    text, given = functions.call("file", arguments[:1], span, scope.module.place), arguments[1]
    if not isinstance(text, Known) or not isinstance(given, Known) or not isinstance(given.it, Mapping):
        return Unknown(
            text.why if isinstance(text, Unknown) else "the values of a template are unknown", span, given.references
        )
    return template_text(str(text.it), given.it, span, scope)


def template_text(text: str, names: Mapping[str, Setting], span: Span, scope: Scope) -> Setting:
    """A text as template with only some names in sight; every value in it is placed at the call."""
    if scope.template >= MAX_NESTED_TEMPLATES:
        raise EvaluationError("templates are nested too deeply", span)
    try:
        node = read_template(text)
    except syntax.HclError as error:
        raise EvaluationError(f"the template is malformed: {error.message}", span) from error
    source = replace(scope.source, text=text, _starts=[])
    inner = Scope(source, _Nothing(scope.module.place), dict(names), scope.owner, scope.template + 1)
    try:
        return replace(evaluate(node, inner), span=span)
    except EvaluationError as error:
        raise EvaluationError(f"the template: {error.message}", span) from error


class _Nothing:
    """The module that a template file sees: none."""

    path = ""

    def __init__(self, place: functions.Place) -> None:
        self.place = place

    def member(self, root: str, name: str, span: Span) -> Setting:
        raise EvaluationError(f"{root}.{name} is not declared in the template", span)

    def data(self, mode: str, kind: str, name: str, span: Span) -> Setting:
        raise EvaluationError(f"{mode}.{kind}.{name} is not declared in the template", span)


def _kind(it: object) -> str:
    if it is None:
        return "null"
    if isinstance(it, bool):
        return "a truth value"
    if isinstance(it, str):
        return "a text"
    return "a list" if isinstance(it, tuple) else "an object" if isinstance(it, Mapping) else "a number"


_EVALUATORS: dict[type, Callable[[Any, Scope], Setting]] = {
    syntax.Literal: _literal,
    syntax.Group: _group,
    syntax.Name: _name,
    syntax.Get: _get,
    syntax.Index: _index,
    syntax.Splat: _splat,
    syntax.ListOf: _list,
    syntax.ObjectOf: _object,
    syntax.For: _for,
    syntax.Binary: _binary,
    syntax.Unary: _unary,
    syntax.Conditional: _conditional,
    syntax.Template: _template,
    syntax.TemplateIf: _part,
    syntax.TemplateFor: _part,
    syntax.Call: _call,
}
