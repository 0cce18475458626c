"""`partywall graph`: what is declared, and what refers to what."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from partywall.cli import output
from partywall.cli.deployments import deployments
from partywall.cli.inputs import inputs, settings_of
from partywall.configuration import ConfigurationError
from partywall.drawing import drawing
from partywall.report.style import Style
from partywall.report.wording import problem_line

FORMATS = ("text", "json", "dot", "mermaid")
DONE, WRONG, NOTHING = 0, 2, 3


@click.command("graph")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="text", help="How to print it.")
@click.option("-o", "--output", "path", type=click.Path(dir_okay=False), help="Write it to a file.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour the text.")
@inputs
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Draw the resources below PATHS (default: here) and the references between them.

    Ends with 0, with 2 when something could not be read, and with 3 when there was nothing to draw.
    """
    style = output.style_of(options["color"], terminal=not options["path"] and sys.stdout.isatty())
    try:
        sys.exit(_drawn(paths or (".",), style, options))
    except ConfigurationError as error:
        click.echo(f"partywall: {error}", err=True)
        sys.exit(WRONG)


def _drawn(paths: tuple[str, ...], style: Style, options: dict[str, Any]) -> int:
    found = list(deployments(paths, settings_of(paths, options)))
    if not found:
        click.echo("partywall: nothing to draw was found", err=True)
        return NOTHING
    drawings = [drawing(deployment, environment) for deployment, environment in found]
    content = importlib.import_module(f"partywall.report.graph.{options['form']}").render(drawings, style)
    output.put(content, options["path"], style)
    broken = dict.fromkeys(it for deployment, _ in found for it in deployment.problems if it.kind != "note")
    for problem in broken:
        click.echo(problem_line(problem, style), err=True)
    return WRONG if broken else DONE
