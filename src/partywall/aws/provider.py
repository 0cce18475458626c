"""The Terraform provider: which of its versions may be at work, where its own defaults changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from partywall.graph import View
from partywall.source import Span
from partywall.truth import Truth, no, unknown, yes
from partywall.value import Known, Value

Version = tuple[int, ...]
_CONSTRAINT = re.compile(r"\s*(>=|<=|!=|~>|=|>|<|)\s*v?(\d{1,9}(?:\.\d{1,9})*)").match


def provider_is_at_least(view: View, major: int) -> Truth:
    """Whether the AWS provider is of a major version or a later one, by the lock file and every module's constraint.

    One provider serves a configuration, so that a single constraint on either side decides.
    """
    for text, span in _asked(view):
        for lowest, beyond in _ranges(text):
            if lowest >= (major,):
                return yes(f"the AWS provider is {text}", span)
            if beyond is not None and (beyond[0] < major or (beyond[0] == major and not any(beyond[1:]))):
                return no(f"the AWS provider is {text}", span)
    return unknown(f"the default changed with version {major} of the AWS provider, and no constraint tells which it is")


def _asked(view: View) -> Iterator[tuple[str, Span]]:
    for declared in view.of(("required_provider",)):
        provider: Value[object] = declared.attributes["provider"]
        version: Value[object] = declared.attributes["version"]
        if isinstance(provider, Known) and provider.it == "aws" and isinstance(version, Known):
            yield str(version.it), version.span


def _ranges(constraints: str) -> Iterator[tuple[Version, Version | None]]:
    """For each of some constraints the lowest version that it admits, and the version below which all of them are."""
    for one in constraints.split(","):
        found = _CONSTRAINT(one)
        if found is None:
            continue
        operator, version = found[1], tuple(int(part) for part in found[2].split("."))
        if operator in ("", "="):
            yield version, (*version, 0)
        elif operator in (">", ">="):
            yield version, None
        elif operator == "~>":
            # The last number may grow, so a single one has no bound.
            yield version, (*version[:-2], version[-2] + 1) if len(version) > 1 else None
        elif operator == "<":
            yield (0,), version
        elif operator == "<=":
            yield (0,), (*version, 0)
