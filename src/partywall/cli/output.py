"""Where reports go: standard output or files, in one format or several."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from partywall import report as reports
from partywall.check import Report
from partywall.configuration import ConfigurationError, Settings
from partywall.immutable import immutable
from partywall.report.style import Style
from partywall.report.wording import statistics

PAGE = "html"
"""The one format that is not made of the report alone, but of ledger and drawings too."""
FORMATS = (*reports.FORMATS, PAGE)
FOR_PEOPLE = ("text", "concise")
_CONTROL = re.compile(r"\x1b(?!\[[\d;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")
_ANY_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What would move about on a terminal, or write to it, is not for names and lines of others to say; colours may be."""


C = TypeVar("C", bound=Callable[..., Any])


def printed(formats: Sequence[str]) -> Callable[[C], C]:
    """Give a command the options that say how one document is printed, and where to."""
    options = (
        click.option("-f", "--format", "form", type=click.Choice(formats), default="text", help="How to print it."),
        click.option("-o", "--output", "path", type=click.Path(dir_okay=False), help="Write it to a file."),
        click.option(
            "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour the text."
        ),
        click.option("--no-progress", is_flag=True, help="Show no progress on a terminal."),
    )

    def given(command: C) -> C:
        for option in reversed(options):
            command = option(command)
        return command

    return given


@immutable()
class Output:
    """One format, and the file it goes to; "" is standard output."""

    form: str
    path: str


def outputs(formats: tuple[str, ...], path: str | None) -> tuple[Output, ...]:
    """The outputs that `--format` and `--output` ask for; the text report where they ask for nothing.

    Raises click.UsageError for a format that does not exist and for several reports in one place.
    """
    wanted = [Output(form, file) for form, _, file in (one.partition("=") for one in formats or ("text",))]
    if path and not wanted[0].path:
        wanted[0] = Output(wanted[0].form, path)
    for one in wanted:
        if one.form not in FORMATS:
            raise click.UsageError(f"there is no format {one.form!r}; there are {', '.join(FORMATS)}")
    places = [one.path for one in wanted]
    for place in places:
        if places.count(place) > 1:
            raise click.UsageError(
                f"two reports cannot both go to {place or 'standard output'}; use --format NAME=FILE"
            )
    return tuple(wanted)


def write(
    report: Report, settings: Settings, wanted: tuple[Output, ...], *, colour: str, counts: bool, quiet: bool
) -> None:
    """Make every report and put it where it belongs; a quiet run prints nothing for people when there is nothing.

    Raises ConfigurationError for a file that cannot be written.
    """
    for one in wanted:
        style = style_of(colour, terminal=not one.path and sys.stdout.isatty())
        content = _renderer(one.form)(report, settings.show, style)
        if one.form in FOR_PEOPLE:
            content = (_CONTROL if style.colour else _ANY_CONTROL).sub("\ufffd", content)
            if quiet and not _anything(report, settings):
                continue
            content += statistics(report, style) if counts else ""
        put(content, one.path, style)


def _renderer(form: str) -> reports.Renderer:
    if form != PAGE:
        return reports.renderer(form)
    from partywall.page import check

    return check.render


def put(content: str, path: str | None, style: Style) -> None:
    """Print a text, or write it to a file. Raises ConfigurationError for a file that cannot be written.

    What is no Unicode, such as bytes in the name of a file, is escaped in the way that JSON has too.
    """
    content = content.encode("utf-8", "backslashreplace").decode()
    if not path:
        click.echo(content, nl=False, color=style.colour)
        return
    try:
        with open(path, "w", encoding="utf-8", errors="replace") as file:
            file.write(content)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error


def _anything(report: Report, settings: Settings) -> bool:
    return bool(report.shown(settings.show)) or any(it.kind != "note" for it in report.problems)


def style_of(wanted: str, *, terminal: bool) -> Style:
    """The colours and width that `--color`, the environment and the terminal ask for."""
    colour = wanted == "always" or (
        wanted == "auto" and not os.environ.get("NO_COLOR") and (terminal or bool(os.environ.get("FORCE_COLOR")))
    )
    if not terminal:
        return Style(colour, 80)
    import shutil

    return Style(colour, min(shutil.get_terminal_size().columns, 120))
