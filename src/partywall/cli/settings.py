"""`partywall check --show-settings`: the settings in force, and no secret."""

from __future__ import annotations

from collections.abc import Sequence

from partywall.aws.secret import is_hidden, name_of
from partywall.cli.deployments import deployments
from partywall.configuration import ConfigurationError, Settings
from partywall.configuration.shown import written

_INPUTS = ("variable", "parameter")


def shown(paths: Sequence[str], settings: Settings) -> str:
    """The settings in words."""
    return written(settings, _open_inputs(paths, settings))


def _open_inputs(paths: Sequence[str], settings: Settings) -> frozenset[str]:
    """Variables and parameters that the sources declare, and nowhere mark as sensitive; none where all cannot be read.

    Nothing is read where nothing is given.
    """
    given = (settings.inputs, *settings.environments.values())
    if not any(one.variables or one.parameters for one in given):
        return frozenset()
    marks: dict[str, bool] = {}
    try:
        for deployment, _ in deployments(paths or (".",), settings):
            for it in deployment.resources:
                if it.type in _INPUTS:
                    marks[name_of(it)] = is_hidden(it) or marks.get(name_of(it), False)
    except ConfigurationError:
        return frozenset()
    return frozenset(name for name, marked in marks.items() if not marked)
