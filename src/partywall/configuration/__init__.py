"""Settings from `partywall.toml`, `.partywall.toml` or `[tool.partywall]` in `pyproject.toml`: the nearest wins."""

from partywall.configuration.file import find, read, schema
from partywall.configuration.kind import severity
from partywall.configuration.selection import chosen, matching
from partywall.configuration.settings import SHOWN, ConfigurationError, Ignore, Inputs, Settings

__all__ = [
    "SHOWN",
    "ConfigurationError",
    "Ignore",
    "Inputs",
    "Settings",
    "chosen",
    "find",
    "matching",
    "read",
    "schema",
    "severity",
]
