"""`partywall ledger`: whose side of the wall, for everything that is about to be deployed."""

from __future__ import annotations

import datetime
import importlib
import sys
from dataclasses import replace
from typing import Any

import click

from partywall.check import check
from partywall.cli import output, progress
from partywall.cli.catalogue import folders, loaded
from partywall.cli.inputs import inputs, settings_of
from partywall.cli.means import means, means_of
from partywall.configuration import ConfigurationError
from partywall.ledger import ledger
from partywall.report.wording import problem_line

FORMATS = ("text", "json", "markdown", "html")


@click.command("ledger")
@click.argument("paths", nargs=-1, type=click.Path())
@output.printed(FORMATS)
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="End with 1 when less is met.")
@inputs
@means
@folders
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Say who owes what below PATHS (default: here): AWS's side, duties met, open and unknown, and work left to people.

    --fail-under looks at what is decided: met duties as a share of met and open ones.
    """
    try:
        settings = replace(settings_of(paths, options), select=("ALL",), ignore=(), extend_select=(), min_severity=None)
        with progress.bar(wanted=not options["no_progress"]) as told:
            today = datetime.datetime.now(datetime.UTC).date()
            report = check(
                paths or (".",), settings, loaded(options["folders"]), today, progress=told, means=means_of(options)
            )
    except ConfigurationError as error:
        click.echo(f"partywall: {error}", err=True)
        sys.exit(2)
    if not report.deployments:
        click.echo("partywall: nothing to lint was found", err=True)
        sys.exit(3)
    made = ledger(report)
    style = output.style_of(options["color"], terminal=not options["path"] and sys.stdout.isatty())
    room = "partywall.page.ledger" if options["form"] == "html" else f"partywall.ledger.{options['form']}"
    content = importlib.import_module(room).render(made, style)
    output.put(content, options["path"], style)
    broken = [it for it in report.problems if it.kind != "note"]
    for problem in broken:
        click.echo(problem_line(problem, style), err=True)
    under = options["fail_under"] is not None and made.share is not None and made.share < options["fail_under"]
    sys.exit(2 if broken else 1 if under else 0)
