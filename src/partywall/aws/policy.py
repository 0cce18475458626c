"""Policy documents, wherever they are carried: statements as parts, in IAM's own words in both dialects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import ClassVar, NamedTuple, Self

from partywall.aws import policy_place as place
from partywall.aws.policy_place import Places
from partywall.aws.resource import ABSTRACT, ACCOUNT, CONTAINER, Attribute, Resource, as_text, entries
from partywall.declared import Declared
from partywall.graph import View
from partywall.immutable import immutable
from partywall.source import Span
from partywall.text.json_text import structure_of
from partywall.truth import NO, YES, State, Truth, any_of, known, unknown, yes
from partywall.value import Known, Setting, Unknown, choices, fits, references, settle


class Principal(NamedTuple):
    """One of those a statement is about. The kind is AWS, Service, Federated or CanonicalUser; None if it is open."""

    kind: str | None
    value: Setting


class Term(NamedTuple):
    """One test of a condition, operator and key in small letters; None where they are open."""

    operator: str | None
    key: str | None
    values: Setting


@immutable(eq=False)
class Document:
    """One policy, as it is written and as it is read, and its statements in order; one that is unknown has one such."""

    declared: Declared
    written: Setting
    value: Setting
    statements: tuple[Statement, ...]


class Statement(Resource, service="iam", model=ACCOUNT):
    """One statement of a policy; subclasses say whose."""

    places: ClassVar[Places] = {}
    document: Document

    effect = Attribute("Effect", "Effect", as_text, "Allow or Deny", "Deny")

    def __init_subclass__(cls, **rest: object) -> None:
        super().__init_subclass__(**rest)  # type: ignore[arg-type]
        if "places" in cls.__dict__:
            cls.cloudformation = tuple(name for name in cls.places if "::" in name)
            cls.terraform = tuple(name for name in cls.places if "::" not in name)

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every statement in the places where such documents are written."""
        for declared in view.of(tuple(cls.places)):
            for at, document in enumerate(documents(view, declared, cls.places[declared.type])):
                for statement in document.statements:
                    one = cls(view, declared, statement.value, f"{at}.{statement.key}")
                    one.document = document
                    yield one

    # What it says.

    @property
    def open(self) -> Truth:
        """No where the statement can be read; else unknown, and why."""
        if isinstance(self.value, Known):
            return NO
        met = frozenset(one.variable for one in choices(self.value))
        why = self.value.why if isinstance(self.value, Unknown) else f"it depends on {self.value.variable}"
        return unknown(f"the statement is unknown: {why}", self.value.span, self.declared.address, met)

    @cached_property
    def allows(self) -> Truth:
        """Whether it grants; an unknown statement may."""
        if not isinstance(self.value, Known):
            return self.open
        return type(self).effect.fits(self, lambda it: it == "Allow")

    @cached_property
    def denies(self) -> Truth:
        """Whether it refuses."""
        return ~self.allows

    def part(self, name: str) -> Setting:
        """A part by its name; Known(None) where it is absent."""
        return self.view.look(self.value, (name,))

    def listed(self, name: str) -> tuple[Setting, ...]:
        """The elements of a part, whether written as list or as single text."""
        return self.view.items(self.part(name))

    def has(self, name: str) -> Truth:
        """Whether it has a part."""
        if not isinstance(self.value, Known):
            return self.open
        there = name in entries(self.value)
        return known(there, f"`{name}` is given", self.place(name), self.declared.address, otherwise="")

    def place(self, name: str) -> Span:
        """Where a part stands; the statement's own place where it is absent."""
        found = entries(self.value).get(name)
        return found.span if found is not None and found.span.line else self.span

    def covers(self, action: str) -> Truth:
        """Whether one action is among those it is about, by its patterns (`partywall.reason.policy` knows sets)."""
        if not isinstance(self.value, Known):
            return self.open

        def matches(pattern: object) -> bool:
            return fnmatchcase(action.lower(), str(pattern).lower())

        owner = self.declared.address
        listed = any_of(fits(item, "`Action`", matches, owner) for item in self.listed("Action"))
        excepted = any_of(fits(item, "`NotAction`", matches, owner) for item in self.listed("NotAction"))
        return listed | (self.has("NotAction") & ~excepted)

    @cached_property
    def principals(self) -> tuple[Principal, ...]:
        """Those it is about; a bare `*` is an AWS principal."""
        principal = self.part("Principal")
        if isinstance(principal, Known) and isinstance(principal.it, Mapping):
            return tuple(
                Principal(kind, item) for kind, names in principal.it.items() for item in self.view.items(names)
            )
        if isinstance(principal, Known):
            return tuple(Principal("AWS", item) for item in self.view.items(principal))
        return (Principal(None, principal),)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The tests of its condition, all of which have to hold."""
        condition = self.part("Condition")
        if isinstance(condition, Known) and condition.it is None:
            return ()
        if not isinstance(condition, Known):
            return (Term(None, None, condition),)
        found = []
        for operator, tests in entries(condition).items():
            settled = settle(tests, self.view.world)
            if isinstance(settled, Known):
                found += [Term(operator.lower(), key.lower(), values) for key, values in entries(settled).items()]
            else:
                found.append(Term(operator.lower(), None, settled))
        return tuple(found)

    def tests(self, key: str) -> tuple[Term, ...]:
        """The tests of one key."""
        low = key.lower()
        return tuple(term for term in self.terms if term.key == low)


def documents(view: View, declared: Declared, places: Sequence[str | place.Made]) -> tuple[Document, ...]:
    """The documents that a declaration carries in some places, each read once in a view."""
    memo = ("documents", declared.address, tuple(places))
    found = view.memo.get(memo)
    if found is None:
        found = view.memo[memo] = tuple(
            made(view, declared, value) for one in places for value in _values(view, declared, one)
        )
    assert isinstance(found, tuple)
    return found


def _values(view: View, declared: Declared, where: str | place.Made) -> Iterator[Setting]:
    if not isinstance(where, str):
        yield where(Resource(view, declared))
        return
    holders: list[Setting] = [Known(declared.attributes, declared.span)]
    *path, last = where.split(".")
    for name in path:
        holders = [item for holder in holders for item in view.items(view.look(holder, (name,)))]
    for holder in holders:
        value = view.look(holder, (last,))
        if not (isinstance(value, Known) and value.it in (None, "")):
            yield value


def made(view: View, declared: Declared, value: Setting) -> Document:
    """The document that a value spells, as text or as structure."""
    read = settle(structure_of(value), view.world)
    if isinstance(read, Unknown):
        inside: tuple[Setting, ...] = (Unknown(read.why, read.span, read.references),)
    else:
        inside = view.items(view.look(read, ("Statement",)))
    statements = tuple(Statement(view, declared, one, str(at)) for at, one in enumerate(inside))
    document = Document(declared, value, read, statements)
    for statement in statements:
        statement.document = document
    return document


class IdentityStatement(Statement):
    """A statement in a policy of a user, group or role; documents that nothing here uses count, boundaries do not."""

    places: ClassVar[Places] = {**place.IDENTITY, **place.LOOSE}

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Statements of identities, and of rendered documents without principals that nobody here uses."""
        for subject in super().subjects(view):
            if grants(view, subject.document):
                yield subject


def grants(view: View, document: Document) -> bool:
    """Whether a document in the place of an identity's policy gives rights: not if it is used as boundary only."""
    declared = document.declared
    if declared.type in place.LOOSE:
        parts = {name for statement in document.statements for name in entries(statement.value)}
        return not view.graph.mentioning(declared.address) and parts.isdisjoint(("Principal", "NotPrincipal"))
    uses = view.graph.mentioning(declared.address)
    return not uses or not all(_bounds(user, declared) for user in uses)


def _bounds(user: Declared, policy: Declared) -> bool:
    """Whether a declaration mentions a policy as boundary and nowhere else."""
    mentioned = {
        name for name, value in user.attributes.items() if policy.address in {it.address for it in references(value)}
    }
    return mentioned <= {"permissions_boundary", "PermissionsBoundary"}


class TrustStatement(Statement):
    """A statement about who may take a role on."""

    places = place.TRUST


class ResourceStatement(Statement):
    """A statement in the policy of a resource."""

    places = place.CARRIERS


class QueueStatement(Statement, service="sqs", model=ABSTRACT):
    """A statement in a queue policy."""

    places = place.QUEUE


class TopicStatement(Statement, service="sns", model=ABSTRACT):
    """A statement in a topic policy."""

    places = place.TOPIC


class KeyStatement(Statement, service="kms", model=ABSTRACT):
    """A statement in a key policy."""

    places = place.KEY


class SecretStatement(Statement, service="secrets-manager", model=ABSTRACT):
    """A statement in the policy of a secret."""

    places = place.SECRET


class RepositoryStatement(Statement, service="ecr", model=ABSTRACT):
    """A statement in the policy of a repository."""

    places = place.REPOSITORY


class VaultStatement(Statement, service="glacier", model=ABSTRACT):
    """A statement in the policy of a vault."""

    places = place.VAULT


class TableStatement(Statement, service="dynamodb", model=ABSTRACT):
    """A statement in the policy of a table."""

    places = place.TABLE


class FileSystemStatement(Statement, service="efs", model=CONTAINER):
    """A statement in the policy of a file system."""

    places = place.FILES


_NAMED_FUNCTION = re.compile(r"(?:.*\bfunction:)?(?P<name>[\w-]+)(?::[\w$-]+)?").fullmatch


def _function_name(named: Setting) -> Setting:
    """The bare name of a function that is named by name or ARN, with or without version or alias.

    Source: Lambda API reference, AddPermission, FunctionName.
    """
    if isinstance(named, Known):
        found = _NAMED_FUNCTION(named.it) if isinstance(named.it, str) else None
        return named if found is None else Known(found["name"], named.span, named.references)
    if not isinstance(named, Unknown) or not named.parts:
        return named
    *before, last = named.parts
    name, colon, _ = (last or "").partition(":")
    if not colon or ":" in "".join(part or "" for part in before):
        return named
    return replace(named, parts=(*before, name) if name else tuple(before))


class FunctionStatement(Statement, service="lambda", model=ABSTRACT):
    """What a permission of a function or layer grants."""

    places = place.FUNCTION

    @property
    def about_function(self) -> Truth:
        """Yes: it is about a function, and which one is part of the reason where that is declared here."""
        named = Resource(self.view, self.declared).read("FunctionName", "function_name")
        named = _function_name(named)
        for function in self.view.of(("AWS::Lambda::Function", "aws_lambda_function")):
            if self.view.names(named, function, ("FunctionName", "function_name")).state is State.YES:
                return yes(f"it is about {function.address}", function.span, function.address)
        return YES

    @property
    def about_layer(self) -> Truth:
        """Whether it is about a layer: code that others may read, and not run on you."""
        layer = self.declared.type in ("AWS::Lambda::LayerVersionPermission", "aws_lambda_layer_version_permission")
        return known(layer, "it is about a layer", self.span, self.declared.address, otherwise="it is about a function")


class ForeignStatement(ResourceStatement, service="eventbridge", model=ABSTRACT):
    """A statement in the policy of a resource other than a bucket."""

    places: ClassVar[Places] = {name: where for name, where in place.CARRIERS.items() if name not in place.BUCKET}


class AnyStatement(Statement):
    """A statement wherever it is written, except where properties make it."""

    places: ClassVar[Places] = {
        kind: tuple(
            dict.fromkeys((*place.IDENTITY.get(kind, ()), *place.TRUST.get(kind, ()), *place.CARRIERS.get(kind, ())))
        )
        for kind in (*place.IDENTITY, *place.TRUST, *place.CARRIERS)
        if kind not in place.FUNCTION
    }


class LooseStatement(Statement):
    """A statement with principals in a rendered document that nobody here uses."""

    places = place.LOOSE

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Statements of documents without a consumer."""
        for subject in super().subjects(view):
            if not view.graph.mentioning(subject.declared.address):
                yield subject
