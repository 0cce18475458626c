"""No rule tells a sensitive value in its reasons: the fixtures of all rules, with all their values made sensitive."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from partywall import catalog, discover, lint
from partywall.configuration import Settings
from partywall.declared import Declared
from partywall.engine import judge
from partywall.value import Choice, Known, Setting, Unknown, each, marked, parts

DAY = datetime.date(2026, 8, 1)
SHORT = 6
"""Shorter texts may be a part of any sentence."""

NAMES = {"DB_PASSWORD"}
"""What a variable of a container is called; the fixtures' name for it."""


def _hidden(value: Setting) -> Setting:
    """A value with all that is in it made sensitive, nested blocks included, which nobody can mark in Terraform."""
    if isinstance(value, Choice):
        return replace(value, arms=each(value, _hidden))
    if isinstance(value, Known) and isinstance(value.it, tuple) and type(value.it) is tuple:
        return replace(value, it=tuple(map(_hidden, value.it)), sensitive=True)
    if isinstance(value, Known) and isinstance(value.it, Mapping) and not isinstance(value.it, dict):
        return replace(value, it={key: _hidden(one) for key, one in value.it.items()}, sensitive=True)
    return marked(value)


def _texts(declared: Declared) -> Iterator[str]:
    for value in declared.attributes.values():
        for part in parts(value):
            written = (part.it,) if isinstance(part, Known) else part.parts or () if isinstance(part, Unknown) else ()
            yield from (text for text in written if isinstance(text, str) and len(text) >= SHORT)


@pytest.fixture(scope="module")
def own_words(root: Path) -> str:
    """All that the source says: a name that AWS gave is no secret, and a rule may speak of it."""
    files = (path for top in ("src/partywall", "rules") for path in sorted((root / top).rglob("*.py")))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize("duty", ["network", "traffic", "encryption", "identity", "patching", "data", "logging"])
def test_no_reason_tells_a_sensitive_value(duty: str, root: Path, own_words: str) -> None:
    rules = catalog.rules()
    targets, _ = discover.targets([str(root / "fixtures" / "rules" / duty)], ())
    (given,) = lint.given_for(Settings())
    told = []
    for target in targets:
        with target.fenced():
            deployment = lint.load(target, given)
        assert deployment is not None
        addresses = {one.address for one in deployment.resources}
        hidden = tuple(
            replace(one, attributes={name: _hidden(value) for name, value in one.attributes.items()})
            for one in deployment.resources
            if one.type != "required_provider"  # Terraform takes literals only there.
        )
        secrets = {text for one in hidden for text in _texts(one) if text not in own_words} - addresses - NAMES
        for finding in judge(replace(deployment, resources=hidden), rules, DAY).findings:
            for reason in finding.because:
                said = reason.text
                for address in addresses:
                    said = said.replace(address, "")
                told += [(finding.rule.id, reason.text) for secret in secrets if secret in said]
    assert sorted(set(told)) == []
