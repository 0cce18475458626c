"""What may be set, as data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import field

from partywall.declared import Owner
from partywall.immutable import immutable
from partywall.rule import Severity

SHOWN = ("gap", "unknown", "met", "suppressed")


class ConfigurationError(Exception):
    """A setting that cannot be; the message is one sentence with the file."""


@immutable()
class Ignore:
    """Findings to leave out: a rule, for some paths or resources, why, and until when."""

    rule: str
    reason: str
    paths: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    until: datetime.date | None = None


@immutable()
class Inputs:
    """What a deployment is given: values for its variables and parameters, and where it goes.

    `environment` are Terraform variables by name from the process's own environment, where that was asked for.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    variable_files: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    parameter_files: tuple[str, ...] = ()
    workspace: str | None = None
    region: str | None = None
    account_id: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    def over(self, other: Inputs) -> Inputs:
        """These laid over others: what is set here counts, tables and lists of files are joined."""
        return Inputs(
            {**other.variables, **self.variables},
            (*other.variable_files, *self.variable_files),
            {**other.parameters, **self.parameters},
            (*other.parameter_files, *self.parameter_files),
            self.workspace or other.workspace,
            self.region or other.region,
            self.account_id or other.account_id,
            {**other.environment, **self.environment},
        )


@immutable()
class Settings:
    """Everything that decides what is linted and what is reported.

    `severity` overrides a rule's own, by id or name. `environments` are inputs by name: each deployment is judged in
    every one. `origin` is the file the settings are from, for people.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    min_severity: Severity | None = None
    fail_on: Severity | None = Severity.LOW
    exclude: tuple[str, ...] = ()
    show: tuple[str, ...] = ("gap",)
    baseline: str | None = None
    accounts: tuple[str, ...] = ()
    trusted_ranges: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    ignores: tuple[Ignore, ...] = ()
    inputs: Inputs = field(default_factory=Inputs)
    environments: Mapping[str, Inputs] = field(default_factory=dict)
    origin: str = ""

    @property
    def owner(self) -> Owner:
        """What the settings say about whose all of it is."""
        return Owner(frozenset(self.accounts), self.trusted_ranges)
