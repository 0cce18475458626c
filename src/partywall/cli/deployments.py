"""The deployments below some paths, read and evaluated, for commands that look at resources and judge nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from partywall import collector, discover
from partywall.configuration import ConfigurationError, Settings
from partywall.declared import Deployment
from partywall.discover import Target
from partywall.drawing import Drawing, mapped
from partywall.lint import Given, given_for, load


def deployments(paths: Sequence[str], settings: Settings) -> Iterator[tuple[Deployment, str]]:
    """Every deployment in every environment, with the environment's name.

    Raises ConfigurationError for a path or a file of parameters that cannot be read.
    """
    targets, problems = discover.targets(paths, settings.exclude)
    environments = given_for(settings)
    problems += [problem for one in environments for problem in one.problems]
    for problem in problems:
        if problem.kind != "note":
            raise ConfigurationError(f"{problem.span.path}: {problem.message}")
    yield from _loaded(targets, environments)


def drawings(paths: Sequence[str], settings: Settings, today: datetime.date) -> tuple[Drawing, ...]:
    """Every deployment drawn with its network; what cannot be read is left out, for the report has said it."""
    targets, _ = discover.targets(paths, settings.exclude)
    return tuple(mapped(deployment, name, today) for deployment, name in _loaded(targets, given_for(settings)))


def _loaded(targets: Sequence[Target], environments: Sequence[Given]) -> Iterator[tuple[Deployment, str]]:
    for target in targets:
        collector.bound()
        for given in environments:
            deployment = load(target, given)
            if deployment is not None:
                yield deployment, given.environment
