"""`aws_iam_policy_document` → the JSON policy it renders, with the places of its statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from partywall.choice import lifted
from partywall.source import NOWHERE, Span
from partywall.text.json_text import structure_of
from partywall.text.structured import JsonObject
from partywall.value import Known, Setting, Unknown

_LISTS = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}
_DEFAULT_VERSION = "2012-10-17"
_PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}
_ABSENT: Setting = Known(None)


def rendered(arguments: Mapping[str, Setting]) -> Setting:
    """The policy document as a map in the form of IAM's JSON, as the provider writes it.

    Statements come from the source documents first, then the own ones, which replace equal Sids, then
    the override documents, which replace both; the newest version and the last Id count. Source: the AWS provider's
    documentation of the data source, and its answers, which tests compare with ours.
    """
    sources = [*_documents(arguments, "source_json"), *_documents(arguments, "source_policy_documents")]
    overrides = [*_documents(arguments, "override_json"), *_documents(arguments, "override_policy_documents")]
    statement = arguments.get("statement", _ABSENT)
    span = statement.span if statement.span.line else next((one.span for one in (*sources, *overrides)), NOWHERE)
    inputs = [statement, arguments.get("version", _ABSENT), arguments.get("policy_id", _ABSENT), *sources, *overrides]

    def made(values: Sequence[Setting]) -> Setting:
        own = {"Version": _or(values[1], _DEFAULT_VERSION), "Id": values[2], "Statement": _own(values[0])}
        before, after = values[3 : 3 + len(sources)], values[3 + len(sources) :]
        return Known(JsonObject(_merged([*map(_normal, before), Known(own), *map(_normal, after)], span)), span)

    return lifted(inputs, made, span)


def _documents(arguments: Mapping[str, Setting], name: str) -> list[Setting]:
    """The structures of the documents that an argument gives."""
    value = arguments.get(name, _ABSENT)
    if isinstance(value, Known) and isinstance(value.it, tuple):
        return [structure_of(item) for item in value.it]
    return [] if _is_null(value) else [structure_of(value)]


def _merged(documents: Sequence[Setting], span: Span) -> dict[str, Setting]:
    statements: list[Setting] = []
    version: Setting = Known("")
    identity = _ABSENT
    for document in documents:
        it: object = document.it if isinstance(document, Known) else None
        if not isinstance(it, Mapping):
            if not isinstance(document, Known):
                statements.append(document)
            continue
        version = _newest(version, it.get("Version", _ABSENT))
        given = it.get("Id", _ABSENT)
        identity = identity if isinstance(given, Known) and given.it in (None, "") else given
        listed = it.get("Statement", _ABSENT)
        if not isinstance(listed, Known):
            statements.append(listed)
        for statement in listed.it if isinstance(listed, Known) and isinstance(listed.it, tuple) else ():
            sid = _sid(statement)
            at = next((i for i, one in enumerate(statements) if sid and _sid(one) == sid), None)
            if at is None:
                statements.append(statement)
            else:
                statements[at] = statement
    out: dict[str, Setting] = {"Version": version}
    if not _is_null(identity):
        out["Id"] = identity
    if statements:
        out["Statement"] = Known(tuple(statements), span)
    return out


def _newest(one: Setting, other: Setting) -> Setting:
    if not isinstance(other, Known):
        return other
    if not isinstance(one, Known):
        return one
    return other if str(other.it or "") > str(one.it) else one


def _sid(statement: Setting) -> str | None:
    if isinstance(statement, Known) and isinstance(statement.it, Mapping):
        sid = statement.it.get("Sid")
        if isinstance(sid, Known) and isinstance(sid.it, str):
            return sid.it
    return None


def _or(value: Setting | None, default: str) -> Setting:
    return Known(default) if value is None or _is_null(value) else value


def _is_null(value: Setting) -> bool:
    return isinstance(value, Known) and value.it is None


# Documents given as text.


def _normal(document: Setting) -> Setting:
    """A document in the order in which the provider writes it: principals backwards, single conditions as text."""
    if not isinstance(document, Known) or not isinstance(document.it, Mapping):
        return document
    listed = document.it.get("Statement", _ABSENT)
    if isinstance(listed, Known) and isinstance(listed.it, Mapping):
        listed = Known((listed,), listed.span)
    if isinstance(listed, Known) and isinstance(listed.it, tuple):
        listed = replace(listed, it=tuple(_normal_statement(one) for one in listed.it))
    return replace(document, it={**document.it, "Statement": listed})


def _normal_statement(statement: Setting) -> Setting:
    if not isinstance(statement, Known) or not isinstance(statement.it, Mapping):
        return statement
    it = dict(statement.it)
    for name in _PRINCIPALS.values():
        if name in it:
            it[name] = _each_value(it[name], _backwards)
    if "Condition" in it:
        it["Condition"] = _each_value(it["Condition"], lambda test: _each_value(test, _single))
    return replace(statement, it=it)


def _each_value(value: Setting, change: Callable[[Setting], Setting]) -> Setting:
    if isinstance(value, Known) and isinstance(value.it, Mapping):
        return replace(value, it={key: change(item) for key, item in value.it.items()})
    return value


# Own statements.


def _own(blocks: Setting) -> Setting:
    if isinstance(blocks, Known) and isinstance(blocks.it, tuple):
        return Known(tuple(_statement(block) for block in blocks.it), blocks.span)
    return blocks


def _statement(block: Setting) -> Setting:
    if not isinstance(block, Known) or not isinstance(block.it, Mapping):
        return block
    it = block.it
    out: dict[str, Setting] = {}
    if not (isinstance(it.get("sid", _ABSENT), Known) and it.get("sid", _ABSENT).it in (None, "")):
        out["Sid"] = it["sid"]
    out["Effect"] = _or(it.get("effect"), "Allow")
    for ours, theirs in _LISTS.items():
        value = it.get(ours, _ABSENT)
        if not (isinstance(value, Known) and value.it in (None, ())):
            out[theirs] = _single(_backwards(value if ours.endswith("actions") else _variables(value)))
    for ours, theirs in _PRINCIPALS.items():
        value = it.get(ours, _ABSENT)
        if not (isinstance(value, Known) and value.it in (None, ())):
            out[theirs] = _principals(value)
    value = it.get("condition", _ABSENT)
    if not (isinstance(value, Known) and value.it in (None, ())):
        out["Condition"] = _conditions(value)
    return Known(out, block.span)


def _variables(value: Setting) -> Setting:
    """Policy variables as IAM writes them: Terraform would take `${…}` for its own, so `&{…}` stands for it."""
    if isinstance(value, Known) and isinstance(value.it, tuple):
        return replace(value, it=tuple(_variables(item) for item in value.it))
    if isinstance(value, Known) and isinstance(value.it, str) and "&{" in value.it:
        return replace(value, it=value.it.replace("&{", "${"))
    if isinstance(value, Unknown) and value.parts is not None:
        return replace(value, parts=tuple(part and part.replace("&{", "${") for part in value.parts))
    return value


def _backwards(value: Setting) -> Setting:
    """A set of texts, each once, last first: the order in which the provider writes it; unknown texts at the end."""
    if not isinstance(value, Known) or not isinstance(value.it, tuple):
        return value
    known = {str(item.it): item for item in reversed(value.it) if isinstance(item, Known)}
    rest = [item for item in value.it if not isinstance(item, Known)]
    return replace(value, it=(*(known[word] for word in sorted(known, reverse=True)), *rest))


def _single(value: Setting) -> Setting:
    """A list of one is written as its element."""
    if isinstance(value, Known) and isinstance(value.it, tuple) and len(value.it) == 1:
        item: Setting = value.it[0]
        return item
    return value


def _principals(blocks: Setting) -> Setting:
    if not isinstance(blocks, Known) or not isinstance(blocks.it, tuple):
        return blocks
    found: dict[str, Setting] = {}
    for block in blocks.it:
        kind, names = _entry(block, "type"), _variables(_entry(block, "identifiers"))
        if not isinstance(kind, Known):
            return Unknown("the type of a principal is unknown", block.span, block.references)
        before = found.get(str(kind.it))
        found[str(kind.it)] = names if before is None else _chained(before, names)
    found = {kind: _single(_backwards(names)) for kind, names in found.items()}
    everyone = found.get("*")
    if len(found) == 1 and isinstance(everyone, Known) and everyone.it == "*":
        return everyone
    return Known(found, blocks.span)


def _conditions(blocks: Setting) -> Setting:
    if not isinstance(blocks, Known) or not isinstance(blocks.it, tuple):
        return blocks
    found: dict[str, dict[str, Setting]] = {}
    for block in blocks.it:
        test, variable = _entry(block, "test"), _variables(_entry(block, "variable"))
        values = _variables(_entry(block, "values"))
        if not isinstance(test, Known) or not isinstance(variable, Known):
            return Unknown("a condition is unknown", block.span, block.references)
        keys = found.setdefault(str(test.it), {})
        before = keys.get(str(variable.it))
        keys[str(variable.it)] = values if before is None else _chained(before, values)
    return Known(
        {
            test: Known({variable: _single(values) for variable, values in keys.items()}, blocks.span)
            for test, keys in found.items()
        },
        blocks.span,
    )


def _entry(block: Setting, name: str) -> Setting:
    if isinstance(block, Known) and isinstance(block.it, Mapping) and name in block.it:
        entry: Setting = block.it[name]
        return entry
    return Unknown(block.why if isinstance(block, Unknown) else f"{name} is not given", block.span, block.references)


def _chained(one: Setting, other: Setting) -> Setting:
    if (
        isinstance(one, Known)
        and isinstance(other, Known)
        and isinstance(one.it, tuple)
        and isinstance(other.it, tuple)
    ):
        return Known((*one.it, *other.it), one.span)
    return Unknown("a part is unknown", one.span, (*one.references, *other.references))
