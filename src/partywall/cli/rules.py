"""`partywall rules`: the catalogue."""

from __future__ import annotations

import sys
from pathlib import Path

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
@click.option(
    "-o", "--output", type=click.Path(file_okay=False), help="With markdown: write a page for each rule here."
)
@click.option("--fixtures", type=click.Path(exists=True, file_okay=False), help="With pages: where examples are from.")
@folders
def command(
    words: tuple[str, ...], form: str, output: str | None, fixtures: str | None, folders: tuple[str, ...]
) -> None:
    """List the rules, or those that WORDS (ids, prefixes, names, duties) mean."""
    rules = loaded(folders)
    if words:
        try:
            rules = configuration.chosen(configuration.Settings(select=words), rules)
        except ConfigurationError as error:
            click.echo(f"partywall: {error}", err=True)
            sys.exit(2)
    if form == "json":
        from partywall.report import json

        click.echo(json.catalogue(rules), nl=False)
    elif form == "markdown":
        from partywall.report import rule_page

        if output:
            _pages(rules, Path(output), Path(fixtures) if fixtures else None)
        else:
            click.echo(rule_page.index(rules), nl=False)
    else:
        for rule in rules:
            click.echo(f"{rule.id}  {rule.severity.label:<8}  {rule.title}")


def _pages(rules: tuple[Rule, ...], directory: Path, fixtures: Path | None) -> None:
    """An index and a page for each rule; pages of rules that are gone go too."""
    from partywall.fixture import cases
    from partywall.report import rule_page

    examples: dict[str, dict[str, str]] = {rule.id: {} for rule in rules}
    for case in cases(fixtures, rules) if fixtures else ():
        examples[case.rule.id][case.path.name] = case.path.read_text(encoding="utf-8")
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("*.md"):
        old.unlink()
    (directory / "README.md").write_text(rule_page.index(rules), encoding="utf-8")
    for rule in rules:
        (directory / f"{rule.id}.md").write_text(rule_page.page(rule, examples[rule.id]), encoding="utf-8")
