"""Policies of buckets and access points, and what stands between them and the public."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from partywall.aws import policy_place as place
from partywall.aws.policy import Statement
from partywall.aws.policy_place import Places
from partywall.aws.resource import ABSTRACT, Resource, flag
from partywall.aws.s3 import AccountPublicAccessBlock, Bucket
from partywall.truth import NO, Truth, any_of, no


class _AccessPointBlock(Resource):
    """The switches of an access point, all on unless switched off when it is made."""

    restrict_public_buckets = flag(
        cfn="PublicAccessBlockConfiguration.RestrictPublicBuckets",
        tf="public_access_block_configuration.restrict_public_buckets",
        default=True,
    )
    block_public_policy = flag(
        cfn="PublicAccessBlockConfiguration.BlockPublicPolicy",
        tf="public_access_block_configuration.block_public_policy",
        default=True,
    )


class BucketStatement(Statement, service="s3", model=ABSTRACT):
    """A statement in a policy of a bucket or of an access point."""

    places: ClassVar[Places] = {**place.BUCKET, **place.ACCESS_POINT}

    @cached_property
    def _buckets(self) -> tuple[Bucket, ...]:
        """The buckets it may be about."""
        if self.declared.type in Bucket.cloudformation + Bucket.terraform:
            return (Bucket(self.view, self.declared),)
        name = Resource(self.view, self.declared).read("Bucket", "bucket")
        named = self.view.named(name, Bucket.cloudformation + Bucket.terraform, ("bucket", "id", "BucketName"))
        return tuple(Bucket(self.view, it) for it in named)

    @cached_property
    def blocked(self) -> Truth:
        """Whether public access is blocked, so that a public policy is refused or has no effect."""
        switches = ("restrict_public_buckets", "block_public_policy")
        account = any_of(one.switch(name) for one in AccountPublicAccessBlock.subjects(self.view) for name in switches)
        own = NO
        if self.declared.type in place.ACCESS_POINT:
            block = _AccessPointBlock(self.view, self.declared)
            own = block.restrict_public_buckets | block.block_public_policy
        buckets = any_of(
            bucket.blocked(name) | no("public access is not blocked", bucket.span, bucket.declared.address)
            for bucket in self._buckets
            for name in switches
        )
        return own | buckets | account

    @cached_property
    def block_left_to_default(self) -> Truth:
        """Whether nothing here says whether public access is blocked, so that AWS's default for new buckets does."""
        account = any_of(self.view.exists(one.declared) for one in AccountPublicAccessBlock.subjects(self.view))
        return ~any_of(bucket.has_block for bucket in self._buckets) & ~account
