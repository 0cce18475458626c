"""The rules a command works with, those of the user's own included."""

from __future__ import annotations

import sys

import click

from partywall import catalog
from partywall.cache import NOTHING, Cache
from partywall.catalog import CatalogError
from partywall.rule import Rule

folders = click.option(
    "--rules",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False),
    help="Add rules of your own; the Python files in the folder are run.",
)
"""The option that names folders; no configuration file can, since a stranger's pull request could bring one."""


def loaded(places: tuple[str, ...], kept: Cache = NOTHING) -> tuple[Rule, ...]:
    """All rules; ends with 2 and one sentence where some cannot be loaded."""
    try:
        return catalog.rules(places, kept)
    except CatalogError as error:
        click.echo(f"partywall: {error}", err=True)
        sys.exit(2)
