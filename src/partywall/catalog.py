"""Finds the rules by looking, so that no list of them is kept."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from partywall.rule import RULES, Rule


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule that ships, by id."""
    package = importlib.import_module("partywall.rules")
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(found.name)
    return tuple(RULES[id_] for id_ in sorted(RULES))
