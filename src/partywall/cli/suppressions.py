"""`partywall suppressions`: what is accepted in the sources, why, and until when."""

from __future__ import annotations

import datetime
import json
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from partywall import source
from partywall.check import check
from partywall.cli.catalogue import folders, loaded
from partywall.cli.inputs import inputs, settings_of
from partywall.configuration import ConfigurationError
from partywall.report.wording import counted, place
from partywall.suppress import Mark, Used, merged
from partywall.suppress.migrate import migrated


@click.command("suppressions")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@click.option("--migrate", is_flag=True, help="Rewrite other tools' comments in the files as partywall's.")
@inputs
@folders
def command(paths: tuple[str, ...], form: str, *, migrate: bool, **options: Any) -> None:
    """List the comments and metadata that accept gaps below PATHS (default: here), ours and other tools'."""
    today = datetime.datetime.now(datetime.UTC).date()
    try:
        settings = settings_of(paths, options)
        report = check(
            paths or (".",), replace(settings, select=("ALL",), ignore=()), loaded(options["folders"]), today
        )
    except ConfigurationError as error:
        click.echo(f"partywall: {error}", err=True)
        sys.exit(2)
    marks = merged(report.marks)
    if migrate:
        _rewrite(marks)
    elif form == "json":
        entries = [_entry(it, today) for it in marks]
        click.echo(json.dumps(entries, indent=2, ensure_ascii=False))
    else:
        for it in marks:
            click.echo(_line(it, today))
        ended = sum(not it.mark.alive(today) for it in marks)
        idle = sum(not it.gaps and it.mark.alive(today) for it in marks)
        click.echo(f"{counted(len(marks), 'suppression')}, {ended} ended, {idle} accepting nothing")


def _line(it: Used, today: datetime.date) -> str:
    mark = it.mark
    names = ", ".join(mark.words) if mark.peer else ", ".join(sorted(mark.rules)) or ", ".join(mark.words)
    whose = f" ({mark.peer})" if mark.peer else ""
    mine = f" = {', '.join(sorted(mark.rules)) or 'no rule of ours'}" if mark.peer else ""
    until = f", until {mark.until}" if mark.until else ""
    return f"{place(mark.span)}: {names}{whose}{mine}: {mark.reason or 'no reason'}{until} [{_state(it, today)}]"


def _state(it: Used, today: datetime.date) -> str:
    if not it.mark.alive(today):
        return "ended"
    return f"accepts {counted(it.gaps, 'gap')}" if it.gaps else "accepts nothing"


def _entry(it: Used, today: datetime.date) -> dict[str, object]:
    mark = it.mark
    return {
        "path": mark.span.path,
        "line": mark.span.line,
        "column": mark.span.column,
        "tool": mark.peer or "partywall",
        "written": list(mark.words),
        "rules": sorted(mark.rules),
        "reason": mark.reason,
        "until": mark.until.isoformat() if mark.until else None,
        "ended": not mark.alive(today),
        "accepts": it.gaps,
    }


def _rewrite(marks: list[Used]) -> None:
    by_path: dict[str, list[Mark]] = defaultdict(list)
    for it in marks:
        by_path[it.mark.span.path].append(it.mark)
    total = 0
    for path, found in by_path.items():
        made = migrated(source.read(path), found)
        if made.count:
            Path(path).write_text(made.text, encoding="utf-8")
            click.echo(f"{path}: {counted(made.count, 'comment')} rewritten")
            total += made.count
    click.echo(f"{counted(total, 'comment')} rewritten")
