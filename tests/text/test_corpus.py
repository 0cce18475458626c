"""The readers on public templates: the same data as PyYAML and json, and every scalar where its span says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from partywall import source
from partywall.cloudformation import detect
from partywall.source import Source
from partywall.text.node import Scalar, TextError, children
from tests.text.test_yaml_text import at, plain

CORPUS = Path(__file__).parent.parent.parent.parent / "shared" / "corpus"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not beside this checkout"),
]


class _Texts(yaml.CSafeLoader):
    """PyYAML with tags left out and scalars as they are written."""


def _construct(loader: Any, _: str, node: Any) -> object:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)


_Texts.add_multi_constructor("!", _construct)
_Texts.add_multi_constructor("tag:yaml.org,2002:", _construct)
for _kind in ("int", "float", "bool", "null", "timestamp", "str", "binary"):
    _Texts.add_constructor(f"tag:yaml.org,2002:{_kind}", lambda _, node: node.value)


def _templates() -> list[Source]:
    found = []
    for path in sorted(CORPUS.rglob("*")):
        if path.suffix in (".yaml", ".yml", ".json", ".template") and path.is_file():
            try:
                text = source.read(str(path))
            except source.UnreadableError:
                continue
            if detect.sniff(text):
                found.append(text)
    return found


def _texts(data: object) -> object:
    """Data with scalars as text, the way both sides can be compared."""
    if isinstance(data, dict):
        return {str(key): _texts(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_texts(item) for item in data]
    return data if isinstance(data, str) else json.dumps(data)


def test_public_templates() -> None:
    templates = _templates()
    assert len(templates) > 300
    for text in templates:
        try:
            document = detect.parse(text)
        except TextError:
            continue
        if not document.repeated:
            _compare(text, plain(document.root))
        pending = [document.root]
        while pending:
            node = pending.pop()
            pending.extend(children(node))
            if isinstance(node, Scalar) and isinstance(node.value, str):
                _place(text, node)


def _compare(text: Source, ours: object) -> None:
    if detect.is_json(text):
        assert _texts(ours) == _texts(json.loads(text.text)), text.path
    elif "&" not in text.text:
        wanted = yaml.load(text.text, Loader=_Texts)
        folded = _texts(ours)
        assert _lower(folded) == _lower(wanted), text.path


def _lower(data: object) -> object:
    """Flags and nulls are written in several ways."""
    if isinstance(data, dict):
        return {key: _lower(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_lower(item) for item in data]
    word = str(data)
    return "null" if word in ("", "~") else word.lower()


def _place(text: Source, node: Scalar) -> None:
    written = at(text.text, node)
    if detect.is_json(text):
        assert json.loads(written) == node.value, node.span
    elif "\n" not in written:
        assert str(getattr(yaml.compose(written, Loader=yaml.CSafeLoader), "value", None)) == node.value, node.span
    else:
        first = written.split("\n", 1)[1].strip()[:20]
        assert first.split("\n")[0] in str(node.value) or node.tag or written[0] in "\"'>", node.span
