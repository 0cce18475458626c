"""The pytest plugin for rules of one's own: their fixtures are collected as tests.

# conftest.py
pytest_plugins = ["partywall.hosts.pytest"]

# pyproject.toml
[tool.pytest.ini_options]
partywall_rules = ["rules"]
partywall_fixtures = ["fixtures"]
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from partywall import catalog
from partywall.fixture import STEMS, SUFFIXES, Case, cases, faults


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two settings: where rules are, and where their fixtures are."""
    parser.addini("partywall_rules", "folders of Python files with rules", type="paths", default=[])
    parser.addini("partywall_fixtures", "folders of fixtures for rules", type="paths", default=[])


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A template in a folder of fixtures is a test."""
    folders: list[Path] = parent.config.getini("partywall_fixtures")
    wanted = file_path.suffix in SUFFIXES and file_path.stem in STEMS
    if wanted and any(folder in file_path.parents for folder in folders):
        return _Fixture.from_parent(parent, path=file_path)
    return None


class _Fixture(pytest.File):
    def collect(self) -> Iterable[pytest.Item]:
        folders = tuple(str(folder) for folder in self.config.getini("partywall_rules"))
        for case in cases(self.path.parent, catalog.rules(folders)):
            if case.path == self.path:
                item = _Item.from_parent(self, name=case.rule.name)
                item.case = case
                yield item


class _Item(pytest.Item):
    case: Case

    def runtest(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            found = faults(self.case, Path(directory), datetime.datetime.now(datetime.UTC).date())
        if found:
            pytest.fail("\n".join(found), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.case.rule.id} {self.case.path.name}"
