"""The tables of facts that ship beside this package."""

from __future__ import annotations

import json
import pkgutil
from functools import cache
from typing import Any


@cache
def table(name: str) -> Any:
    """What `data/NAME.json` holds; raises FileNotFoundError where there is no such table."""
    # importlib.resources would do, and cost more to import than most tables cost to read.
    data = pkgutil.get_data(__package__, f"data/{name}.json")
    assert data is not None
    return json.loads(data)
