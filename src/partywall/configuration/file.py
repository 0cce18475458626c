"""Finding and reading a configuration file, and the schema that editors check it by."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from partywall import source
from partywall.configuration.kind import (
    ACCOUNTS,
    BLOCKS,
    IGNORES_SCHEMA,
    LEVEL,
    LEVELS_BY_RULE,
    SHOW,
    TEXT,
    TEXTS,
    THRESHOLD,
    VALUES,
    Kind,
    ignore,
    unknown_key,
)
from partywall.configuration.settings import ConfigurationError, Inputs, Settings
from partywall.source import UnreadableError
from partywall.text.toml_text import TomlError, read_toml

FILES = ("partywall.toml", ".partywall.toml", "pyproject.toml")

INPUTS: Mapping[str, tuple[str, Kind, str]] = {
    "variables": ("variables", VALUES, "Values of Terraform variables."),
    "var-files": ("variable_files", TEXTS, "Files of Terraform variables, relative to this file; later ones win."),
    "parameters": ("parameters", VALUES, "Values of CloudFormation parameters."),
    "parameter-files": ("parameter_files", TEXTS, "Files of CloudFormation parameters, relative to this file."),
    "workspace": ("workspace", TEXT, "The Terraform workspace."),
    "region": ("region", TEXT, "The AWS region."),
    "account-id": ("account_id", TEXT, "The AWS account."),
}
"""What deployments are given, here or in an environment: key → field, kind, meaning."""

OPTIONS: Mapping[str, tuple[str, Kind, str]] = {
    "select": ("select", TEXTS, "Judge by these rules only: ids, prefixes, names or duties."),
    "ignore": ("ignore", TEXTS, "Leave these rules out; or a list of tables, each an accepted gap."),
    "extend-select": ("extend_select", TEXTS, "Add these rules to the usual ones."),
    "min-severity": ("min_severity", LEVEL, "Judge by rules of at least this severity."),
    "fail-on": ("fail_on", THRESHOLD, "End with 1 when there is a gap of at least this severity."),
    "severity": ("severity", LEVELS_BY_RULE, "Severities of your own, by rule."),
    "exclude": ("exclude", TEXTS, "Pass over matching paths."),
    "show": ("show", SHOW, "What to report."),
    "accounts": ("accounts", ACCOUNTS, "The AWS accounts that are your own, by id; all others are foreign."),
    "trusted-ranges": ("trusted_ranges", BLOCKS, "Blocks of public addresses that are your own, however wide."),
    "baseline": ("baseline", TEXT, "Report only gaps that this file does not hold."),
}


def find(start: str) -> str | None:
    """The nearest configuration file at or above a path, not beyond its repository."""
    directory = os.path.abspath(start if source.is_directory(start) else os.path.dirname(start) or ".")
    while True:
        for name in FILES:
            path = os.path.join(directory, name)
            if source.is_file(path) and (name != "pyproject.toml" or _table(path) is not None):
                return path
        parent = os.path.dirname(directory)
        if parent == directory or source.exists(os.path.join(directory, ".git")):
            return None
        directory = parent


def read(path: str) -> Settings:
    """The settings of a configuration file. Raises ConfigurationError with the place and a suggestion."""
    shown = source.display(path)
    table = _table(path)
    if table is None:
        raise ConfigurationError(f"{shown}: there is no [tool.partywall]")
    changes: dict[str, Any] = {"origin": shown}
    inputs: dict[str, object] = {}
    for key, value in table.items():
        if key == "ignore" and isinstance(value, list) and value and isinstance(value[0], dict):
            changes["ignores"] = tuple(ignore(one, shown) for one in value)
        elif key == "environments":
            changes["environments"] = _environments(value, path)
        elif key in INPUTS:
            inputs[key] = value
        elif key in OPTIONS:
            field, kind, _ = OPTIONS[key]
            changes[field] = kind.read(value, f"{shown}: {key}")
        else:
            raise unknown_key(key, (*OPTIONS, *INPUTS, "environments"), shown)
    return Settings(inputs=_inputs(inputs, path, shown), **changes)


def _environments(value: object, path: str) -> dict[str, Inputs]:
    place = f"{source.display(path)}: environments"
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        raise ConfigurationError(f"{place} must be tables, as in [environments.prod]")
    return {name: _inputs(one, path, f"{place}.{name}") for name, one in value.items()}


def _inputs(table: Mapping[str, object], path: str, place: str) -> Inputs:
    changes: dict[str, Any] = {}
    for key, value in table.items():
        if key not in INPUTS:
            raise unknown_key(key, INPUTS, place)
        field, kind, _ = INPUTS[key]
        changes[field] = kind.read(value, f"{place}: {key}")
    here = os.path.dirname(path)
    for field in ("variable_files", "parameter_files"):
        changes[field] = tuple(os.path.relpath(os.path.join(here, name) or ".") for name in changes.get(field, ()))
    return Inputs(**changes)


def _table(path: str) -> dict[str, Any] | None:
    shown = source.display(path)
    try:
        table = read_toml(source.read(path).text)
    except TomlError as error:
        if path.endswith("pyproject.toml"):
            return None
        raise ConfigurationError(f"{shown}: {error}") from error
    except UnreadableError as error:
        raise ConfigurationError(f"{shown} {error}") from error
    if not path.endswith("pyproject.toml"):
        return table
    tools = table.get("tool")
    own = tools.get("partywall") if isinstance(tools, dict) else None
    return own if isinstance(own, dict) else None


def schema() -> dict[str, object]:
    """The JSON Schema (draft 2020-12) of a configuration file."""
    inputs = {key: {**kind.schema, "description": said} for key, (_, kind, said) in INPUTS.items()}
    options = {key: {**kind.schema, "description": said} for key, (_, kind, said) in OPTIONS.items()}
    options["ignore"] = {"description": OPTIONS["ignore"][2], "anyOf": [TEXTS.schema, IGNORES_SCHEMA]}
    environment = {"type": "object", "properties": inputs, "additionalProperties": False}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "partywall.toml",
        "description": "Settings of partywall, a static linter for AWS infrastructure code.",
        "type": "object",
        "properties": {
            **options,
            **inputs,
            "environments": {
                "description": "Inputs by name; every deployment is judged in each.",
                "type": "object",
                "additionalProperties": environment,
            },
        },
        "additionalProperties": False,
    }
