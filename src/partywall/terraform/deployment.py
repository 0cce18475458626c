"""A root module, or a plan of one → the deployment it describes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from partywall import collector, source
from partywall.declared import Deployment
from partywall.problem import Problem
from partywall.terraform.files import module_files
from partywall.terraform.installed import Installed
from partywall.terraform.module import Module
from partywall.terraform.move import by_address, with_former
from partywall.terraform.requirement import locked
from partywall.terraform.run import Run
from partywall.terraform.variable import given_values
from partywall.value import Setting

MAX_FRAMES = 6000
"""Enough for values that come through many variables, local values and outputs of modules in modules."""


@collector.paused()
def load(
    directory: str,
    *,
    variables: Mapping[str, str],
    variable_files: Sequence[str],
    workspace: str | None,
    project: str | None = None,
    region: str | None = None,
    account: str | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Deployment:
    """Evaluate the root module in a directory, with the local and installed modules it calls.

    `variables` are texts as typed on a command line, `variable_files` paths of further `.tfvars`. Modules and
    files are read only inside `project`, which is the directory itself where none is given. `region` and `account`
    count where a provider names none. `environment` are values of variables that everything else beats.
    """
    run = _run(directory, project, workspace, region, account)
    found = run.configuration(directory)
    return _deployment(run, given_values(found, variables, variable_files, run.problems, run.files, environment))


@collector.paused()
def load_plan(path: str, *, project: str | None = None) -> Deployment:
    """What a plan, as `terraform show -json` prints it, leaves behind.

    The configuration in the plan's directory, if it is the one that was planned, gives the places, and what the
    plan cannot know before it is applied.
    """
    directory = os.path.dirname(path) or "."

    from partywall.terraform import plan

    def beside(variables: Mapping[str, Setting]) -> Deployment | None:
        return _deployment(_run(directory, project), variables) if module_files(directory) else None

    return plan.load_plan(path, beside)


def _run(
    directory: str,
    project: str | None,
    workspace: str | None = None,
    region: str | None = None,
    account: str | None = None,
) -> Run:
    project = directory if project is None else project
    return Run(directory, project, workspace, Installed(directory, project), region, account)


def _deployment(run: Run, given: Mapping[str, Setting]) -> Deployment:
    directory = run.directory
    root = Module(run, run.configuration(directory), given={name: _constant(value) for name, value in given.items()})
    sys.setrecursionlimit(max(sys.getrecursionlimit(), MAX_FRAMES))
    declared = tuple(root.declarations())
    former = by_address(run.moves)
    resources = (*(with_former(one, former) for one in declared), *locked(directory, run.problems))
    run.problems += (Problem(span, "error", message) for span, message in run.place.budget.refused.items())
    return Deployment(
        name=source.display(directory),
        dialect="terraform",
        resources=resources,
        files=tuple(dict.fromkeys(run.files)),
        problems=tuple(dict.fromkeys(run.problems)),
        described=run.described,
        unseen=tuple(dict.fromkeys(run.unseen)),
        missing=run.missing,
        account=run.account,
    )


def _constant(value: Setting) -> Callable[[], Setting]:
    return lambda: value
