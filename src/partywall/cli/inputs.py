"""What several commands are told alike: which files, with which values for their variables."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import click

from partywall import configuration
from partywall.configuration import Inputs, Settings

C = TypeVar("C", bound=Callable[..., Any])

_OPTIONS = (
    click.option("-c", "--config", type=click.Path(dir_okay=False), help="Use this configuration file."),
    click.option("--no-config", is_flag=True, help="Read no configuration file."),
    click.option("--exclude", multiple=True, metavar="PATTERN", help="Pass over matching paths."),
    click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="Set a Terraform variable."),
    click.option(
        "--var-file", "variable_files", multiple=True, type=click.Path(), help="Read Terraform variables from a file."
    ),
    click.option(
        "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="Set a CloudFormation parameter."
    ),
    click.option(
        "--parameter-file",
        "parameter_files",
        multiple=True,
        type=click.Path(),
        help="Read CloudFormation parameters from a file.",
    ),
    click.option(
        "--tf-env", is_flag=True, help="Let TF_VAR_... and TF_WORKSPACE of the environment count, as Terraform does."
    ),
    click.option("--workspace", help="The Terraform workspace."),
    click.option("--region", help="The AWS region."),
    click.option("--account-id", help="The AWS account."),
)


def inputs(command: C) -> C:
    """Give a command the options that say what is read and how."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def settings_of(paths: tuple[str, ...], options: Mapping[str, Any]) -> Settings:
    """The configuration nearest to the input, with what was typed laid over it. Raises ConfigurationError."""
    given = options["config"] or (None if options["no_config"] else configuration.find(paths[0] if paths else "."))
    settings = configuration.read(given) if given else Settings()
    typed = Inputs(
        _pairs(options["variables"], "--var"),
        tuple(options["variable_files"]),
        _pairs(options["parameters"], "--parameter"),
        tuple(options["parameter_files"]),
        options["workspace"] or (os.environ.get("TF_WORKSPACE") if options["tf_env"] else None),
        options["region"],
        options["account_id"],
        _environment() if options["tf_env"] else {},
    )
    environments = {name: typed.over(one) for name, one in settings.environments.items()}
    settings = replace(settings, inputs=typed.over(settings.inputs), environments=environments)
    return replace(settings, exclude=words(options["exclude"])) if options["exclude"] else settings


def _environment() -> dict[str, str]:
    """Values of Terraform variables; off unless asked for, so that the same tree gives the same report everywhere."""
    return {name[7:]: text for name, text in sorted(os.environ.items()) if name.startswith("TF_VAR_")}


def words(value: tuple[str, ...]) -> tuple[str, ...]:
    """The words of an option that may be given several times, and several at once with commas."""
    return tuple(word.strip() for one in value for word in one.split(",") if word.strip())


def _pairs(value: tuple[str, ...], option: str) -> dict[str, str]:
    out = {}
    for one in value:
        name, equals, text = one.partition("=")
        if not equals:
            raise click.UsageError(f"{option} needs NAME=VALUE, not {one!r}")
        out[name] = text
    return out
