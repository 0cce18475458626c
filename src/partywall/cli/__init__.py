"""What people type: the commands of partywall."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from partywall import __version__, collector

COMMANDS = {
    "check": "partywall.cli.check",
    "trace": "partywall.cli.trace",
    "graph": "partywall.cli.graph",
    "ledger": "partywall.cli.ledger",
    "rules": "partywall.cli.rules",
    "explain": "partywall.cli.explain",
    "clean": "partywall.cli.clean",
    "baseline": "partywall.cli.baseline",
    "suppressions": "partywall.cli.suppressions",
}
"""Each command with the module it lives in; only the one that is typed is imported."""


class _Commands(click.Group):
    """Commands imported when used; without one, `check` is meant."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        room = COMMANDS.get(cmd_name)
        return None if room is None else importlib.import_module(room).command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("partywall: stopped", err=True)
            sys.exit(130)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own = {"--help", "-h", "--version", "-V"}
        if not any(arg in COMMANDS for arg in args[:1]) and not (args and args[0] in own):
            args = ["check", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="partywall %(version)s")
def commands() -> None:
    """Say which security duties of an AWS customer CloudFormation and Terraform leave open.

    `partywall PATHS` is short for `partywall check PATHS`.
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run a command and end with its exit code; wrong usage is 2."""
    collector.spared()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        with collector.paused():
            return commands.main(args=arguments, prog_name="partywall")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
