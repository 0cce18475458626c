"""`partywall graph`: what is declared, and what refers to what."""

from __future__ import annotations

import datetime
import importlib
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import click

from partywall.check import check
from partywall.cli import output, progress
from partywall.cli.catalogue import folders, loaded
from partywall.cli.deployments import deployments, drawings
from partywall.cli.inputs import inputs, settings_of
from partywall.cli.means import means, means_of
from partywall.configuration import ConfigurationError
from partywall.drawing import drawing
from partywall.problem import Problem
from partywall.report.style import Style
from partywall.report.wording import problem_line

FORMATS = ("text", "json", "dot", "mermaid", "html")
DONE, WRONG, NOTHING = 0, 2, 3


@click.command("graph")
@click.argument("paths", nargs=-1, type=click.Path())
@output.printed(FORMATS)
@inputs
@means
@folders
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Draw the resources below PATHS (default: here) and the references between them.

    The page (html) shows the findings of the usual rules too. Ends with 0, with 2 when something could not be read, and
    with 3 when there was nothing to draw.
    """
    style = output.style_of(options["color"], terminal=not options["path"] and sys.stdout.isatty())
    try:
        if options["form"] == "html":
            sys.exit(_page(paths or (".",), style, options))
        sys.exit(_drawn(paths or (".",), style, options))
    except ConfigurationError as error:
        click.echo(f"partywall: {error}", err=True)
        sys.exit(WRONG)


def _drawn(paths: tuple[str, ...], style: Style, options: dict[str, Any]) -> int:
    found = list(deployments(paths, settings_of(paths, options)))
    if not found:
        return _nothing()
    drawn = [drawing(deployment, environment) for deployment, environment in found]
    content = importlib.import_module(f"partywall.report.graph.{options['form']}").render(drawn, style)
    output.put(content, options["path"], style)
    return _told((it for deployment, _ in found for it in deployment.problems), style)


def _page(paths: tuple[str, ...], style: Style, options: dict[str, Any]) -> int:
    """The drawing with what is known about everything in it."""
    from partywall.page import graph as page

    today = datetime.datetime.now(datetime.UTC).date()
    settings = settings_of(paths, options)
    with progress.bar(wanted=not options["no_progress"]) as told:
        report = check(paths, settings, loaded(options["folders"]), today, progress=told, means=means_of(options))
    if not report.deployments:
        return _nothing()
    output.put(page.render(replace(report, drawings=drawings(paths, settings, today))), options["path"], style)
    return _told(report.problems, style)


def _nothing() -> int:
    click.echo("partywall: nothing to draw was found", err=True)
    return NOTHING


def _told(problems: Iterable[Problem], style: Style) -> int:
    """Say what could not be read, and how the command ends."""
    broken = dict.fromkeys(it for it in problems if it.kind != "note")
    for problem in broken:
        click.echo(problem_line(problem, style), err=True)
    return WRONG if broken else DONE
