"""Buckets that are declared elsewhere, as far as declarations here speak of them.

A module is often handed a bucket and adds to it. What it adds is judged; what it does not say may be said elsewhere, so
that only rules about what somebody wrote take such a bucket as their subject.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import ClassVar, Self

from partywall.aws.resource import ABSTRACT, Resource
from partywall.aws.s3 import IDENTITY, Bucket
from partywall.declared import Declared
from partywall.graph import View
from partywall.truth import Truth, any_of
from partywall.value import Known, Setting, Unknown


class ToldBucket(Bucket):
    """A bucket, or what one kind of declaration says of a bucket that is not declared here."""

    told_by: ClassVar[str] = ""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every bucket, and every declaration of the kind whose bucket is none of these."""
        buckets = Bucket.cloudformation + Bucket.terraform
        for declared in view.of(buckets):
            yield cls(view, declared)
        for declared in view.of((cls.told_by,)):
            if not view.named(_bucket(view, declared), buckets, IDENTITY):
                yield cls(view, declared, Known({}, declared.span))

    def _spread(self, kind: str, holds: Callable[[Declared], Truth]) -> Truth:
        if self.declared.type != self.told_by:
            return super()._spread(kind, holds)
        mine = [self.declared] if kind == self.told_by else _about(self.view, kind, _identity(self.view, self.declared))
        return any_of(holds(it) & self.view.exists(it) for it in mine)


class ListedBucket(
    ToldBucket,
    service="s3",
    model=ABSTRACT,
    cloudformation=Bucket.cloudformation,
    terraform=(*Bucket.terraform, "aws_s3_bucket_acl"),
):
    """A bucket, or an access list of one that is declared elsewhere."""

    told_by = "aws_s3_bucket_acl"


class BlockedBucket(
    ToldBucket,
    service="s3",
    model=ABSTRACT,
    cloudformation=Bucket.cloudformation,
    terraform=(*Bucket.terraform, "aws_s3_bucket_public_access_block"),
):
    """A bucket, or the public access block of one that is declared elsewhere."""

    told_by = "aws_s3_bucket_public_access_block"


class VersionedBucket(
    ToldBucket,
    service="s3",
    model=ABSTRACT,
    cloudformation=Bucket.cloudformation,
    terraform=(*Bucket.terraform, "aws_s3_bucket_versioning"),
):
    """A bucket, or the versioning of one that is declared elsewhere."""

    told_by = "aws_s3_bucket_versioning"


def _bucket(view: View, declared: Declared) -> Setting:
    """What a declaration calls its bucket."""
    return Resource(view, declared).read((), "bucket")


def _identity(view: View, declared: Declared) -> Hashable:
    """What tells the bucket of a declaration, known or not: one variable handed to two is one bucket. None for none."""
    value = _bucket(view, declared)
    if isinstance(value, Known):
        return value.it if isinstance(value.it, str) else None
    return (value.why, value.references, value.parts) if isinstance(value, Unknown) else None


def _about(view: View, kind: str, identity: Hashable) -> Sequence[Declared]:
    """The declarations of a kind that surely speak of one bucket."""
    memo = ("about", _identity, kind)
    found = view.memo.get(memo)
    if not isinstance(found, dict):
        by_identity: dict[Hashable, list[Declared]] = {}
        for declared in view.of((kind,)):
            by_identity.setdefault(_identity(view, declared), []).append(declared)
        found = view.memo[memo] = by_identity
    return found.get(identity, ()) if identity is not None else ()
