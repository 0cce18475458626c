"""Finds the rules by looking, so that no list of them is kept."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Iterator
from functools import cache, partial

import partywall
from partywall.cache import NOTHING, Cache, Data
from partywall.rule import RULES, Body, Rule, Severity

OURS = "partywall.rules"
"""The package of the rules that ship."""

ENTRY_POINTS = "partywall.rules"
"""The group in which installed packages name modules of rules of their own."""


class CatalogError(Exception):
    """Rules that cannot be loaded; the message is one sentence with the file or package."""


@cache
def rules(folders: tuple[str, ...] = (), kept: Cache = NOTHING) -> tuple[Rule, ...]:
    """Every rule, by id: those that ship, those of installed packages, and those in some folders.

    A folder's files are run, so only the user may name one. What is said of the rules that ship may be `kept` from
    earlier runs; then a rule's module is imported when its body is asked for. Raises CatalogError for rules that cannot
    be loaded.
    """
    if kept.directory and not folders and next(_entry_points(), None) is None:
        with contextlib.suppress(TypeError, ValueError):  # of a broken entry, which is no entry
            rows = kept.through(lambda: [_row(it) for it in rules()], "rules", stamp())
            return tuple(_from_row(row) for row in rows)
    package = importlib.import_module(OURS)
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(found.name)
    _load_installed()
    for folder in folders:
        _load_folder(folder)
    return tuple(RULES[id_] for id_ in sorted(RULES))


@cache
def stamp() -> tuple[tuple[str, int], ...]:
    """What tells our own code apart where the version does not, which is in a checkout: its files and their ages."""
    top = os.path.dirname(partywall.__file__)
    if "site-packages" in top:
        return ()
    tops = (top, *importlib.import_module(OURS).__path__)
    files = {os.path.join(place, name) for one in tops for place, _, names in os.walk(one) for name in names}
    return tuple((path, os.stat(path).st_mtime_ns) for path in sorted(files) if not path.endswith(".pyc"))


def _row(rule: Rule) -> Data:
    return [
        rule.id, rule.name, int(rule.severity), list(rule.same_as), rule.fixable, rule.service,
        {dialect: list(types) for dialect, types in rule.resources.items()}, rule.doc, list(rule.covered_by),
        rule.secret, rule.module,
    ]  # fmt: skip


def _from_row(row: Data) -> Rule:
    id_, name, severity, same_as, fixable, service, types, doc, covered_by, secret, module = row
    if not module.startswith(f"{OURS}."):
        raise ValueError(f"{module} is none of our modules")
    resources = {dialect: tuple(names) for dialect, names in types.items()}
    return Rule(
        id_, name, Severity(severity), tuple(same_as), fixable, service, resources, doc, tuple(covered_by),
        secret, module, partial(_body, module, id_),
    )  # fmt: skip


@cache
def _body(module: str, id_: str) -> Body:
    importlib.import_module(module)
    return RULES[id_].body()


def _load_installed() -> None:
    for name, value in _entry_points():
        try:
            importlib.import_module(value.partition(":")[0])
        except Exception as error:
            raise CatalogError(f"the rules of {name} cannot be loaded: {error}") from error


def _entry_points() -> Iterator[tuple[str, str]]:
    """Names and modules of the group; read off the metadata files, since asking for them costs an import of 10 ms."""
    for place in filter(os.path.isdir, sys.path):
        for name in sorted(os.listdir(place)):
            path = os.path.join(place, name, "entry_points.txt")
            if name.endswith(".dist-info") and os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    text = file.read()
                if ENTRY_POINTS in text:
                    yield from _group(text)


def _group(text: str) -> Iterator[tuple[str, str]]:
    from configparser import ConfigParser

    parser = ConfigParser(delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    if parser.has_section(ENTRY_POINTS):
        yield from parser.items(ENTRY_POINTS)


def _load_folder(folder: str) -> None:
    from pathlib import Path  # Its import is for those who have such folders.

    place = Path(folder)
    files = sorted(path for path in place.rglob("*.py") if path.name != "__init__.py")
    if not files:
        raise CatalogError(f"{folder} holds no Python files with rules")
    for path in files:
        name = f"partywall_rules_of_yours.{'.'.join(path.relative_to(place).with_suffix('').parts)}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise CatalogError(f"{path} cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise CatalogError(f"{path} cannot be loaded: {type(error).__name__}: {error}") from error
