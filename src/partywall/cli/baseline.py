"""`partywall baseline`: accept today's gaps, so that only new ones are reported."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click

from partywall import baseline, catalog, configuration
from partywall.check import check
from partywall.configuration import ConfigurationError, Settings
from partywall.report.wording import counted

DEFAULT = "partywall-baseline.json"


@click.command("baseline")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-o", "--output", default=DEFAULT, show_default=True, type=click.Path(dir_okay=False), help="Where to.")
@click.option("-c", "--config", type=click.Path(dir_okay=False), help="Use this configuration file.")
@click.option("--no-config", is_flag=True, help="Read no configuration file.")
def command(paths: tuple[str, ...], output: str, config: str | None, *, no_config: bool) -> None:
    """Write the gaps below PATHS (default: here) to a file that `partywall check --baseline` reads.

    Gaps are told apart by what they are about, not by line: the file stays good while code moves.
    """
    today = datetime.datetime.now(datetime.UTC).date()
    try:
        given = config or (None if no_config else configuration.find(paths[0] if paths else "."))
        settings = configuration.read(given) if given else Settings()
        report = check(paths or (".",), settings, catalog.rules(), today)
    except ConfigurationError as error:
        click.echo(f"partywall: {error}", err=True)
        sys.exit(2)
    made = baseline.of(report)
    try:
        Path(output).write_text(baseline.written(made), encoding="utf-8")
    except OSError as error:
        click.echo(f"partywall: {output} cannot be written: {error.strerror}", err=True)
        sys.exit(2)
    accepted = sum(sum(one.gaps.values()) for one in made.values())
    click.echo(f"{counted(accepted, 'gap')} in {counted(sum(bool(one.gaps) for one in made.values()), 'deployment')}")
