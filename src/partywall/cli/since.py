"""What is new: `--baseline FILE` and `--diff REV`."""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from partywall import discover, source
from partywall.check import Report, check
from partywall.configuration import ConfigurationError, Settings
from partywall.rule import Rule

if TYPE_CHECKING:
    from partywall.baseline import Baseline


def new_only(
    report: Report,
    paths: Sequence[str],
    settings: Settings,
    rules: Sequence[Rule],
    today: datetime.date,
    *,
    file: str | None,
    revision: str | None,
    ignores: bool,
) -> Report:
    """The report with what a baseline file holds, or a revision of the project had, marked as there before.

    Raises ConfigurationError for a file or a revision that cannot be read.
    """
    if not (file or revision):
        return report
    from partywall import baseline

    try:
        if file:
            report = baseline.compared(report, baseline.read(file), "the baseline")
    except baseline.BaselineError as error:
        raise ConfigurationError(str(error)) from error
    if revision:
        before = _at(revision, paths, settings, rules, today, ignores=ignores)
        report = baseline.compared(report, before, revision)
    return report


def _at(
    revision: str,
    paths: Sequence[str],
    settings: Settings,
    rules: Sequence[Rule],
    today: datetime.date,
    *,
    ignores: bool,
) -> Baseline:
    """The gaps at a revision, by the same settings and from the same directory, files of variables included."""
    from partywall import baseline
    from partywall.revision import RevisionError, checked_out

    project = discover.project_of(paths[0])
    inside = os.path.relpath(os.path.realpath("."), os.path.realpath(project))
    relative = [os.path.relpath(path) for path in paths]
    try:
        with checked_out(revision, project) as old:
            here = os.path.join(old, inside)
            os.makedirs(here, exist_ok=True)
            with contextlib.chdir(here):
                there = [path for path in relative if source.exists(path)]
                return baseline.of(check(there, settings, rules, today, triggers=True, ignores=ignores))
    except RevisionError as error:
        raise ConfigurationError(f"--diff {revision}: {error}") from error
