"""What tests write: expressions in a scope with a few names, and whole directories of configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from partywall.declared import Declared, Deployment
from partywall.source import Source
from partywall.terraform import load
from partywall.terraform.conversion import set_of
from partywall.terraform.evaluation import evaluate
from partywall.terraform.reader import read_expression
from partywall.terraform.scope import Scope
from partywall.terraform.variable import Constants
from partywall.value import CREATED, Known, Reference, Setting, Unknown

UNKNOWN: Unknown[object] = Unknown("nobody knows", references=(Reference("aws_x.y", "id"),))

NAMES: Mapping[str, Setting] = {
    "u": UNKNOWN,
    "secret": Known("hush", sensitive=True),
    "half": Known((Known("a"), UNKNOWN)),
    "object": Known({"name": Known("n"), "id": UNKNOWN}),
    "texts": Known(set_of([Known("b"), Known("a"), Known("b")])),
    "created": Unknown(CREATED, references=(Reference("aws_x.y", "arn"),)),
    "partly": Unknown("nobody knows", parts=("arn:aws:s3:::", None, "/*")),
}


def value(text: str, directory: str = ".") -> Setting:
    """The value of an expression; raises EvaluationError and HclError."""
    source = Source("test.tf", text)
    return evaluate(read_expression(source), Scope(source, Constants(directory), NAMES))


def shape(found: Setting) -> object:
    """A value as ordinary Python, with "?" for what is not known and a list of pieces for partly known text."""
    if isinstance(found, Known):
        it = found.it
        if isinstance(it, tuple):
            return [shape(item) for item in it]
        if isinstance(it, Mapping):
            return {key: shape(it[key]) for key in it}
        return it
    if isinstance(found, Unknown):
        return "?" if found.parts is None else "".join("?" if part is None else part for part in found.parts)
    return {f"{found.variable} is {option}": shape(arm) for option, arm in found.arms}


def write(directory: Path, files: Mapping[str, str]) -> None:
    """Files of a project by their path."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def deployment(
    directory: Path,
    files: Mapping[str, str] | str,
    *,
    root: str = ".",
    variables: Mapping[str, str] | None = None,
    variable_files: Sequence[str] = (),
    workspace: str | None = None,
) -> Deployment:
    """What a project deploys; a single text is `main.tf`."""
    write(directory, {"main.tf": files} if isinstance(files, str) else files)
    return load(
        str(directory / root),
        variables=variables or {},
        variable_files=[str(directory / name) for name in variable_files],
        workspace=workspace,
        project=str(directory),
    )


def messages(found: Deployment) -> list[str]:
    """The problems met, with file and line."""
    return [f"{Path(one.span.path).name}:{one.span.line}: {one.message}" for one in found.problems]


def resources(found: Deployment) -> dict[str, Declared]:
    """Resources and data sources by address."""
    return {one.address: one for one in found.resources if "_" in one.type}


def attributes(found: Deployment, address: str) -> dict[str, object]:
    """What is written for one declaration."""
    (one,) = (one for one in found.resources if one.address == address)
    return {name: shape(setting) for name, setting in one.attributes.items()}


def output(found: Deployment, name: str) -> object:
    """The value of an output of the root module."""
    return attributes(found, f"output.{name}")["value"]
