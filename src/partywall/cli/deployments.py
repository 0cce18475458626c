"""The deployments below some paths, read and evaluated, for commands that look at resources and judge nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partywall import discover
from partywall.configuration import ConfigurationError, Settings
from partywall.declared import Deployment
from partywall.lint import given_for, load


def deployments(paths: Sequence[str], settings: Settings) -> Iterator[tuple[Deployment, str]]:
    """Every deployment in every environment, with the environment's name.

    Raises ConfigurationError for a path or a file of parameters that cannot be read.
    """
    targets, problems = discover.targets(paths, settings.exclude)
    environments = given_for(settings)
    problems += [problem for one in environments for problem in one.problems]
    if problems:
        raise ConfigurationError(f"{problems[0].span.path}: {problems[0].message}")
    for target in targets:
        for given in environments:
            deployment = load(target, given)
            if deployment is not None:
                yield deployment, given.environment
