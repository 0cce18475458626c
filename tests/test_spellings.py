"""Every property that the model asks for exists: in CloudFormation's registry, in the schema of Terraform's provider.

Names written as attributes of a class are found on the class; names given in passing are recorded while every rule
judges every fixture. A name is held against the types it was asked of, and those its class and the subclasses spell.
"""

from __future__ import annotations

import datetime
import gzip
import importlib
import json
import pkgutil
import shutil
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cfnlint.data.schemas
import pytest

import partywall.aws
from partywall import catalog, cloudformation, terraform
from partywall.aws.emr import SecurityConfiguration
from partywall.aws.lifecycle import Dated
from partywall.aws.policy import Statement
from partywall.aws.resource import Attribute, Names, Resource
from partywall.declared import Declared, Deployment
from partywall.engine import judge
from partywall.graph import Link, View
from partywall.text.structured import JsonArray, JsonObject
from partywall.value import Choice, Known, Setting

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures" / "rules"
PROVIDERS = [ROOT.parent / "shared" / "schema" / f"terraform-aws-{major}.json.gz" for major in (5, 6)]
TODAY = datetime.date(2026, 11, 1)
DIALECTS = ("cloudformation", "terraform")

DOCUMENTS = (Statement, SecurityConfiguration)
"""Classes whose attributes are words of a document that a text or a free object holds."""

NOT_OF_AWS = ("parameter", "variable", "output", "provider.aws", "terraform.backend")
"""Pieces around resources, which no schema describes."""


class Place(ABC):
    """A point in a schema: what can be asked of it by name. An open one says yes to every name."""

    @property
    @abstractmethod
    def is_open(self) -> bool:
        """Whether it takes any name: maps and documents do."""

    @abstractmethod
    def child(self, name: str) -> Place | None:
        """What stands under a name; None if there is no such name."""

    @abstractmethod
    def below(self) -> Iterator[Place]:
        """It and every place under it."""

    def has(self, path: Sequence[str]) -> bool:
        """Whether a path leads somewhere."""
        if not path:
            return True
        found = self.child(path[0])
        return found is not None and found.has(path[1:])


class Registry(Place):
    """A node of a CloudFormation resource schema; lists stand for their elements."""

    def __init__(self, node: Mapping[str, Any], whole: Mapping[str, Any]) -> None:
        self.whole = whole
        self.nodes = list(self._resolved(node))

    def _resolved(self, node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        if "$ref" in node:
            at: Any = self.whole
            for step in node["$ref"].removeprefix("#/").split("/"):
                at = at[step]
            yield from self._resolved(at)
        elif "items" in node:
            yield from self._resolved(node["items"])
        else:
            yield node
            for word in ("anyOf", "oneOf", "allOf"):
                for one in node.get(word, ()):
                    yield from self._resolved(one)

    def child(self, name: str) -> Place | None:
        for node in self.nodes:
            if name in node.get("properties", {}):
                return Registry(node["properties"][name], self.whole)
        return self if self.is_open else None

    @property
    def is_open(self) -> bool:
        """Whether it takes any name: maps and documents do."""
        described = any(node.get("properties") for node in self.nodes)
        return not described and any("object" in node.get("type", "object") for node in self.nodes)

    def below(self) -> Iterator[Place]:
        seen: set[int] = set()
        pending = [self]
        while pending:
            place = pending.pop()
            yield place
            for node in place.nodes:
                for one in node.get("properties", {}).values():
                    if id(one) not in seen:
                        seen.add(id(one))
                        pending.append(Registry(one, self.whole))


class Provider(Place):
    """A body of a provider's schema, or the type of an argument."""

    def __init__(self, node: Any) -> None:
        self.node = node

    def _named(self) -> Mapping[str, Any]:
        node = self.node
        while isinstance(node, list) and node[0] in ("list", "set"):
            node = node[1]
        if isinstance(node, list):
            return node[1] if node[0] == "object" else {}
        if not isinstance(node, dict):
            return {}
        found = {name: it.get("block", it.get("type")) for name, it in node.get("args", {}).items()}
        return found | {name: it["body"] for name, it in node.get("blocks", {}).items()}

    @property
    def is_open(self) -> bool:
        """Whether it takes any name: maps do."""
        return isinstance(self.node, list) and self.node[0] == "map"

    def child(self, name: str) -> Place | None:
        found = self._named()
        return self if self.is_open else Provider(found[name]) if name in found else None

    def below(self) -> Iterator[Place]:
        yield self
        for one in self._named().values():
            yield from Provider(one).below()


@cache
def _registry() -> tuple[Mapping[str, str], Path]:
    (folder,) = cfnlint.data.schemas.__path__
    listed: dict[str, str] = {}
    for name in ("sam", "us-east-1"):
        listed |= json.loads((Path(folder) / "providers" / f"{name}.json").read_text(encoding="utf-8"))
    return listed, Path(folder) / "resources"


@cache
def _provider() -> tuple[Mapping[str, Any], ...]:
    return tuple(json.loads(gzip.decompress(path.read_bytes())) for path in PROVIDERS)


@cache
def places(kind: str) -> tuple[Place, ...]:
    """The schemas of a type: one for CloudFormation, one per provider version for Terraform."""
    if "::" in kind:
        listed, folder = _registry()
        if kind not in listed:
            return ()
        whole = json.loads((folder / f"{listed[kind]}.json").read_text(encoding="utf-8"))
        return (Registry(whole, whole),)
    group, name = ("data", kind[5:]) if kind.startswith("data.") else ("resource", kind)
    return tuple(Provider(schema[group][name]) for schema in _provider() if name in schema[group])


def exists(kind: str, name: str, *, part: bool) -> bool:
    """Whether a type has a property of a dotted name, at its top or, for a part of it, anywhere that is described."""
    path = name.split(".")
    for top in places(kind):
        starts = (it for it in top.below() if not it.is_open) if part else (top,)
        if any(start.has(path) for start in starts):
            return True
    return False


def _classes() -> Iterator[type[Resource]]:
    for found in pkgutil.iter_modules(partywall.aws.__path__, "partywall.aws."):
        importlib.import_module(found.name)
    catalog.rules()
    pending = [Resource]
    while pending:
        kind = pending.pop()
        yield kind
        pending.extend(_subclasses(kind))


def _subclasses(kind: type[Resource]) -> list[type[Resource]]:
    """The classes that are shipped, without those of other tests."""
    return [it for it in kind.__subclasses__() if it.__module__.startswith("partywall.")]


def _types(kind: type[Resource]) -> frozenset[str]:
    own = frozenset(kind.cloudformation + kind.terraform)
    return own.union(*(_types(it) for it in _subclasses(kind)))


def _family(kind: type[Resource]) -> frozenset[str]:
    """The types of a class and of all that share a class with it, for what is asked in the words of all of them."""
    bases = (it for it in kind.__mro__ if issubclass(it, Resource) and it not in (Resource, Dated))
    return frozenset[str]().union(*(_types(it) for it in bases))


def _names(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


Asked = dict[tuple[type[Resource], str, str], dict[str, bool]]
"""Class, dialect and name → the types it was asked of, and whether of a part."""


def _stands(subject: Resource) -> bool | None:
    """Whether a subject is a part of its declaration; None for what no schema describes, such as JSON in a text."""
    if not places(subject.declared.type):
        return None
    value = subject.value
    if not isinstance(value, Known) or not isinstance(value.it, Mapping):
        return None
    if value.it is subject.declared.attributes:
        return False
    described = (part for one in subject.declared.attributes.values() for part in _described(one))
    return True if any(part is value for part in described) else None


def _described(value: Setting) -> Iterator[Setting]:
    """A value and its parts, as far as a schema describes them: not what JSON text spells."""
    if isinstance(value, Known) and isinstance(value.it, JsonObject | JsonArray):
        return
    yield value
    if isinstance(value, Choice):
        inner: Iterable[Setting] = (arm for _, arm in value.arms)
    elif isinstance(value, Known) and isinstance(value.it, tuple | Mapping):
        inner = value.it.values() if isinstance(value.it, Mapping) else value.it
    else:
        return
    for one in inner:
        yield from _described(one)


def _deployments(path: Path, directory: Path) -> Iterator[Deployment]:
    copy = directory / path.name
    shutil.copy(path, copy)
    if path.suffix == ".tf":
        yield terraform.load(str(directory), variables={}, variable_files=(), workspace=None)
    elif path.suffix == ".yaml":
        read = cloudformation.load(str(copy), parameters={}, project=str(directory))
        if read is not None:
            yield read
    copy.unlink()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Every name that was asked of some type while every rule judged every fixture."""
    found: Asked = defaultdict(dict)
    spelled, companions = Resource.spelled, View.companions

    def record(self: Resource, cfn: Names, tf: Names) -> tuple[str, ...]:
        names = spelled(self, cfn, tf)
        part = _stands(self)
        if part is not None:
            for name in names:
                types = found[type(self), self.declared.dialect, name]
                types[self.declared.type] = types.get(self.declared.type, False) or part
        return names

    def record_companions(
        self: View, owner: Declared, keys: Mapping[str, str], identity: Sequence[str], kin: tuple[str, ...] = ()
    ) -> tuple[Link, ...]:
        for kind, name in keys.items():
            found[Resource, "cloudformation" if "::" in kind else "terraform", name][kind] = False
        return companions(self, owner, keys, identity, kin)

    directory = tmp_path_factory.mktemp("fixture")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Resource, "spelled", record)
        patch.setattr(View, "companions", record_companions)
        for rule in catalog.rules():
            for path in sorted((FIXTURES / rule.duty).glob(f"*/{rule.name}/*")):
                for deployment in _deployments(path, directory):
                    judge(deployment, [rule], TODAY)
    return found


def _of(dialect: str, types: Iterable[str]) -> list[str]:
    return sorted(it for it in types if ("::" in it) == (dialect == "cloudformation"))


def _skip_without_schema(dialect: str) -> None:
    if dialect == "terraform" and not all(path.exists() for path in PROVIDERS):
        pytest.skip("the provider's schema is not beside this checkout")


@pytest.mark.parametrize(
    ("kind", "name", "part", "there"),
    [
        ("AWS::EC2::Instance", "MetadataOptions.HttpTokens", False, True),
        ("AWS::EC2::Instance", "MetadataOptions.HttpToken", False, False),
        ("AWS::EC2::Instance", "HttpTokens", False, False),
        ("AWS::EC2::Instance", "HttpTokens", True, True),
        ("AWS::EC2::Instance", "HttpToken", True, False),
        ("AWS::SSM::Association", "Parameters.Operation", False, True),
        ("AWS::EC2::Nothing", "Name", True, False),
    ],
)
def test_names_are_found_in_the_registry(kind: str, name: str, part: bool, there: bool) -> None:
    assert exists(kind, name, part=part) is there


@pytest.mark.parametrize(
    ("kind", "name", "part", "there"),
    [
        ("aws_instance", "metadata_options.http_tokens", False, True),
        ("aws_instance", "metadata_options.http_token", False, False),
        ("aws_instance", "http_tokens", False, False),
        ("aws_instance", "http_tokens", True, True),
        ("aws_instance", "http_token", True, False),
        ("aws_instance", "tags.Name", False, True),
        ("data.aws_ami", "owners", False, True),
        ("aws_nothing", "name", True, False),
    ],
)
def test_names_are_found_in_the_schema_of_the_provider(kind: str, name: str, part: bool, there: bool) -> None:
    _skip_without_schema("terraform")
    assert exists(kind, name, part=part) is there


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_type_exists(dialect: str) -> None:
    _skip_without_schema(dialect)
    types = {kind for found in _classes() for kind in _of(dialect, _types(found))}
    assert [kind for kind in sorted(types) if not places(kind) and kind not in NOT_OF_AWS] == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_attribute_exists(dialect: str, asked: Asked) -> None:
    _skip_without_schema(dialect)
    wrong = []
    for kind in _classes():
        if issubclass(kind, DOCUMENTS):
            continue
        for label, attribute in vars(kind).items():
            if isinstance(attribute, Attribute):
                for name in _names(attribute.tf if dialect == "terraform" else attribute.cfn):
                    types = set(_of(dialect, _family(kind)))
                    for (other, _, spelled), where in asked.items():
                        if spelled == name and issubclass(other, kind):
                            types.update(_of(dialect, where))
                    if types and not any(exists(one, name, part=True) for one in types):
                        wrong.append(f"{kind.__module__}.{kind.__name__}.{label}: {name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_name_given_in_passing_exists(dialect: str, asked: Asked) -> None:
    _skip_without_schema(dialect)
    wrong = []
    for (kind, spoken, name), types in asked.items():
        if spoken != dialect or issubclass(kind, DOCUMENTS):
            continue
        part = any(types.values())
        if not any(exists(one, name, part=part) for one in (*types, *_of(dialect, _family(kind)))):
            wrong.append(f"{kind.__module__}.{kind.__name__}: {name} of {', '.join(sorted(types))}")
    assert not wrong, "\n".join(wrong)
