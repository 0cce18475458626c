"""Which files are templates: a sniff of the text that may be wrong, then the parsed root that is not."""

from __future__ import annotations

import re

from partywall.source import Source, UnreadableError, head
from partywall.text.json_scanner import read_json
from partywall.text.node import Document, Mapping, Node, Scalar
from partywall.text.yaml_text import read_yaml

SUFFIXES = (".yaml", ".yml", ".json", ".template", ".cfn", ".tmpl")
MAX_BYTES = 4 * 1024 * 1024
_YAML = re.compile(r"^[ \t]{0,8}[\"']?Resources[\"']?[ \t]*:", re.MULTILINE)
_JSON = re.compile(r'"Resources"\s*:\s*\{')
_TYPE = re.compile(r"Type[\"']?\s*:\s*[\"']?\w+::\w+")
_RESOURCE = re.compile(r"(?:[A-Za-z0-9]+::[A-Za-z0-9]+(?:::[A-Za-z0-9]+)+|Custom::[\w@-]+)\Z")
_TEMPLATED = re.compile(r"\{\{[ -]|\{%")


def is_json(source: Source) -> bool:
    """Whether a text is to be read as JSON: it begins as such, and not as a mark of a template language."""
    start = source.text.lstrip()[:2]
    return start[:1] in ("{", "[") and start not in ("{{", "{%")


def sniff(source: Source) -> bool:
    """Whether a text looks like a template at first sight; the root decides."""
    text = source.text
    if "Resources" not in text or "::" not in text:
        return False
    return bool((_JSON if is_json(source) else _YAML).search(text) and (_TYPE.search(text) or "Fn::ForEach" in text))


def sniff_unreadable(path: str) -> bool:
    """Whether a file that is too large, or in another encoding, looks like a template all the same.

    One that cannot be opened may be anything, and is not passed over.
    """
    try:
        return sniff(Source(path, head(path, MAX_BYTES).replace("\0", "")))
    except UnreadableError:
        return True


def parse(source: Source) -> Document:
    """The document; raises TextError."""
    return read_json(source) if is_json(source) else read_yaml(source)


def is_root(node: Node) -> bool:
    """Whether a document is a template: a map whose `Resources` hold something of a resource type."""
    resources = node.get("Resources") if isinstance(node, Mapping) else None
    if not isinstance(resources, Mapping):
        return False
    for name, entry in resources.entries.items():
        if name.startswith("Fn::ForEach::"):
            return True
        kind = entry.value.get("Type") if isinstance(entry.value, Mapping) else None
        if isinstance(kind, Scalar) and isinstance(kind.value, str) and _RESOURCE.match(kind.value):
            return True
    return False


def is_templated(source: Source, line: int) -> bool:
    """Whether marks of a template language come before a line: then the text is not meant to be read as it is."""
    return any(_TEMPLATED.search(text) for text in source.lines(1, line))
