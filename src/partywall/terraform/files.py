"""Which files make a module, and their blocks: readers, override files, duplicates."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from partywall import source
from partywall.problem import Problem
from partywall.source import Source, Span, UnreadableError
from partywall.terraform import structure
from partywall.terraform.json_syntax import read_json_body
from partywall.terraform.reader import read_body
from partywall.terraform.static_type import Type
from partywall.terraform.syntax import Argument, Block, Body, SyntaxProblem
from partywall.terraform.type_constraint import constraint_of

K = TypeVar("K")
SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")
SKIPPED = frozenset({".terraform", ".terragrunt-cache", ".git", "node_modules", ".aws-sam", ".venv"})


@dataclass
class Configuration:
    """The blocks of one module directory by kind and name, and the types of its variables."""

    directory: str
    files: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    variables: dict[str, Block] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    locals: dict[str, Argument] = field(default_factory=dict)
    outputs: dict[str, Block] = field(default_factory=dict)
    modules: dict[str, Block] = field(default_factory=dict)
    resources: dict[tuple[str, str, str], Block] = field(default_factory=dict)
    providers: list[Block] = field(default_factory=list)
    moved: list[Block] = field(default_factory=list)
    required_providers: dict[str, Argument] = field(default_factory=dict)
    has_backend: bool = False


def is_configuration(name: str) -> bool:
    """Whether a file name belongs to a module."""
    hidden = name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#"))
    return not hidden and name.endswith(SUFFIXES)


def module_files(directory: str) -> list[str]:
    """The file names that make a module, ordinary files first, then override files, each in name order."""
    found = (name for name in source.listing(directory) if is_configuration(name))
    names = [name for name in found if not source.is_directory(os.path.join(directory, name))]
    there = set(names)
    names = [name for name in names if _shadow(name) not in there]
    ordinary = [name for name in names if not _is_override(name)]
    return ordinary + [name for name in names if _is_override(name)]


def _shadow(name: str) -> str:
    """The OpenTofu file that takes the place of a Terraform file."""
    stem, dot, suffix = name.rpartition(".tf")
    return f"{stem}.tofu{suffix}" if dot and suffix in {"", ".json"} else ""


def _is_override(name: str) -> bool:
    stem = name
    for suffix in (".json", ".tf", ".tofu"):
        stem = stem.removesuffix(suffix)
    return stem == "override" or stem.endswith("_override")


def read_module(directory: str) -> Configuration:
    """Read every file of a module; what cannot be read is a problem, the rest counts."""
    configuration = Configuration(directory)
    for name in module_files(directory):
        path = os.path.join(directory, name)
        body = read_file(path, configuration.problems)
        if body is not None:
            configuration.files.append(source.display(path))
            _add(configuration, body, override=_is_override(name))
    for block in (*configuration.outputs.values(), *configuration.modules.values(), *configuration.moved):
        configuration.problems += structure.complete(block)
    for name, block in configuration.variables.items():
        configuration.types[name] = constraint_of(block, configuration.problems)
    return configuration


def read_file(path: str, problems: list[Problem]) -> Body | None:
    """The blocks and arguments of one file, in either syntax."""
    try:
        text = source.read(path)
    except UnreadableError as error:
        problems.append(Problem(Span(source.display(path), 1, 1, 1, 1), "error", str(error)))
        return None
    body, wrong = _parsed(text)
    problems.extend(_problem(text, one) for one in wrong)
    return body


@lru_cache(maxsize=4096)
def _parsed(text: Source) -> tuple[Body, Sequence[SyntaxProblem]]:
    """The tree of a file: it is read to find the root modules, and again by each root that calls its module."""
    return (read_json_body if text.path.endswith(".json") else read_body)(text)


def _problem(text: Source, wrong: SyntaxProblem) -> Problem:
    at = min(wrong.offset, len(text.text))
    return Problem(text.span(at, at), "error", wrong.message)


def _add(configuration: Configuration, body: Body, *, override: bool) -> None:
    configuration.problems += structure.outside(body)
    for block in body.blocks:
        wrong = structure.labelled(block)
        if wrong is not None:
            configuration.problems.append(wrong)
        else:
            configuration.problems += structure.names(block)
            _place(configuration, block, override=override)


def _place(configuration: Configuration, block: Block, *, override: bool) -> None:
    if block.type in {"resource", "data", "ephemeral"}:
        _keep(
            configuration,
            configuration.resources,
            (block.type, block.labels[0], block.labels[1]),
            block,
            override=override,
        )
    elif block.type == "variable":
        _keep(configuration, configuration.variables, block.labels[0], block, override=override)
    elif block.type == "output":
        _keep(configuration, configuration.outputs, block.labels[0], block, override=override)
    elif block.type == "module":
        _keep(configuration, configuration.modules, block.labels[0], block, override=override)
    elif block.type == "provider":
        same = [at for at, one in enumerate(configuration.providers) if override and _alias(one) == _alias(block)]
        if same:
            configuration.providers[same[0]] = merged(configuration.providers[same[0]], block)
        else:
            if any(_alias(one) == _alias(block) for one in configuration.providers):
                message = f"the provider {block.labels[0]} is configured twice under the same name"
                configuration.problems.append(Problem(block.header, "note", message))
            configuration.providers.append(block)
    elif block.type == "moved":
        configuration.moved.append(block)
    elif block.type == "terraform":
        configuration.has_backend |= any(inner.type in {"backend", "cloud"} for inner in block.body.blocks)
        for inner in block.body.blocks_of("required_providers"):
            configuration.required_providers |= {argument.name: argument for argument in inner.body.arguments}
    elif block.type == "locals":
        for argument in block.body.arguments:
            if argument.name in configuration.locals and not override:
                message = f"the local value {argument.name} is declared twice"
                configuration.problems.append(Problem(argument.span, "error", message))
            else:
                configuration.locals[argument.name] = argument


def _keep(configuration: Configuration, kept: dict[K, Block], key: K, block: Block, *, override: bool) -> None:
    before = kept.get(key)
    if before is None:
        kept[key] = block
        if override:
            address = ".".join((block.type, *block.labels))
            message = f"an override file changes {address}, which no other file declares"
            configuration.problems.append(Problem(block.header, "error", message))
    elif override:
        kept[key] = merged(before, block)
    else:
        address = ".".join((block.type, *block.labels))
        message = f"{address} is declared twice; the first one counts"
        configuration.problems.append(Problem(block.header, "error", message))


def merged(block: Block, override: Block) -> Block:
    """A block with another laid over it: arguments replace arguments, nested blocks replace all of their type."""
    arguments = {argument.name: argument for argument in (*block.body.arguments, *override.body.arguments)}
    replaced = {_kind(inner) for inner in override.body.blocks}
    lifecycle = [inner for inner in block.body.blocks if inner.type == "lifecycle"]
    blocks: list[Block] = [inner for inner in block.body.blocks if _kind(inner) not in replaced]
    for inner in override.body.blocks:
        same = inner.type == "lifecycle" and lifecycle
        blocks.append(merged(lifecycle[0], inner) if same else inner)
    return block._replace(body=Body(tuple(arguments.values()), tuple(blocks)))


def _alias(block: Block) -> tuple[str, object]:
    """What tells the configurations of providers apart."""
    argument = block.body.argument("alias")
    return block.labels[0], getattr(getattr(argument, "expression", None), "value", None)


def _kind(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def directories(top: str) -> list[str]:
    """Every directory at or below one that holds configuration, sorted."""
    found = (directory for directory, names in source.tree(top, SKIPPED) if any(map(is_configuration, names)))
    return sorted(found)


def local_sources(configuration: Configuration) -> Mapping[str, str]:
    """The directories that a module's calls name by a relative path, by the name of the call."""
    out = {}
    for name, block in configuration.modules.items():
        argument = block.body.argument("source")
        value = getattr(argument.expression, "value", None) if argument is not None else None
        if (isinstance(value, str) and value.startswith(("./", "../", ".\\", "..\\"))) or value in (".", ".."):
            out[name] = os.path.normpath(os.path.join(configuration.directory, str(value).replace("\\", "/")))
    return out
