"""Buckets that are declared elsewhere, as far as declarations here speak of them.

A module is often handed a bucket and adds to it. What it adds is judged; what it does not say may be said elsewhere, so
that only rules about what somebody wrote take such a bucket as their subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar, Self

from partywall.aws.resource import ABSTRACT, Resource
from partywall.aws.s3 import IDENTITY, Bucket
from partywall.declared import Declared
from partywall.graph import View
from partywall.truth import State, Truth, any_of
from partywall.value import Known, Setting, Unknown


class ToldBucket(Bucket):
    """A bucket, or what one kind of declaration says of a bucket that is not declared here."""

    told_by: ClassVar[str] = ""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every bucket, and every declaration of the kind whose bucket is none of these."""
        buckets = tuple(view.of(Bucket.cloudformation + Bucket.terraform))
        for declared in buckets:
            yield cls(view, declared)
        for declared in view.of((cls.told_by,)):
            named = _bucket(view, declared)
            if not any(view.names(named, it, IDENTITY).state is State.YES for it in buckets):
                yield cls(view, declared, Known({}, declared.span))

    def _spread(self, kind: str, holds: Callable[[Declared], Truth]) -> Truth:
        if self.declared.type != self.told_by:
            return super()._spread(kind, holds)
        named = _bucket(self.view, self.declared)
        others = (it for it in self.view.of((kind,)) if it is not self.declared)
        mine = [it for it in others if _is_same(named, _bucket(self.view, it))]
        if kind == self.told_by:
            mine = [self.declared]
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


def _is_same(one: Setting, other: Setting) -> bool:
    """Whether two values surely name the same bucket, known or not: one variable handed to both is one bucket."""
    if isinstance(one, Known) or isinstance(other, Known):
        return isinstance(one, Known) and isinstance(other, Known) and one.it == other.it
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return (one.why, one.references, one.parts) == (other.why, other.references, other.parts)
    return False
