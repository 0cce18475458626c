"""TOML text as plain data."""

from __future__ import annotations

from typing import Any


class TomlError(Exception):
    """Text that is no TOML; the message is one sentence for the user."""


def read_toml(text: str) -> dict[str, Any]:
    """The table that a text spells; raises TomlError, also for what Python's reader gives up on."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(str(error)) from error
    except RecursionError as error:
        raise TomlError("values are nested too deep") from error
    except ValueError as error:
        raise TomlError("a number has too many digits") from error
