"""Files that give parameters their values, in every form that AWS's tools read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from partywall import source
from partywall.cloudformation import detect
from partywall.cloudformation.evaluation import items, word
from partywall.problem import Problem
from partywall.source import Span, UnreadableError
from partywall.text import node as text
from partywall.text.node import Node, TextError
from partywall.text.toml_text import TomlError, read_toml
from partywall.value import Known, Setting


def given(parameters: Mapping[str, str], files: Iterable[str]) -> tuple[Mapping[str, Setting], tuple[Problem, ...]]:
    """The values for a run: of the files later ones win, key by key, and what is given by itself wins over all."""
    found: dict[str, Setting] = {}
    problems: list[Problem] = []
    for path in files:
        values, wrong = read(path)
        found |= values
        problems += wrong
    return found | {name: Known(value) for name, value in parameters.items()}, tuple(problems)


def read(path: str) -> tuple[Mapping[str, Setting], tuple[Problem, ...]]:
    """The values by parameter, each where it is written; and what is wrong with the file.

    `[{"ParameterKey", "ParameterValue"}]`, `{"Parameters": {…}}`, `{"Key": "value"}` and `["Key=value"]`, as JSON or
    YAML, and the `parameter_overrides` of `samconfig.toml`.
    """
    shown = source.display(path)
    whole = Span(shown, 1, 1, 1, 1)
    try:
        written = source.read(path)
        if path.endswith(".toml"):
            return _from_toml(written.text, whole)
        found = dict(_pairs(detect.parse(written).root))
    except UnreadableError as error:
        return {}, (Problem(whole, "error", str(error)),)
    except TextError as error:
        place = Span(shown, error.line, error.column, error.line, error.column)
        return {}, (Problem(place, "error", error.message),)
    if not found:
        return {}, (Problem(whole, "error", "no parameter is given a value here"),)
    return found, ()


def _pairs(root: Node) -> Iterator[tuple[str, Setting]]:
    if isinstance(root, text.Mapping):
        inner = root.get("Parameters")
        for name, entry in (inner if isinstance(inner, text.Mapping) else root).entries.items():
            value = _value(entry.value)
            if value is not None:
                yield name, value
        return
    for item in items(root):
        if isinstance(item, text.Mapping):
            key, one = word(item.get("ParameterKey")), item.get("ParameterValue")
            value = _value(one) if one is not None else None
            if key is not None and value is not None:
                yield key, value
        elif (pair := word(item)) is not None and "=" in pair:
            key, _, given = pair.partition("=")
            yield key, Known(given, item.span)


def _value(node: Node) -> Setting | None:
    """A value as text; a list as the service would be given it."""
    if isinstance(node, text.Sequence):
        return Known(",".join(word(item) or "" for item in node.items), node.span)
    given = word(node)
    return None if given is None else Known(given, node.span)


def _from_toml(text: str, whole: Span) -> tuple[Mapping[str, Setting], tuple[Problem, ...]]:
    try:
        return dict(_overrides(read_toml(text), whole)), ()
    except TomlError as error:
        return {}, (Problem(whole, "error", str(error)),)


def _overrides(whole: Mapping[str, object], span: Span) -> Iterator[tuple[str, Setting]]:
    """`parameter_overrides` wherever it stands: one text, a list of pairs, or a table."""
    pending: list[tuple[str, object]] = list(whole.items())[::-1]
    while pending:
        key, value = pending.pop()
        if key != "parameter_overrides":
            pending += list(value.items())[::-1] if isinstance(value, dict) else []
        elif isinstance(value, dict):
            yield from ((name, Known(str(one), span)) for name, one in value.items())
        else:
            given = value if isinstance(value, list) else ()
            for pair in _words(value) if isinstance(value, str) else map(str, given):
                name, equals, one = pair.partition("=")
                if equals:
                    yield name.strip(), Known(one.strip().strip('"'), span)


def _words(written: str) -> Iterator[str]:
    """`Key=value "Key=a value" ParameterKey=A,ParameterValue=b`, split where no quotes hold it together."""
    word_, quoted = "", False
    for character in f"{written} ":
        if character == '"':
            quoted = not quoted
        elif character.isspace() and not quoted:
            if word_.startswith("ParameterKey=") and ",ParameterValue=" in word_:
                key, _, value = word_.removeprefix("ParameterKey=").partition(",ParameterValue=")
                word_ = f"{key}={value}"
            if word_:
                yield word_
            word_ = ""
        else:
            word_ += character
