"""`aws_iam_policy_document` → the JSON policy it renders, with the places of its statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


def rendered(arguments: Mapping[str, Setting]) -> Setting:
    """The policy document as a map in the form of IAM's JSON.

    Statements come from the source documents first, then the own ones, which replace equal Sids, then
    the override documents, which replace both. Source: the AWS provider's documentation of the data source.
    """
    groups = [
        *_documents(arguments, "source_policy_documents", "source_json"),
        _own(arguments.get("statement")),
        *_documents(arguments, "override_policy_documents", "override_json"),
    ]
    statement = arguments.get("statement")
    span = statement.span if statement is not None else NOWHERE
    return lifted(groups, lambda values: _merged(values, arguments, span), span)


def _merged(groups: Sequence[Setting], arguments: Mapping[str, Setting], span: Span) -> Setting:
    statements: list[Setting] = []
    for group in groups:
        if not isinstance(group, Known) or not isinstance(group.it, tuple):
            statements.append(group)
            continue
        for statement in group.it:
            sid = _sid(statement)
            at = next((i for i, one in enumerate(statements) if sid and _sid(one) == sid), None)
            if at is None:
                statements.append(statement)
            else:
                statements[at] = statement
    out: dict[str, Setting] = {"Version": _or(arguments.get("version"), "2012-10-17")}
    identity = arguments.get("policy_id")
    if identity is not None:
        out["Id"] = identity
    out["Statement"] = Known(tuple(statements), span)
    return Known(JsonObject(out), span)


def _sid(statement: Setting) -> str | None:
    if isinstance(statement, Known) and isinstance(statement.it, Mapping):
        sid = statement.it.get("Sid")
        if isinstance(sid, Known) and isinstance(sid.it, str):
            return sid.it
    return None


def _or(value: Setting | None, default: str) -> Setting:
    if value is None or (isinstance(value, Known) and value.it is None):
        return Known(default)
    return value


def _documents(arguments: Mapping[str, Setting], listed: str, single: str) -> list[Setting]:
    out = []
    value = arguments.get(listed)
    if isinstance(value, Known) and isinstance(value.it, tuple):
        out += [_statements(item) for item in value.it]
    elif value is not None and not isinstance(value, Known):
        out.append(value)
    alone = arguments.get(single)
    if alone is not None:
        out.append(_statements(alone))
    return out


def _statements(document: Setting) -> Setting:
    """The statements of a document given as text or as structure."""
    return lifted((structure_of(document),), lambda values: _listed(values[0]), document.span)


def _listed(document: Setting) -> Setting:
    if not isinstance(document, Known):
        return document
    if isinstance(document.it, Mapping):
        statement = document.it.get("Statement")
        if isinstance(statement, Known) and isinstance(statement.it, Mapping):
            return Known((statement,), statement.span)
        return statement if statement is not None else Known((), document.span)
    return Known((), document.span)


def _own(blocks: Setting | None) -> Setting:
    if blocks is None:
        return Known(())
    return lifted((blocks,), lambda values: _each(values[0]), blocks.span)


def _each(blocks: Setting) -> Setting:
    if isinstance(blocks, Known) and isinstance(blocks.it, tuple):
        return Known(tuple(_statement(block) for block in blocks.it), blocks.span)
    return blocks


def _statement(block: Setting) -> Setting:
    if not isinstance(block, Known) or not isinstance(block.it, Mapping):
        return block
    it = block.it
    out: dict[str, Setting] = {}
    if "sid" in it and not _is_null(it["sid"]):
        out["Sid"] = it["sid"]
    out["Effect"] = _or(it.get("effect"), "Allow")
    for ours, theirs in _LISTS.items():
        value = it.get(ours)
        if value is not None and not _is_null(value) and not (isinstance(value, Known) and value.it == ()):
            out[theirs] = value
    for ours, theirs in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if ours in it:
            out[theirs] = _principals(it[ours])
    if "condition" in it:
        out["Condition"] = _conditions(it["condition"])
    return Known(out, block.span)


def _is_null(value: Setting) -> bool:
    return isinstance(value, Known) and value.it is None


def _principals(blocks: Setting) -> Setting:
    if not isinstance(blocks, Known) or not isinstance(blocks.it, tuple):
        return blocks
    found: dict[str, Setting] = {}
    for block in blocks.it:
        kind, names = _entry(block, "type"), _entry(block, "identifiers")
        if not isinstance(kind, Known):
            return Unknown("the type of a principal is unknown", block.span, block.references)
        if kind.it == "*":
            return Known("*", names.span)
        before = found.get(str(kind.it))
        found[str(kind.it)] = names if before is None else _chained(before, names)
    return Known(found, blocks.span)


def _conditions(blocks: Setting) -> Setting:
    if not isinstance(blocks, Known) or not isinstance(blocks.it, tuple):
        return blocks
    found: dict[str, dict[str, Setting]] = {}
    for block in blocks.it:
        test, variable, values = _entry(block, "test"), _entry(block, "variable"), _entry(block, "values")
        if not isinstance(test, Known) or not isinstance(variable, Known):
            return Unknown("a condition is unknown", block.span, block.references)
        keys = found.setdefault(str(test.it), {})
        before = keys.get(str(variable.it))
        keys[str(variable.it)] = values if before is None else _chained(before, values)
    return Known({test: Known(keys, blocks.span) for test, keys in found.items()}, blocks.span)


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
