"""`partywall baseline`: accept today's gaps, so that only new ones are reported."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import click

from partywall import baseline
from partywall.check import check
from partywall.cli.catalogue import folders, loaded
from partywall.cli.inputs import inputs, settings_of
from partywall.configuration import ConfigurationError
from partywall.report.wording import counted

DEFAULT = "partywall-baseline.json"


@click.command("baseline")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-o", "--output", default=DEFAULT, show_default=True, type=click.Path(dir_okay=False), help="Where to.")
@inputs
@folders
def command(paths: tuple[str, ...], output: str, **options: Any) -> None:
    """Write the gaps below PATHS (default: here) to a file that `partywall check --baseline` reads.

    Gaps are told apart by what they are about, not by line: the file stays good while code moves.
    """
    today = datetime.datetime.now(datetime.UTC).date()
    try:
        settings = settings_of(paths, options)
        report = check(paths or (".",), settings, loaded(options["folders"]), today)
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
