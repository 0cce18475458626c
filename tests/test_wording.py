"""Messages as they meet their reader, over all fixtures."""

from __future__ import annotations

import ast
import datetime
import re
from functools import cache
from pathlib import Path

import pytest

from partywall import catalog
from partywall.check import check
from partywall.configuration import Settings
from partywall.engine import Finding
from partywall.report.wording import instead
from tests.conftest import ROOT

_SNAKE = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
_QUOTED = re.compile(r"`([^`]+)`")
_CAMEL = re.compile(r"\b[A-Z][a-z]+[A-Za-z]*\b")

KEYS = frozenset({"access_logs", "audit_logs", "drop_invalid_header_fields"})
"""Keys of settings that are text in CloudFormation too."""

DOCUMENTS = frozenset({
    "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
    # EMR's security configuration, and options of Elastic Beanstalk
    "EncryptionConfiguration", "AtRestEncryptionConfiguration", "InTransitEncryptionConfiguration",
    "EnableAtRestEncryption", "EnableInTransitEncryption", "LocalDiskEncryptionConfiguration", "EnableEbsEncryption",
    "EncryptionKeyProviderType", "PreferredStartTime", "Protocol", "Subnets",
})  # fmt: skip
"""The words of documents that AWS defines and both dialects carry."""


@cache
def findings() -> tuple[Finding, ...]:
    settings = Settings()
    return check((str(ROOT / "fixtures" / "rules"),), settings, catalog.rules(), datetime.date(2026, 1, 1)).findings


@cache
def text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("dialect", "foreign"),
    [
        ("cloudformation", lambda said: set(_SNAKE.findall(said)) - KEYS),
        ("terraform", lambda said: {word for one in _QUOTED.findall(said) for word in _CAMEL.findall(one)} - DOCUMENTS),
    ],
)
def test_a_message_names_a_setting_as_its_author_does(dialect: str, foreign: object) -> None:
    assert callable(foreign)
    wrong = {
        (it.rule.id, said)
        for it in findings()
        if it.dialect == dialect
        for said in (it.message, *(reason.text for reason in it.because))
        if any(word not in text(it.span.path) for word in foreign(said))
    }
    assert not wrong


@pytest.mark.parametrize(
    ("dialect", "said"), [("terraform", "`storage_encrypted = true`"), ("cloudformation", "`StorageEncrypted: true`")]
)
def test_the_way_out_is_told_in_the_dialect_of_the_gap(dialect: str, said: str) -> None:
    told = {instead(it) for it in findings() if it.dialect == dialect and it.rule.id == "ENC201"}
    assert told == {f"set {said}."}


def test_code_in_brackets_is_the_spelling_of_the_other_dialect() -> None:
    ways = {
        rule.id: " ".join(rule.doc.partition("Instead:")[2].partition("\n\n")[0].split()) for rule in catalog.rules()
    }
    assert not [(name, way) for name, way in ways.items() if re.search(r"(?<!`) \(`", way)]


def test_a_fixed_reason_is_not_told_of_its_opposite() -> None:
    """What `known` says in one sentence is true whichever way it falls, or there are two."""
    wrong: list[str] = []
    for path in (*ROOT.glob("src/partywall/**/*.py"), *ROOT.glob("rules/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "known"):
                continue
            said = node.args[1] if len(node.args) > 1 else None
            if isinstance(said, ast.Constant) and said.value and not any(it.arg == "otherwise" for it in node.keywords):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong


def test_an_attribute_is_named_by_itself() -> None:
    """`Attribute.fits` names what it reads; a claim written beside it may be in the wrong dialect."""
    written = re.compile(r"\bfits\(\s*(?:self|type\(self\))\.\w+, \"")
    wrong = [path.name for path in ROOT.glob("src/partywall/aws/*.py") if written.search(path.read_text("utf-8"))]
    assert not wrong
