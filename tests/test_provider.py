"""Which provider is at work, as far as the sources tell."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import terraform
from partywall.aws.provider import provider_is_at_least
from partywall.graph import Graph, View

LOCK = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "%s"\n}\n'


def _view(directory: Path) -> View:
    deployment = terraform.load(str(directory), variables={}, variable_files=(), workspace=None)
    return View(Graph(deployment), {}, datetime.date(2026, 11, 1))


def _asking(version: str) -> str:
    source = f'{{ source = "hashicorp/aws", version = "{version}", configuration_aliases = [aws.other] }}'
    return f"terraform {{\n  required_providers {{\n    aws = {source}\n  }}\n}}\n"


@pytest.mark.parametrize(
    ("version", "answer"),
    [
        ("~> 6.0", "yes"),
        (">= 6.12", "yes"),
        ("6.1.0", "yes"),
        ("~> 5.0", "no"),
        ("~> 5.31.0", "no"),
        ("= 5.100.0", "no"),
        (">= 4.0, < 6.0.0", "no"),
        ("<= 5.99", "no"),
        ("< 6.1", "unknown"),
        (">= 5.0", "unknown"),
        ("~> 5", "unknown"),
        ("> 5.0, != 5.3", "unknown"),
    ],
)
def test_a_constraint_tells_the_major_version_or_leaves_it_open(version: str, answer: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(_asking(version), encoding="utf-8")
    assert provider_is_at_least(_view(tmp_path), 6).state.value == answer


def test_without_a_constraint_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("locals {}\n", encoding="utf-8")
    assert provider_is_at_least(_view(tmp_path), 6).state.value == "unknown"


def test_the_lock_file_settles_an_open_constraint(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(_asking(">= 5.0"), encoding="utf-8")
    (tmp_path / ".terraform.lock.hcl").write_text(LOCK % "5.31.0", encoding="utf-8")
    assert provider_is_at_least(_view(tmp_path), 6).state.value == "no"


def test_a_module_decides_for_its_caller(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('module "store" {\n  source = "./store"\n}\n', encoding="utf-8")
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "main.tf").write_text(_asking("~> 6.4"), encoding="utf-8")
    assert provider_is_at_least(_view(tmp_path), 6).state.value == "yes"


def test_former_short_constraints_and_other_providers(tmp_path: Path) -> None:
    source = 'terraform {\n  required_providers {\n    random = "~> 6.0"\n    aws = "~> 3.0"\n  }\n}\n'
    (tmp_path / "main.tf").write_text(source, encoding="utf-8")
    assert provider_is_at_least(_view(tmp_path), 6).state.value == "no"
