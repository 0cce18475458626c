"""Public configuration is read as python-hcl2 reads it, and evaluated without a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hcl2
import pytest

from partywall.source import Source
from partywall.terraform import load, roots
from partywall.terraform.reader import read_body
from partywall.terraform.syntax import Body, Literal

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not beside this checkout"),
]

EVERY = 8
"""python-hcl2 takes minutes for all files; each eighth one takes seconds."""

Entry = tuple[tuple[str, ...], object]


def _ours(body: Body, path: tuple[str, ...] = ()) -> Iterator[Entry]:
    """Every block by its path of types and labels, every argument with its value where that is a plain literal."""
    for one in body.arguments:
        yield (*path, one.name), _literal(one.expression, one.source)
    for block in body.blocks:
        inner = (*path, block.type, *block.labels)
        yield inner, "block"
        yield from _ours(block.body, inner)


def _literal(node: Any, source: Source) -> object:
    if not isinstance(node, Literal) or node.value is None:
        return None
    if isinstance(node.value, str):
        return node.value if source.text[node.start : node.end] == f'"{node.value}"' else None
    return node.value


def _theirs(body: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[Entry]:
    for key, value in body.items():
        if key in {"__is_block__", "__comments__", "__inline_comments__"}:
            continue
        if isinstance(value, list) and value and all(map(_is_block, value)):
            for block in value:
                labels = []
                while "__is_block__" not in block:
                    ((label, block),) = block.items()  # noqa: PLW2901 - one label after the other
                    labels.append(label.strip('"'))
                inner = (*path, key, *labels)
                yield inner, "block"
                yield from _theirs(block, inner)
        else:
            yield (*path, key), _plain(value)


def _is_block(value: object) -> bool:
    while isinstance(value, dict) and "__is_block__" not in value and len(value) == 1:
        (value,) = value.values()
    return isinstance(value, dict) and "__is_block__" in value


def _plain(value: object) -> object:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and value[:1] == value[-1:] == '"' and not {"$", "%", "\\"} & set(value):
        return value[1:-1]
    return None


def test_files_are_read_as_python_hcl2_reads_them() -> None:
    files = sorted(CORPUS.rglob("*.tf"))[::EVERY]
    assert len(files) > 100
    for path in files:
        text = path.read_text(encoding="utf-8")
        body, problems = read_body(Source(str(path), text))
        assert not problems, path
        ours, theirs = dict(_ours(body)), dict(_theirs(hcl2.loads(text)))
        assert ours.keys() == theirs.keys(), path
        for place, value in theirs.items():
            if value is not None and ours[place] is not None:
                assert ours[place] == value, (path, place)


def test_public_modules_are_evaluated_without_a_fault() -> None:
    found = roots(str(CORPUS))
    assert len(found) > 100
    resources = 0
    for directory in found[::EVERY]:
        deployment = load(directory, variables={}, variable_files=[], workspace=None, project=str(CORPUS))
        assert not [one for one in deployment.problems if one.kind != "note"]
        resources += len(deployment.resources)
    assert resources > 1000
