"""Stacks inside a template: which template they deploy, with which parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table

from partywall import source
from partywall.choice import lifted
from partywall.cloudformation import detect
from partywall.cloudformation.evaluation import word
from partywall.problem import Problem
from partywall.source import Source, Span, UnreadableError
from partywall.text.node import Document, Entry, Mapping, Node, Scalar, TextError, children
from partywall.text.structured import PlacedText
from partywall.value import Choice, Known, Setting, distinct

NESTED = "AWS::CloudFormation::Stack"
SET = "AWS::CloudFormation::StackSet"


def read(path: str, problems: list[Problem]) -> tuple[Source, Document] | None:
    """A template by its path; None, with the problem, where it cannot be read."""
    shown = source.display(path)
    try:
        text = source.read(path, limit=detect.MAX_BYTES)
        return text, detect.parse(text)
    except UnreadableError as error:
        problems.append(Problem(Span(shown, 1, 1, 1, 1), "error", str(error)))
    except TextError as error:
        place = Span(shown, error.line, error.column, error.line, error.column)
        problems.append(Problem(place, "error", error.message))
    return None


def body(node: Node, problems: list[Problem]) -> tuple[Source, Document] | None:
    """A template written as text inside another, with its places there; None where it is made by a function."""
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or node.tag:
        return None
    written = node.value
    placed = isinstance(written, PlacedText) and written.place(0)
    text = Source(node.span.path, written)
    if placed:
        outer, offset = placed
        line, column = outer.position(offset)
        indent = " " * (column - 1)
        # The same lines and columns as in the file around it, and nothing else.
        lines = "\n".join(f"{indent}{one}" if one else one for one in written.split("\n"))
        text = Source(node.span.path, "\n" * (line - 1) + lines)
    try:
        document = detect.parse(text)
    except TextError as error:
        line, column = (error.line, error.column) if placed else (node.span.line, node.span.column)
        problems.append(Problem(Span(node.span.path, line, column, line, column), "error", error.message))
        return None
    if not placed:
        _relocate(document.root, node.span)
    return text, document


def _relocate(root: Node, span: Span) -> None:
    """Put everything where the text as a whole stands: inside of quotes, places are lost."""
    pending = [root]
    while pending:
        node = pending.pop()
        node.span = span
        if isinstance(node, Mapping):
            node.entries = {key: Entry.at(span, entry.value) for key, entry in node.entries.items()}
        pending.extend(children(node))


def location(node: Mapping, properties: Setting) -> Setting:
    """The value of `TemplateURL`; what CDK synthesised is named in the metadata."""
    metadata = node.get("Metadata")
    if isinstance(metadata, Mapping) and word(metadata.get("aws:asset:property")) == "TemplateURL":
        path = metadata.get("aws:asset:path")
        if path is not None and (name := word(path)) is not None:
            return Known(name, path.span)
    return entry(properties, "TemplateURL")


def arguments(properties: Setting) -> Table[str, Setting]:
    """The parameters that a stack is given."""
    given = entry(properties, "Parameters")
    names = {name for row in _rows(given) for name in row}
    return {name: entry(given, name) for name in sorted(names)}


def _rows(value: Setting) -> Iterator[Table[str, Setting]]:
    if isinstance(value, Choice):
        for arm in distinct(value):
            yield from _rows(arm)
    elif isinstance(value, Known) and isinstance(value.it, dict):
        yield value.it


def entry(value: Setting, name: str) -> Setting:
    """One entry of a map; Known(None) where there is none."""

    def over(values: Sequence[Setting]) -> Setting:
        (found,) = values
        if isinstance(found, Known):
            inner: Setting = Known(None, found.span)
            return found.it.get(name, inner) if isinstance(found.it, dict) else inner
        return found

    return lifted((value,), over, value.span)


def shown(path: str) -> str:
    """A path as reports have it."""
    return source.display(path)
