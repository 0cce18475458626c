"""What all module instances of one deployment share, and what is found out on the way."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property

from partywall.problem import Problem
from partywall.source import Span
from partywall.terraform.files import Configuration, read_module
from partywall.terraform.function_table import Place
from partywall.terraform.installed import Installed
from partywall.terraform.move import Move
from partywall.terraform.scope import EvaluationError

MAX_INSTANCES = 100_000
MAX_CALLS = 5_000
"""Modules called, instances counted: each is evaluated anew."""


@dataclass
class Run:
    """What all module instances of one deployment share, and what is found out on the way."""

    directory: str
    project: str
    workspace: str | None
    installed: Installed
    region: str | None = None
    account: str | None = None
    problems: list[Problem] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    unseen: list[Problem] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    described: dict[tuple[str, str], str] = field(default_factory=dict)
    configurations: dict[str, Configuration] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    resources: int = 0
    calls: int = 0

    @cached_property
    def place(self) -> Place:
        """Where files are looked for, and the work that is left."""
        return Place(self.directory, self.project)

    def configuration(self, directory: str) -> Configuration:
        """A module directory, read once."""
        key = os.path.normpath(directory)
        found = self.configurations.get(key)
        if found is None:
            found = self.configurations[key] = read_module(key)
            self.problems += found.problems
            self.files += found.files
        return found

    def note(self, error: EvaluationError, meaning: str = "unknown") -> None:
        """An expression that the values at hand make fail: worth knowing, and no reason to stop."""
        self.problems.append(Problem(error.span, "note", f"{error.message}; the value counts as {meaning}"))

    def count(self, instances: int, span: Span) -> None:
        """Some more instances of resources and modules; raises EvaluationError beyond the limit."""
        self.resources += instances
        if self.resources > MAX_INSTANCES:
            raise EvaluationError(f"the deployment has more than {MAX_INSTANCES} resources and modules", span)

    def count_calls(self, instances: int, span: Span) -> None:
        """Some more instances of modules; raises EvaluationError beyond the limit."""
        self.calls += instances
        if self.calls > MAX_CALLS:
            raise EvaluationError(f"the deployment calls more than {MAX_CALLS} modules", span)

    def describe(self, variable: str, option: str, words: str) -> None:
        """The words for one option of an open variable."""
        self.described[variable, option] = words
