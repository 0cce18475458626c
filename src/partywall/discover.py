"""Paths a person names → what is to be linted."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal

from partywall import source
from partywall.cache import NOTHING, Cache
from partywall.immutable import immutable
from partywall.problem import Problem
from partywall.source import Span

if TYPE_CHECKING:
    from partywall import cloudformation

# The front ends are imported where a path needs one: each costs a fifth of a start.

SKIPPED = frozenset(
    {
        ".git",
        ".terraform",
        ".terragrunt-cache",
        "node_modules",
        ".aws-sam",
        ".venv",
        "venv",
        "__pycache__",
        ".tox",
        ".mypy_cache",
    }
)
TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json")
TESTS = (".tftest.hcl", ".tftest.json", ".tofutest.hcl", ".tofutest.json", ".tfmock.hcl")
TEMPLATES = (".yaml", ".yml", ".json", ".template", ".cfn", ".tmpl")
CONFIGURATIONS = ("partywall.toml", ".partywall.toml")


@immutable()
class Target:
    """Something to load: the directory of a root module, a plan, or a file that may be a template.

    `named` holds the display paths a person asked about; only what they can change is shown then. All that a plan
    holds is shown when it is named; a plan nobody named is passed over beside its configuration.
    A file that nobody named is quietly passed over when it turns out to be no template.
    """

    dialect: Literal["terraform", "cloudformation", "plan"]
    path: str
    project: str
    named: frozenset[str] = frozenset()
    survey: cloudformation.Survey | None = field(default=None, compare=False, repr=False)

    @property
    def place(self) -> str:
        """Its path in the project, with slashes."""
        return os.path.relpath(self.path, self.project).replace(os.sep, "/")

    def around(self) -> tuple[str, ...]:
        """The other templates that matter to it."""
        if self.survey is None:
            return ()
        with self.fenced():
            return self.survey.rests_on(self.path)

    def fenced(self, *files: str) -> AbstractContextManager[None]:
        """For a while, read nothing outside its project but some files, and those that a person named."""
        here = self.path if self.dialect == "terraform" else os.path.dirname(self.path) or "."
        return source.fenced(self.project, here, named=(*files, *self.named))


def project_of(path: str) -> str:
    """The project a path belongs to: the nearest directory upwards with `.git` or a configuration, else its own."""
    start = os.path.abspath(path if source.is_directory(path) else os.path.dirname(path) or ".")
    directory = start
    while True:
        if source.exists(os.path.join(directory, ".git")) or any(
            source.is_file(os.path.join(directory, name)) for name in CONFIGURATIONS
        ):
            return directory
        parent = os.path.dirname(directory)
        if parent == directory:
            return _own(start)
        directory = parent


def _own(start: str) -> str:
    here = os.path.abspath(".")
    return here if source.inside(start, here) else start


def targets(
    paths: Sequence[str], excluded: Sequence[str], *, triggers: bool = False, cache: Cache = NOTHING
) -> tuple[list[Target], list[Problem]]:
    """What is to be linted for some files and directories, and what cannot be.

    With `triggers` the files come from a hook: those that are nothing to lint are passed over.
    """
    found: dict[tuple[str, str], Target] = {}
    problems: list[Problem] = []
    roots: dict[str, list[str]] = {}
    for path in paths:
        project = project_of(path)
        if source.is_directory(path):
            with source.fenced(project, path):
                made = _below(path, project, excluded, cache, problems)
        elif not source.is_file(path):
            what = "is no ordinary file" if source.exists(path) else "does not exist"
            problems.append(_problem(path, what))
            continue
        elif triggers and is_excluded(path, excluded):
            continue
        else:
            with source.fenced(project, named=(path,)):
                made = _for_file(path, project, roots, cache)
            if not made and not triggers:
                problems.append(_nothing(path))
        for target in made:
            _add(found, target)
    deployed: dict[tuple[str, str], Target] = {}
    for target in _deployed(found.values(), excluded, problems):
        _add(deployed, target)
    return [deployed[key] for key in sorted(deployed, key=lambda it: (it[1], it[0]))], problems


def _add(found: dict[tuple[str, str], Target], target: Target) -> None:
    """Add a target; of what was named in parts the parts add up, and what was named as a whole stays whole."""
    key = (target.dialect, os.path.normpath(target.path))
    before = found.get(key)
    if before is None or not target.named:
        found[key] = target
    elif before.named:
        found[key] = replace(target, named=before.named | target.named)


def _deployed(targets: Iterable[Target], excluded: Sequence[str], problems: list[Problem]) -> Iterator[Target]:
    """The targets, with the templates that deploy a nested stack in its place; each knows the templates around it."""
    surveys: dict[str, tuple[cloudformation.Survey, list[str]]] = {}
    for target in targets:
        if target.dialect != "cloudformation":
            yield target
            continue
        from partywall import cloudformation

        if target.project not in surveys:
            with source.fenced(target.project):
                made = cloudformation.survey(target.project, SKIPPED, TEMPLATES)
            if not made.complete:
                message = f"more than {cloudformation.MAX_FILES} files: templates that deploy others may be unseen"
                problems.append(Problem(Span(source.display(target.project), 0, 0, 0, 0), "note", message))
            surveys[target.project] = (made, [it for it in made.templates if is_excluded(it, excluded)])
        survey, left_out = surveys[target.project]
        if not target.named and survey.dismisses(target.path):
            continue
        own = os.path.abspath(target.path)
        for root in survey.roots(own, left_out):
            if root == own:
                yield replace(target, survey=survey)
            else:
                path = root if os.path.isabs(target.path) else os.path.relpath(root)
                named = target.named or frozenset({source.display(own)})
                yield replace(target, path=path, named=named, survey=survey)


def _nothing(path: str) -> Problem:
    """Why a file that was named holds nothing to lint."""
    if path.endswith(TESTS):
        return replace(_problem(path, "holds tests of Terraform, which deploy nothing that stays"), kind="note")
    return _problem(path, "is neither Terraform configuration, nor a plan as JSON, nor a CloudFormation template")


def _problem(path: str, message: str) -> Problem:
    return Problem(Span(source.display(path), 1, 1, 1, 1), "error", message)


def is_excluded(path: str, patterns: Sequence[str]) -> bool:
    """Whether a path, or a directory above it, matches a pattern."""
    shown = source.display(path)
    parts = shown.split("/")
    prefixes = ["/".join(parts[: count + 1]) for count in range(len(parts))]
    return any(
        fnmatch.fnmatchcase(prefix, pattern.rstrip("/"))
        or fnmatch.fnmatchcase(prefix.rpartition("/")[2], pattern.rstrip("/"))
        for pattern in patterns
        for prefix in prefixes
    )


def _roots(top: str, cache: Cache) -> list[str]:
    def made() -> list[str]:
        from partywall import terraform

        return terraform.roots(top)

    return cache.through(made, "roots", os.getcwd(), top)


def _is_plan(path: str) -> bool:
    if not path.endswith(".json"):
        return False
    from partywall import terraform

    return terraform.is_plan(path)


def _is_beside_configuration(path: str) -> bool:
    from partywall import terraform

    return terraform.is_beside_configuration(path)


def _below(top: str, project: str, excluded: Sequence[str], cache: Cache, problems: list[Problem]) -> list[Target]:
    denied: list[OSError] = []
    made = [
        Target("terraform", directory, project)
        for directory in _roots(top, cache)
        if not is_excluded(directory, excluded)
    ]
    for directory, names in source.tree(top, SKIPPED, denied):
        for name in names:
            path = os.path.join(directory, name)
            if not name.endswith(TEMPLATES) or name.endswith(TERRAFORM) or is_excluded(path, excluded):
                continue
            if not _is_plan(path):
                made.append(Target("cloudformation", path, project))
            elif not _is_beside_configuration(path):
                made.append(Target("plan", path, project))
    for error in denied:
        if not is_excluded(error.filename, excluded):
            reason = (error.strerror or "input error").lower()
            problems.append(_problem(error.filename, f"the directory cannot be listed: {reason}"))
    return made


def _for_file(path: str, project: str, roots: dict[str, list[str]], cache: Cache) -> list[Target]:
    named = frozenset({source.display(path)})
    if path.endswith((*TERRAFORM, ".tfvars", ".tfvars.json")):
        from partywall import terraform

        directory = os.path.dirname(path) or "."
        if project not in roots:
            roots[project] = _roots(project, cache)
        callers = terraform.callers(directory, roots[project], project)
        return [Target("terraform", root, project, named) for root in callers or [directory]]
    if _is_plan(path):
        return [Target("plan", path, project)]
    if path.endswith(TEMPLATES):
        from partywall import cloudformation

        if cloudformation.is_template(path):
            return [Target("cloudformation", path, project, named)]
    return []
