"""`partywall rules`: the catalogue."""

from __future__ import annotations

import sys

import click

from partywall import configuration
from partywall.cli.catalogue import folders, loaded
from partywall.configuration import ConfigurationError
from partywall.rule import Rule


@click.command("rules")
@click.argument("words", nargs=-1)
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", help="How to print it."
)
@folders
def command(words: tuple[str, ...], form: str, folders: tuple[str, ...]) -> None:
    """List the rules, or those that WORDS (ids, prefixes, names, duties) mean."""
    rules = loaded(folders)
    if words:
        settings = configuration.Settings(select=words)
        try:
            rules = configuration.chosen(settings, rules)
        except ConfigurationError as error:
            click.echo(f"partywall: {error}", err=True)
            sys.exit(2)
    if form == "json":
        from partywall.report import json

        click.echo(json.catalogue(rules), nl=False)
    elif form == "markdown":
        click.echo(_markdown(rules), nl=False)
    else:
        for rule in rules:
            click.echo(f"{rule.id}  {rule.severity.label:<8}  {rule.title}")


def _markdown(rules: tuple[Rule, ...]) -> str:
    lines = ["| rule | severity | duty | title | equivalents |", "| --- | --- | --- | --- | --- |"]
    for rule in rules:
        same = ", ".join(rule.same_as)
        lines.append(f"| {rule.id} `{rule.name}` | {rule.severity.label} | {rule.duty} | {rule.title} | {same} |")
    return "\n".join(lines) + "\n"
