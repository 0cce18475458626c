"""The meaning of a node: maps, lists and scalars as values, and the intrinsic functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from partywall.choice import lifted, same
from partywall.cloudformation.evaluation import NO_VALUE, Evaluation, Function, is_absent, operation, word
from partywall.source import Span
from partywall.text import node as text
from partywall.text.node import Mapping, Node, Scalar
from partywall.value import Known, Reference, Setting, Unknown, moved, references

_RESOLVE = re.compile(r"\{\{resolve:([a-z-]+):([^:}]*)")
_HOLE = re.compile(r"\$\{([^{}]*)\}")


def evaluate(node: Node, scope: Evaluation) -> Setting:
    """The value of a node; `AWS::NoValue` is Known(None) and left out of maps and lists."""
    if node.tag and node.tag.startswith("!"):
        return _tagged(node, scope)
    if isinstance(node, Scalar):
        return _scalar(node)
    if isinstance(node, text.Sequence):
        found = (evaluate(item, scope) for item in node.items)
        return Known(tuple(value for value in found if not is_absent(value)), node.span)
    if len(node.entries) == 1:
        ((name, entry),) = node.entries.items()
        function = FUNCTIONS.get(name)
        if function is not None:
            return placed(function(entry.value, scope), node.span)
        if name.startswith("Fn::") and not name.startswith("Fn::ForEach::"):
            return Unknown(f"{name} is not known here", node.span)
    return _mapping(node, scope)


def _mapping(node: Mapping, scope: Evaluation) -> Setting:
    found: dict[str, Setting] = {}
    for name, entry in node.entries.items():
        value = evaluate(entry.value, scope)
        if not is_absent(value) or isinstance(entry.value, Scalar):
            found[name] = value
    return Known(found, node.span)


def _scalar(node: Scalar) -> Setting:
    if isinstance(node.value, str) and "{{resolve:" in node.value:
        match = _RESOLVE.search(node.value)
        service, name = match.groups() if match else ("unknown", "")
        return Unknown(f"dynamic reference to {service}", node.span, (Reference(f"resolve:{service}", name),))
    return Known(node.value, node.span)


def _tagged(node: Node, scope: Evaluation) -> Setting:
    name, argument = operation(node)
    function = FUNCTIONS.get(name)
    if function is None:
        return Unknown(f"the tag {node.tag} is not known here", node.span)
    return placed(function(argument, scope), node.span)


def placed(value: Setting, span: Span) -> Setting:
    """A function's result stands where the function is written, unless it is written there itself."""
    if value.span.line and span.line <= value.span.line <= span.end_line and value.span.path == span.path:
        return value
    return moved(value, span) if value.span.line else replace(value, span=span)


# References.


def _ref(node: Node, scope: Evaluation) -> Setting:
    name = word(node)
    if name is None:
        inner = evaluate(node, scope)
        name = inner.it if isinstance(inner, Known) and isinstance(inner.it, str) else None
        if name is None:
            return Unknown("the name in Ref is unknown", node.span, inner.references)
    return named(name, node.span, scope)


def named(name: str, span: Span, scope: Evaluation) -> Setting:
    """What `Ref` gives for a name: a parameter, a pseudo parameter or a resource."""
    if name in scope.names:
        return scope.names[name]
    if name == NO_VALUE:
        return Known(None, span)
    value = scope.parameters.value(name)
    if value is not None:
        return value
    if name in scope.resources:
        return scope.resource(name, "", span)
    if name in scope.made:
        return scope.resource(scope.made[name], "", span)
    if name.startswith("AWS::"):
        return Unknown(f"{name} is not given", span, (Reference(name),))
    return scope.note(span, f"{name} is neither a parameter nor a resource of this template")


def _get_att(node: Node, scope: Evaluation) -> Setting:
    if isinstance(node, text.Sequence):
        parts = [evaluate(item, scope) for item in node.items]
        if len(parts) < 2:
            return scope.note(node.span, "Fn::GetAtt needs a resource and an attribute")
        known = [str(part.it) for part in parts if isinstance(part, Known)]
        if len(known) < len(parts):
            return Unknown("the attribute is unknown", node.span, tuple(it for part in parts for it in part.references))
        name, attribute = known[0], ".".join(known[1:])
    else:
        name, _, attribute = (word(node) or "").partition(".")
    return attribute_of(name, attribute, node.span, scope)


def attribute_of(name: str, attribute: str, span: Span, scope: Evaluation) -> Setting:
    """An attribute of a resource."""
    if not attribute:
        return scope.note(span, "Fn::GetAtt needs a resource and an attribute")
    if name not in scope.resources:
        return scope.note(span, f"{name} is not a resource of this template")
    return scope.resource(name, attribute, span)


# Text.


def _sub(node: Node, scope: Evaluation) -> Setting:
    template, own = node, None
    if isinstance(node, text.Sequence):
        if len(node.items) != 2 or not isinstance(node.items[1], Mapping):
            return scope.note(node.span, "Fn::Sub needs a text, or a list of a text and a map")
        template, own = node.items
    value = word(template)
    if value is None:
        return scope.note(node.span, "Fn::Sub needs a text, or a list of a text and a map")
    names = (
        {key: evaluate(entry.value, scope) for key, entry in own.entries.items()} if isinstance(own, Mapping) else {}
    )
    pieces: list[Setting] = []
    at = 0
    for match in _HOLE.finditer(value):
        pieces.append(Known(value[at : match.start()]))
        at = match.end()
        name = match[1].strip()
        if name.startswith("!"):
            pieces.append(Known("${" + name[1:] + "}"))
        elif name in names:
            pieces.append(names[name])
        elif "." in name and name not in scope.names:
            owner, _, attribute = name.partition(".")
            pieces.append(attribute_of(owner, attribute, template.span, scope))
        else:
            pieces.append(named(name, template.span, scope))
    pieces.append(Known(value[at:]))
    return joined(pieces, "", node.span)


def joined(pieces: Sequence[Setting], delimiter: str, span: Span) -> Setting:
    """Texts put together; unknown ones leave holes in a partly known text."""
    return lifted(pieces, lambda values: _joined(values, delimiter, span), span)


def _joined(pieces: Sequence[Setting], delimiter: str, span: Span) -> Setting:
    known: list[str | None] = []
    why = ""
    for at, piece in enumerate(pieces):
        added: Sequence[str | None]
        if isinstance(piece, Known):
            added = (_text(piece.it),)
        else:
            assert isinstance(piece, Unknown)
            why = why or piece.why
            added = piece.parts or (None,)
        for part in ((delimiter,) if at and delimiter else ()) + tuple(added):
            if known and part is not None and known[-1] is not None:
                known[-1] += part
            elif part is not None or not known or known[-1] is not None:
                known.append(part)
    mentioned = tuple(dict.fromkeys(it for piece in pieces for it in piece.references))
    origin = tuple(dict.fromkeys(it for piece in pieces for it in piece.origin))
    if not why:
        whole = known[0] or "" if known else ""
        if "{{resolve:" in whole:
            return _scalar(Scalar(span, whole))
        return Known(whole, span, mentioned, origin)
    return Unknown(why, span, mentioned, tuple(known), origin)


def _text(it: object) -> str:
    if isinstance(it, bool):
        return "true" if it else "false"
    if isinstance(it, str):
        return it
    return "" if it is None else str(it)


def _join(node: Node, scope: Evaluation) -> Setting:
    if not isinstance(node, text.Sequence) or len(node.items) != 2:
        return scope.note(node.span, "Fn::Join needs a delimiter and a list")
    delimiter = word(node.items[0])
    value = evaluate(node.items[1], scope)
    if delimiter is None:
        return Unknown("the delimiter is unknown", node.span, value.references)

    def over(values: Sequence[Setting]) -> Setting:
        (found,) = values
        if isinstance(found, Known) and isinstance(found.it, tuple):
            return joined(found.it, delimiter, node.span)
        if isinstance(found, Known):
            return Known(_text(found.it), node.span)
        assert isinstance(found, Unknown)
        return Unknown(found.why, node.span, found.references)

    return lifted((value,), over, node.span)


def _split(node: Node, scope: Evaluation) -> Setting:
    if not isinstance(node, text.Sequence) or len(node.items) != 2:
        return scope.note(node.span, "Fn::Split needs a delimiter and a text")
    delimiter, value = word(node.items[0]) or "", evaluate(node.items[1], scope)

    def over(values: Sequence[Setting]) -> Setting:
        (found,) = values
        if isinstance(found, Known):
            return Known(tuple(Known(part, node.span) for part in _text(found.it).split(delimiter)), node.span)
        assert isinstance(found, Unknown)
        return Unknown(found.why, node.span, found.references)

    return lifted((value,), over, node.span)


def _select(node: Node, scope: Evaluation) -> Setting:
    if not isinstance(node, text.Sequence) or len(node.items) != 2:
        return scope.note(node.span, "Fn::Select needs an index and a list")
    index, value = evaluate(node.items[0], scope), evaluate(node.items[1], scope)

    def over(values: Sequence[Setting]) -> Setting:
        at, found = values
        if not isinstance(at, Known):
            return Unknown("the index is unknown", node.span, found.references)
        digits = str(at.it)
        if not digits.isdigit():
            return scope.note(node.span, "the index of Fn::Select must be a whole number from 0")
        if not isinstance(found, Known) or not isinstance(found.it, tuple):
            return Unknown(
                found.why if isinstance(found, Unknown) else "the list is unknown", node.span, found.references
            )
        if int(digits) >= len(found.it):
            return Unknown(f"the list has no element {digits}", node.span, found.references)
        chosen: Setting = found.it[int(digits)]
        return chosen

    return lifted((index, value), over, node.span)


# Choices and tables.


def _if(node: Node, scope: Evaluation) -> Setting:
    if not isinstance(node, text.Sequence) or len(node.items) != 3:
        return scope.note(node.span, "Fn::If needs a condition and two values")
    name = word(node.items[0])
    if name is None:
        return scope.note(node.span, "Fn::If needs the name of a condition")
    holds = scope.conditions.value(name, node.items[0].span)
    arms = [evaluate(item, scope) for item in node.items[1:]]

    def choose(values: Sequence[Setting]) -> Setting:
        (decided,) = values
        assert isinstance(decided, Known)
        return arms[0] if decided.it else arms[1]

    return lifted((holds,), choose, node.span)


def _find_in_map(node: Node, scope: Evaluation) -> Setting:
    if not isinstance(node, text.Sequence) or len(node.items) not in (3, 4):
        return scope.note(node.span, "Fn::FindInMap needs a map and two keys")
    keys = [evaluate(item, scope) for item in node.items[:3]]
    other = node.items[3] if len(node.items) == 4 else None
    default = other.get("DefaultValue") if isinstance(other, Mapping) else None
    return lifted(keys, lambda values: _found(values, default, node.span, scope), node.span)


def _found(keys: Sequence[Setting], default: Node | None, span: Span, scope: Evaluation) -> Setting:
    tables: list[Node] = [scope.mappings] if scope.mappings is not None else []
    for key in keys:
        inner: list[Node] = []
        for table in tables:
            if not isinstance(table, Mapping):
                continue
            if isinstance(key, Known):
                one = table.get(_text(key.it))
                inner += [one] if one is not None else []
            else:
                inner += [entry.value for entry in table.entries.values()]
        tables = inner
    mentioned = tuple(dict.fromkeys(it for key in keys for it in key.references))
    certain = all(isinstance(key, Known) for key in keys)
    if not tables:
        if default is not None:
            return evaluate(default, scope)
        return (
            Unknown("the map has no such entry", span, mentioned)
            if not certain
            else scope.note(span, "the map has no such entry")
        )
    values = [evaluate(table, scope) for table in tables]
    if certain or all(same(values[0], value) for value in values[1:]):
        return values[0]
    return Unknown("which entry of the map is unknown", span, mentioned)


# The others.


def _azs(node: Node, _: Evaluation) -> Setting:
    zones: tuple[Setting, ...] = tuple(Unknown("a zone of the region", node.span) for _ in range(2))
    return Known(zones, node.span)


def _import_value(node: Node, scope: Evaluation) -> Setting:
    value = evaluate(node, scope)
    name = str(value.it) if isinstance(value, Known) else "of another stack"
    return Unknown(f"export {name}", node.span, (Reference(f"export:{name}"), *value.references))


def _opaque(why: str) -> Function:
    def made(node: Node, scope: Evaluation) -> Setting:
        value = evaluate(node, scope)
        return Unknown(why, node.span, tuple(dict.fromkeys(references(value))))

    return made


def _base64(node: Node, scope: Evaluation) -> Setting:
    """The encoded text keeps its inner text in `parts`, so that it can be read for secrets."""
    value = evaluate(node, scope)
    if isinstance(value, Known):
        return Known(value.it, node.span, value.references, value.origin)
    return value


def _cidr(node: Node, scope: Evaluation) -> Setting:
    if not isinstance(node, text.Sequence) or len(node.items) not in (2, 3):
        return scope.note(node.span, "Fn::Cidr needs a block, a count and the host bits")
    block, count, *rest = (evaluate(item, scope) for item in node.items)
    digits = str(count.it) if isinstance(count, Known) else ""
    if not digits.isdigit() or int(digits) > 256:
        return Unknown("the number of blocks is unknown", node.span, block.references)
    bits = str(rest[0].it) if rest and isinstance(rest[0], Known) else "8"
    wide = isinstance(block, Known) and ":" in str(block.it)
    prefix = (128 if wide else 32) - int(bits) if bits.isdigit() else None
    parts: tuple[str | None, ...] | None = (None, f"/{prefix}") if prefix is not None else None
    one: Setting = Unknown("a part of a block", node.span, block.references, parts)
    return Known((one,) * int(digits), node.span)


def _length(node: Node, scope: Evaluation) -> Setting:
    value = evaluate(node, scope)
    if isinstance(value, Known) and isinstance(value.it, tuple):
        return Known(len(value.it), node.span)
    return Unknown("the length of a list is unknown", node.span, value.references)


def _json_string(node: Node, scope: Evaluation) -> Setting:
    """JSON text is represented by its structure, which policy rules read directly."""
    return evaluate(node, scope)


FUNCTIONS: dict[str, Function] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _azs,
    "Fn::ImportValue": _import_value,
    "Fn::GetStackOutput": _opaque("output of another stack"),
    "Fn::Transform": _opaque("made by a macro"),
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::Length": _length,
    "Fn::ToJsonString": _json_string,
}
