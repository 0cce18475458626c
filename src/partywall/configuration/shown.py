"""The settings in force, for people who wonder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from partywall.configuration.settings import Ignore, Inputs, Settings
from partywall.rule import Severity


def written(settings: Settings) -> str:
    """The settings in force, a line each, as TOML would have them."""
    lines = [f"# {settings.origin or 'no configuration file'}"]
    hidden = {"origin", "inputs", "environment"}
    values = {name: getattr(settings, name) for name in settings.__dataclass_fields__} | asdict(settings.inputs)
    for name, value in ((name, value) for name, value in values.items() if name not in hidden):
        key = {"variable_files": "var-files"}.get(name, name.replace("_", "-"))
        plain = "none" if name == "fail_on" and value is None else _plain(value)
        lines.append(f"{key} = {json.dumps(plain)}" if plain or name == "show" else f"# {key} is not set")
    return "\n".join(lines) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, Severity):
        return value.label
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Inputs | Ignore):
        return {key: _plain(one) for key, one in asdict(value).items() if one}
    return value if isinstance(value, str | None) else str(value)
