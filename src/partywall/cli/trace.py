"""`partywall trace`: is there a way in, or out, and along which hops."""

from __future__ import annotations

import datetime
import difflib
import sys
from typing import Any

import click

from partywall.address import V4, V6
from partywall.cli import output
from partywall.cli.deployments import deployments
from partywall.cli.inputs import inputs, settings_of
from partywall.configuration import ConfigurationError, Settings
from partywall.graph import Graph
from partywall.reason.network.trace import INTERNET, NotInNetworkError, Question, addresses_of, trace, workloads
from partywall.report import trace as report
from partywall.report.trace import Traced

ANSWERED, WRONG = 0, 2
FORMATS = ("text", "json", "mermaid")
_FAMILIES = {None: None, "ipv4": V4, "ipv6": V6}


@click.command("trace")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--from", "source", required=True, metavar="WHO", help="`internet`, a block of addresses or a resource.")
@click.option("--to", "target", required=True, metavar="WHOM", help="A resource, or `internet`.")
@click.option("--port", type=click.IntRange(0, 65535), help="The destination port; for ICMP the type.")
@click.option("--protocol", default="tcp", show_default=True, help="A protocol by name or number.")
@click.option("--family", type=click.Choice(["ipv4", "ipv6"]), help="Only this version of IP [default: either].")
@click.option("--via", metavar="RESOURCE", help="Go through this load balancer.")
@click.option("--listener-port", type=click.IntRange(1, 65535), help="The load balancer's port, with --via.")
@click.option("-f", "--format", "form", type=click.Choice(FORMATS), default="text", help="How to print the answer.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour the text.")
@inputs
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Say whether one side can open a working connection to the other, for the deployments below PATHS.

    A connection works when the request and the reply get through. The answer is yes, no or undetermined, with every
    hop on the way, the one that stops it, or the values that decide. Ends with 0 when there is an answer, 2 when a
    resource is not known.
    """
    try:
        settings = settings_of(paths, options)
        found = _traced(paths or (".",), settings, _question(options))
    except (ConfigurationError, NotInNetworkError) as error:
        click.echo(f"partywall: {error}", err=True)
        sys.exit(WRONG)
    style = output.style_of(options["color"], terminal=sys.stdout.isatty())
    for it in found:
        if options["form"] == "json":
            click.echo(report.as_json(it), nl=False)
        elif options["form"] == "mermaid":
            click.echo(report.mermaid(it), nl=False)
        else:
            click.echo(report.text(it, style), nl=False, color=style.colour)
    sys.exit(ANSWERED)


def _question(options: dict[str, Any]) -> Question:
    protocol = options["protocol"]
    carried = protocol.lower() in ("tcp", "udp", "6", "17")
    if options["port"] is None and carried:
        raise click.UsageError(f"--port is needed for {protocol}")
    return Question(
        options["source"], options["target"], protocol, options["port"] or 0, _FAMILIES[options["family"]],
        options["via"], options["listener_port"],
    )  # fmt: skip


def _traced(paths: tuple[str, ...], settings: Settings, question: Question) -> list[Traced]:
    """The answers of every deployment that knows all who are asked about.

    Raises NotInNetworkError where none does, with the nearest name that one has.
    """
    today = datetime.datetime.now(datetime.UTC).date()
    asked = [
        it for it in (question.source, question.target, question.via)
        if it is not None and it != INTERNET and addresses_of(it) is None
    ]  # fmt: skip
    found: list[Traced] = []
    names: set[str] = set()
    known: set[str] = set()
    for deployment, environment in deployments(paths, settings):
        graph = Graph(deployment)
        names.update(workloads(graph))
        known.update(graph.by_address)
        if all(name in graph.by_address for name in asked):
            answers = trace(graph, question, today)
            found.append(Traced(deployment.name, environment, answers, deployment.described))
    if not found:
        missing = next((name for name in asked if name not in known), asked[0] if asked else "")
        near = difflib.get_close_matches(missing, sorted(names), 1, 0.4)
        raise NotInNetworkError(f"no resource {missing} is declared" + (f"; did you mean {near[0]}?" if near else ""))
    return found
