"""Policy documents, wherever they are carried: statements as parts, in IAM's own words in both dialects."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, Self

from partywall.aws.resource import ACCOUNT, Attribute, Resource, as_text, entries
from partywall.declared import Declared
from partywall.graph import View
from partywall.source import Span
from partywall.text.json_text import structure_of
from partywall.truth import NO, Because, State, Truth, any_of, known, unknown
from partywall.value import Choice, Known, Setting, Unknown, fits, settle

IDENTITY: Mapping[str, tuple[str, ...]] = {
    "AWS::IAM::Policy": ("PolicyDocument",),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument",),
    "AWS::IAM::RolePolicy": ("PolicyDocument",),
    "AWS::IAM::UserPolicy": ("PolicyDocument",),
    "AWS::IAM::GroupPolicy": ("PolicyDocument",),
    "AWS::IAM::Role": ("Policies.PolicyDocument",),
    "AWS::IAM::User": ("Policies.PolicyDocument",),
    "AWS::IAM::Group": ("Policies.PolicyDocument",),
    "AWS::SSO::PermissionSet": ("InlinePolicy",),
    "aws_iam_policy": ("policy",),
    "aws_iam_role_policy": ("policy",),
    "aws_iam_user_policy": ("policy",),
    "aws_iam_group_policy": ("policy",),
    "aws_iam_role": ("inline_policy.policy",),
    "aws_ssoadmin_permission_set_inline_policy": ("inline_policy",),
}
"""Where policies of users, groups and roles are written."""

TRUST: Mapping[str, tuple[str, ...]] = {
    "AWS::IAM::Role": ("AssumeRolePolicyDocument",),
    "aws_iam_role": ("assume_role_policy",),
}
"""Where a role says who may take it on."""

BUCKET: Mapping[str, tuple[str, ...]] = {
    "AWS::S3::BucketPolicy": ("PolicyDocument",),
    "aws_s3_bucket_policy": ("policy",),
    "aws_s3_bucket": ("policy",),
}
QUEUE: Mapping[str, tuple[str, ...]] = {
    "AWS::SQS::QueuePolicy": ("PolicyDocument",),
    "aws_sqs_queue_policy": ("policy",),
    "aws_sqs_queue": ("policy",),
}
TOPIC: Mapping[str, tuple[str, ...]] = {
    "AWS::SNS::TopicPolicy": ("PolicyDocument",),
    "aws_sns_topic_policy": ("policy",),
    "aws_sns_topic": ("policy",),
}
KEY: Mapping[str, tuple[str, ...]] = {
    "AWS::KMS::Key": ("KeyPolicy",),
    "AWS::KMS::ReplicaKey": ("KeyPolicy",),
    "aws_kms_key": ("policy",),
    "aws_kms_key_policy": ("policy",),
    "aws_kms_replica_key": ("policy",),
}
SECRET: Mapping[str, tuple[str, ...]] = {
    "AWS::SecretsManager::ResourcePolicy": ("ResourcePolicy",),
    "aws_secretsmanager_secret_policy": ("policy",),
    "aws_secretsmanager_secret": ("policy",),
}
REPOSITORY: Mapping[str, tuple[str, ...]] = {
    "AWS::ECR::Repository": ("RepositoryPolicyText",),
    "AWS::ECR::RegistryPolicy": ("PolicyText",),
    "aws_ecr_repository_policy": ("policy",),
    "aws_ecr_registry_policy": ("policy",),
}
VAULT: Mapping[str, tuple[str, ...]] = {
    "aws_glacier_vault": ("access_policy",),
    "aws_glacier_vault_lock": ("policy",),
}
TABLE: Mapping[str, tuple[str, ...]] = {
    "AWS::DynamoDB::Table": ("ResourcePolicy.PolicyDocument",),
    "aws_dynamodb_resource_policy": ("policy",),
}
FILES: Mapping[str, tuple[str, ...]] = {
    "AWS::EFS::FileSystem": ("FileSystemPolicy",),
    "aws_efs_file_system_policy": ("policy",),
}
DOMAIN: Mapping[str, tuple[str, ...]] = {
    "AWS::OpenSearchService::Domain": ("AccessPolicies",),
    "AWS::Elasticsearch::Domain": ("AccessPolicies",),
    "aws_opensearch_domain": ("access_policies",),
    "aws_elasticsearch_domain": ("access_policies",),
    "aws_opensearch_domain_policy": ("access_policies",),
    "aws_elasticsearch_domain_policy": ("access_policies",),
}
CARRIERS: Mapping[str, tuple[str, ...]] = {
    **BUCKET,
    **QUEUE,
    **TOPIC,
    **KEY,
    **SECRET,
    **REPOSITORY,
    **VAULT,
    **TABLE,
    **FILES,
    **DOMAIN,
}
"""Where resources say who may use them."""


class Statement(Resource, service="iam", model=ACCOUNT):
    """One statement of a policy; subclasses say whose."""

    places: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    effect = Attribute("Effect", "Effect", as_text, "Allow or Deny", "Deny")

    def __init_subclass__(cls, **rest: object) -> None:
        super().__init_subclass__(**rest)  # type: ignore[arg-type]
        if cls.places:
            cls.cloudformation = tuple(name for name in cls.places if "::" in name)
            cls.terraform = tuple(name for name in cls.places if "::" not in name)

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every statement in the places where such documents are written."""
        for declared in view.of(tuple(cls.places)):
            yield from cls.parts(view, declared, statements(view, declared, cls.places[declared.type]))

    # What it says.

    @property
    def allows(self) -> Truth:
        """Whether it grants; an unknown statement may."""
        if isinstance(self.value, Unknown):
            return unknown(f"the statement is unknown: {self.value.why}", self.value.span, self.declared.address)
        return fits(self.effect, "`Effect`", lambda it: it == "Allow", self.declared.address)

    @property
    def denies(self) -> Truth:
        """Whether it refuses."""
        return ~self.allows

    def listed(self, name: str) -> tuple[Setting, ...]:
        """The elements of a part, whether written as list or as single text."""
        return self.view.items(self.view.look(self.value, (name,)))

    def has(self, name: str) -> Truth:
        """Whether it has a part."""
        if isinstance(self.value, Unknown):
            return unknown(f"the statement is unknown: {self.value.why}", self.value.span, self.declared.address)
        return known(name in entries(self.value), f"`{name}` given", self._place(name), self.declared.address)

    def _place(self, name: str) -> Span:
        found = entries(self.value).get(name)
        return found.span if found is not None and found.span.line else self.span

    def some(
        self,
        name: str,
        claim: str,
        holds: Callable[[str], bool],
        partly: Callable[[tuple[str | None, ...]], bool | None],
    ) -> Truth:
        """Whether some element of a part satisfies a test; `partly` judges texts with holes."""
        return any_of(text_truth(item, claim, holds, partly, self.declared.address) for item in self.listed(name))

    @property
    def every_action(self) -> Truth:
        """Whether it is about every action there is."""
        return self.some("Action", "`Action`", lambda it: it in ("*", "*:*"), lambda _: None)

    @property
    def every_resource(self) -> Truth:
        """Whether it is about every resource there is."""
        return self.some("Resource", "`Resource`", lambda it: it == "*", _not_star)

    @property
    def conditional(self) -> Truth:
        """Whether it holds only under conditions."""
        condition = entries(self.value).get("Condition")
        if condition is None:
            return NO
        return fits(condition, "`Condition`", bool, self.declared.address)

    def covers(self, action: str) -> Truth:
        """Whether an action is one of those it is about, by its patterns."""
        low = action.lower()
        listed = self.some("Action", "`Action`", lambda it: fnmatch.fnmatchcase(low, it.lower()), lambda _: None)
        excepted = self.some(
            "NotAction", "`NotAction`", lambda it: fnmatch.fnmatchcase(low, it.lower()), lambda _: None
        )
        return listed | (self.has("NotAction") & ~excepted)

    # To whom.

    @property
    def principals(self) -> tuple[tuple[str, Setting], ...]:
        """Kinds and names of those it is about; a bare `*` is an AWS principal."""
        found: list[tuple[str, Setting]] = []
        principal = self.view.look(self.value, ("Principal",))
        if isinstance(principal, Known) and isinstance(principal.it, Mapping):
            for kind, names in principal.it.items():
                found += [(kind, item) for item in self.view.items(names)]
        elif not (isinstance(principal, Known) and principal.it is None):
            found += [("AWS", item) for item in self.view.items(principal)]
        return tuple(found)

    @property
    def anyone(self) -> Truth:
        """Whether everyone is meant: `*`, or an Allow with NotPrincipal."""
        stars = any_of(
            text_truth(item, "`Principal`", lambda it: it == "*", _not_star, self.declared.address)
            for kind, item in self.principals
            if kind == "AWS"
        )
        return stars | self.has("NotPrincipal")


def statements(view: View, declared: Declared, places: Sequence[str]) -> Iterator[Setting]:
    """The statements of the documents under some dotted names; one unknown element for an unknown document."""
    for place in places:
        head, _, last = place.rpartition(".")
        holders = (
            view.items(view.look(Known(declared.attributes), head.split(".")))
            if head
            else (Known(declared.attributes),)
        )
        for holder in holders:
            document = view.look(holder, (last,))
            if isinstance(document, Known) and document.it is None:
                continue
            yield from _each(view, document)


def _each(view: View, document: Setting) -> Iterator[Setting]:
    document = structure_of(settle(document, view.world))
    if isinstance(document, Choice):
        yield document
        return
    if isinstance(document, Unknown):
        yield Unknown(document.why, document.span, document.references)
        return
    statement = view.look(document, ("Statement",))
    if isinstance(statement, Known) and statement.it is None:
        return
    yield from view.items(statement)


def text_truth(
    value: Setting,
    claim: str,
    holds: Callable[[str], bool],
    partly: Callable[[tuple[str | None, ...]], bool | None],
    resource: str,
) -> Truth:
    """Whether a text satisfies a test; of a text with holes, what its known pieces decide."""
    if isinstance(value, Unknown) and value.parts is not None:
        answer = partly(value.parts)
        if answer is not None:
            return known(answer, f"{claim} is partly known", value.span, resource)
    if isinstance(value, Unknown) and value.references and value.parts is None and partly((None, "")) is False:
        return Truth(State.UNKNOWN, (Because(f"{claim} is unknown: {value.why}", value.span, resource),))
    return fits(value, claim, lambda it: isinstance(it, str) and holds(it), resource)


def _not_star(parts: tuple[str | None, ...]) -> bool | None:
    """A text of which some piece is known is not the bare star, unless the piece is one."""
    return False if any(part not in (None, "", "*") for part in parts) else None


class IdentityStatement(Statement):
    """A statement in a policy of a user, group or role; documents that nothing here uses count too."""

    places: ClassVar[Mapping[str, tuple[str, ...]]] = {**IDENTITY, "data.aws_iam_policy_document": ("json",)}

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Statements of identities, and of rendered documents without principals that nobody here uses."""
        for subject in super().subjects(view):
            if subject.declared.type == "data.aws_iam_policy_document":
                used = view.graph.mentioning(subject.declared.address)
                if used or "Principal" in entries(subject.value) or "NotPrincipal" in entries(subject.value):
                    continue
            yield subject


class TrustStatement(Statement):
    """A statement about who may take a role on."""

    places = TRUST


class ResourceStatement(Statement):
    """A statement in the policy of a resource."""

    places = CARRIERS


class BucketStatement(Statement, service="s3"):
    """A statement in a bucket policy."""

    places = BUCKET


class QueueStatement(Statement, service="sqs"):
    """A statement in a queue policy."""

    places = QUEUE


class TopicStatement(Statement, service="sns"):
    """A statement in a topic policy."""

    places = TOPIC


class KeyStatement(Statement, service="kms"):
    """A statement in a key policy."""

    places = KEY


class SecretStatement(Statement, service="secrets-manager"):
    """A statement in the policy of a secret."""

    places = SECRET


class RepositoryStatement(Statement, service="ecr"):
    """A statement in the policy of a repository."""

    places = REPOSITORY


class VaultStatement(Statement, service="glacier"):
    """A statement in the policy of a vault."""

    places = VAULT


class TableStatement(Statement, service="dynamodb"):
    """A statement in the policy of a table."""

    places = TABLE


class FileSystemStatement(Statement, service="efs"):
    """A statement in the policy of a file system."""

    places = FILES


class DomainStatement(Statement, service="opensearch"):
    """A statement in the policy of a search domain."""

    places = DOMAIN


class LooseStatement(Statement):
    """A statement with principals in a rendered document that nobody here uses."""

    places: ClassVar[Mapping[str, tuple[str, ...]]] = {"data.aws_iam_policy_document": ("json",)}

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Statements of documents without a consumer."""
        for subject in super().subjects(view):
            if not view.graph.mentioning(subject.declared.address):
                yield subject


class PolicyDocument(Resource, service="iam", model=ACCOUNT):
    """All statements that one declaration gives to an identity."""

    cloudformation = tuple(name for name in IDENTITY if "::" in name)
    terraform = (*(name for name in IDENTITY if "::" not in name), "data.aws_iam_policy_document")

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Declarations that hold at least one statement."""
        declared = dict.fromkeys(subject.declared for subject in IdentityStatement.subjects(view))
        for one in declared:
            yield cls(view, one)

    @property
    def statements(self) -> tuple[IdentityStatement, ...]:
        """Its statements."""
        places = IdentityStatement.places[self.declared.type]
        return tuple(
            IdentityStatement(self.view, self.declared, it) for it in statements(self.view, self.declared, places)
        )
