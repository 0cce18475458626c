"""Which versions of providers a configuration asks for, and which one is locked."""

from __future__ import annotations

import os
from collections.abc import Iterator

from partywall import source
from partywall.declared import Declared
from partywall.problem import Problem
from partywall.source import Span
from partywall.terraform.files import read_file
from partywall.terraform.syntax import Argument, Literal, Name, ObjectOf
from partywall.value import Known

LOCK = ".terraform.lock.hcl"


def required(argument: Argument, address: str) -> Declared | None:
    """One entry of `required_providers` with its constraint; None where it gives none."""
    expression = argument.expression
    if isinstance(expression, ObjectOf):
        given = {_word(key): value for key, value in expression.items}
        named, version = given.get("source"), given.get("version")
    else:
        named, version = None, expression
    if not (isinstance(version, Literal) and isinstance(version.value, str)):
        return None
    called = named.value if isinstance(named, Literal) else argument.name
    return _requirement(str(called), version.value, argument.source.span(version.start, version.end), address)


def locked(directory: str, problems: list[Problem]) -> Iterator[Declared]:
    """The versions that the lock file beside a root module fixes."""
    path = os.path.join(directory, LOCK)
    body = read_file(path, problems) if source.is_file(path) else None
    for block in body.blocks if body is not None else ():
        version = block.body.argument("version")
        value = getattr(version.expression, "value", None) if version is not None else None
        if version is not None and len(block.labels) == 1 and isinstance(value, str):
            yield _requirement(block.labels[0], value, version.span, f"terraform.lock.{block.labels[0]}")


def _requirement(called: str, version: str, span: Span, address: str) -> Declared:
    attributes = {"provider": Known(called.rpartition("/")[2]), "version": Known(version, span)}
    return Declared("terraform", "required_provider", address, attributes, span)


def _word(key: object) -> object:
    return key.name if isinstance(key, Name) else getattr(key, "value", None)
