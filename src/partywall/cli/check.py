"""`partywall check`: gaps in what is about to be deployed."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click

from partywall import configuration, source
from partywall.check import Report, check
from partywall.cli import means as given
from partywall.cli import output, progress, since
from partywall.cli.catalogue import folders, loaded
from partywall.cli.inputs import inputs, settings_of, words
from partywall.configuration import SHOWN, ConfigurationError, Settings
from partywall.rule import Severity

CLEAN, GAPS, WRONG, NOTHING = 0, 1, 2, 3


LEVELS = click.Choice([one.label for one in Severity], case_sensitive=False)


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--select", multiple=True, metavar="RULES", help="Judge by these rules only: ids, prefixes, names or duties."
)
@click.option("--ignore", multiple=True, metavar="RULES", help="Leave these rules out.")
@click.option("--extend-select", multiple=True, metavar="RULES", help="Add these rules to the usual ones.")
@click.option("--min-severity", type=LEVELS, help="Judge by rules of at least this severity [default: medium].")
@click.option(
    "--fail-on",
    type=click.Choice([*(one.label for one in Severity), "none"], case_sensitive=False),
    help="End with 1 when there is a gap of at least this severity [default: low].",
)
@click.option("--exit-zero", is_flag=True, help="End with 0 although there are gaps.")
@click.option("--show", multiple=True, metavar="KINDS", help=f"What to report: {', '.join(SHOWN)} [default: gap].")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help=f"One of {', '.join(output.FORMATS)}; repeatable.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write the report to a file.")
@inputs
@click.option("--stdin-filename", metavar="PATH", help="What standard input (PATHS: -) is a new version of.")
@click.option("--baseline", type=click.Path(dir_okay=False), help="Report only gaps that this file does not hold.")
@click.option("--diff", metavar="REV", help="Report only gaps that were not there at a git revision.")
@folders
@click.option("--hook", is_flag=True, help="Paths are what changed: pass over what is nothing to lint.")
@click.option("--no-ignores", is_flag=True, help="Report accepted gaps too.")
@click.option("--statistics", is_flag=True, help="Add how often each rule found a gap.")
@click.option("--show-files", is_flag=True, help="Print the files that were read, and end.")
@click.option("--show-settings", is_flag=True, help="Print the settings in force, secrets covered, and end.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour the text.")
@given.means
@click.option("--no-progress", is_flag=True, help="Show no progress on a terminal.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing when there is nothing to report.")
@click.option("-v", "--verbose", is_flag=True, help="Print notes on standard error too.")
def command(paths: tuple[str, ...], **options: Any) -> None:
    """Report the gaps in CloudFormation and Terraform below PATHS (default: here).

    A directory means every deployment below it; a file the deployments it belongs to. Ends with 0 when nothing is
    open, 1 with gaps, 2 when something could not be linted, 3 when there was nothing to lint.
    """
    try:
        settings = _settings(paths, options)
        if options["show_settings"]:
            from partywall.cli.settings import shown

            click.echo(shown(paths, settings), nl=False)
            return
        with _standard_input(paths, options) as named:
            sys.exit(_checked(named, settings, options))
    except ConfigurationError as error:
        click.echo(f"partywall: {error}", err=True)
        sys.exit(WRONG)


def _checked(paths: tuple[str, ...], settings: Settings, options: dict[str, Any]) -> int:
    """Run, report, and say how it ended."""
    wanted = output.outputs(options["formats"], options["output"])
    today = datetime.datetime.now(datetime.UTC).date()
    means = given.means_of(options)
    rules = loaded(options["folders"], means.cache)
    with progress.bar(wanted=not (options["no_progress"] or options["quiet"])) as told:
        report = check(
            paths,
            settings,
            rules,
            today,
            triggers=options["hook"],
            ignores=not options["no_ignores"],
            progress=told,
            means=means,
        )
    report = since.new_only(
        report,
        paths,
        settings,
        rules,
        today,
        file=settings.baseline,
        revision=options["diff"],
        ignores=not options["no_ignores"],
    )
    if any(one.form == output.PAGE for one in wanted):
        from partywall.cli.deployments import drawings  # It knows networks, which costs as much as all else.

        report = replace(report, drawings=drawings(paths, settings, today))
    if options["show_files"]:
        click.echo("".join(f"{path}\n" for path in report.files), nl=False)
        return CLEAN if report.files else NOTHING
    output.write(
        report, settings, wanted, colour=options["color"], counts=options["statistics"], quiet=options["quiet"]
    )
    if options["verbose"]:
        for it in report.problems:
            if it.kind == "note":
                click.echo(f"note: {it.span.path}:{it.span.line}:{it.span.column}: {it.message}", err=True)
    return _code(report, settings, options)


def _settings(paths: tuple[str, ...], options: dict[str, Any]) -> Settings:
    """The configuration with what was typed laid over it."""
    settings = settings_of(paths, options)
    changes: dict[str, Any] = {
        name: words(options[name]) for name in ("select", "ignore", "extend_select") if options[name]
    }
    if options["baseline"]:
        changes["baseline"] = options["baseline"]
    if options["show"]:
        changes["show"] = words(options["show"])
    for kind in changes.get("show", settings.show):
        if kind not in SHOWN:
            raise ConfigurationError(f"--show knows {', '.join(SHOWN)}, not {kind!r}")
    if options["min_severity"]:
        changes["min_severity"] = configuration.severity(options["min_severity"], "--min-severity")
    if options["fail_on"]:
        level = options["fail_on"].lower()
        changes["fail_on"] = None if level == "none" else configuration.severity(level, "--fail-on")
    return replace(settings, **changes)


@contextmanager
def _standard_input(paths: tuple[str, ...], options: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The paths to check; `-` is the file that standard input is a new version of."""
    if "-" not in paths:
        yield paths or (".",)
        return
    name = options["stdin_filename"]
    if not name:
        raise click.UsageError("- reads standard input and needs --stdin-filename to know what it is")
    with source.unsaved(name, sys.stdin.buffer.read()):
        yield tuple(name if path == "-" else path for path in paths)


def _code(report: Report, settings: Settings, options: dict[str, Any]) -> int:
    if any(it.kind != "note" for it in report.problems):
        return WRONG
    if not report.deployments:
        if options["hook"]:
            return CLEAN
        click.echo("partywall: nothing to lint was found", err=True)
        return NOTHING
    least = settings.fail_on
    failing = least is not None and any(it.severity >= least for it in report.shown(("gap",)))
    return GAPS if failing and not options["exit_zero"] else CLEAN
