"""The settings in force, for people who wonder."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import asdict, replace

from partywall.aws.secret import form_of, is_secret_name
from partywall.configuration.settings import Ignore, Inputs, Settings
from partywall.rule import Severity
from partywall.value import SENSITIVE


def written(settings: Settings, open_inputs: Container[str] = ()) -> str:
    """The settings in force, a line each, as TOML would have them; what stands in a log must tell no secret.

    The value of a variable or parameter is told only if it is one of `open_inputs`, which the sources declare without a
    mark, and neither its name nor its form says that it is a secret. Of variables from the process's environment only
    the names are told: whoever started the process put other things there too.
    """
    lines = [f"# {settings.origin or 'no configuration file'}"]
    hidden = {"origin", "inputs", "environment"}
    inputs = _covered(settings.inputs, open_inputs)
    environments = {name: _covered(one, open_inputs) for name, one in settings.environments.items()}
    settings = replace(settings, environments=environments)
    values = {name: getattr(settings, name) for name in settings.__dataclass_fields__} | asdict(inputs)
    for name, value in ((name, value) for name, value in values.items() if name not in hidden):
        key = {"variable_files": "var-files"}.get(name, name.replace("_", "-"))
        plain = "none" if name == "fail_on" and value is None else _plain(value)
        lines.append(f"{key} = {json.dumps(plain)}" if plain or name == "show" else f"# {key} is not set")
    if inputs.environment:
        lines.append(f"# variables from the environment: {', '.join(sorted(inputs.environment))}")
    return "\n".join(lines) + "\n"


def _covered(inputs: Inputs, open_inputs: Container[str]) -> Inputs:
    def told(name: str, value: str) -> str:
        secret = name not in open_inputs or is_secret_name(name) or form_of(value) is not None
        return SENSITIVE if secret else value

    variables = {name: told(name, value) for name, value in inputs.variables.items()}
    parameters = {name: told(name, value) for name, value in inputs.parameters.items()}
    return replace(inputs, variables=variables, parameters=parameters)


def _plain(value: object) -> object:
    if isinstance(value, Severity):
        return value.label
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Inputs | Ignore):
        return {key: _plain(one) for key, one in asdict(value).items() if one and key != "environment"}
    return value if isinstance(value, str | None) else str(value)
