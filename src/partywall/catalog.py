"""Finds the rules by looking, so that no list of them is kept."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from partywall.rule import RULES, Rule

ENTRY_POINTS = "partywall.rules"
"""The group in which installed packages name modules of rules of their own."""


class CatalogError(Exception):
    """Rules that cannot be loaded; the message is one sentence with the file or package."""


@cache
def rules(folders: tuple[str, ...] = ()) -> tuple[Rule, ...]:
    """Every rule, by id: those that ship, those of installed packages, and those in some folders.

    A folder's files are run, so only the user may name one. Raises CatalogError for rules that cannot be loaded.
    """
    package = importlib.import_module("partywall.rules")
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(found.name)
    _load_installed()
    for folder in folders:
        _load_folder(folder)
    return tuple(RULES[id_] for id_ in sorted(RULES))


def _load_installed() -> None:
    for name, value in _entry_points():
        try:
            importlib.import_module(value.partition(":")[0])
        except Exception as error:
            raise CatalogError(f"the rules of {name} cannot be loaded: {error}") from error


def _entry_points() -> Iterator[tuple[str, str]]:
    """Names and modules of the group; read off the metadata files, since asking for them costs an import of 10 ms."""
    for place in sys.path:
        for metadata in sorted(Path(place).glob("*.dist-info/entry_points.txt")) if place else ():
            text = metadata.read_text(encoding="utf-8")
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
