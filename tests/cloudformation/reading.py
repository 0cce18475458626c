"""Small templates, read and evaluated, and values in a form that is easy to compare."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from partywall import cloudformation
from partywall.cloudformation.surroundings import Surroundings
from partywall.declared import Declared, Deployment
from partywall.value import Choice, Setting, Unknown


def load(
    directory: Path,
    text: str,
    parameters: Mapping[str, str] | None = None,
    *,
    name: str = "a.yaml",
    surroundings: Surroundings | None = None,
) -> Deployment:
    """A template written to a directory, which is its project, and loaded."""
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    made = cloudformation.load(
        str(path), parameters=parameters or {}, surroundings=surroundings or Surroundings(str(directory))
    )
    assert made is not None, "no template"
    return made


def resource(deployment: Deployment, address: str) -> Declared:
    (found,) = (it for it in deployment.resources if it.address == address)
    return found


def told(value: Setting) -> object:
    """A value in plain data: `?why` for the unknown, or its pieces; `{by variable: {option: value}}` for a choice."""
    if isinstance(value, Choice):
        return {f"by {value.variable}": {option: told(arm) for option, arm in value.arms}}
    if isinstance(value, Unknown):
        if value.parts is not None and any(value.parts):
            return "".join("?" if part is None else part for part in value.parts)
        return f"?{value.why}"
    if isinstance(value.it, tuple):
        return [told(item) for item in value.it]
    if isinstance(value.it, Mapping):
        return {key: told(item) for key, item in value.it.items()}
    return value.it


def messages(deployment: Deployment) -> list[str]:
    """The problems as `line: message`."""
    return [f"{it.span.line}: {it.message}" for it in deployment.problems]
