"""Object storage: a bucket as one thing, however many declarations it is spread over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from partywall.aws.cloudtrail import Trail
from partywall.aws.kms import own_key_named
from partywall.aws.log_target import receives_logs
from partywall.aws.resource import ABSTRACT, Resource, entries, flag, one_of, text
from partywall.declared import Declared
from partywall.truth import NO, YES, Truth, all_of, any_of, no, yes
from partywall.value import Known, Setting, Unknown, fits, told

FLAGS = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
PUBLIC_ACLS = (
    "public-read",
    "public-read-write",
    "authenticated-read",
    "publicread",
    "publicreadwrite",
    "authenticatedread",
)
WORLD_GROUPS = (
    "http://acs.amazonaws.com/groups/global/AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
)
IDENTITY = ("bucket", "id", "BucketName")
_ALGORITHM = ("ServerSideEncryptionByDefault.SSEAlgorithm", "apply_server_side_encryption_by_default.sse_algorithm")
_OWNERSHIP = text(cfn="ObjectOwnership", tf="rule.object_ownership", default="")
_KEY = ("ServerSideEncryptionByDefault.KMSMasterKeyID", "apply_server_side_encryption_by_default.kms_master_key_id")


class PublicAccessBlock(Resource, service="s3", model=ABSTRACT, terraform="aws_s3_bucket_public_access_block"):
    """The four switches of a bucket; a switch that is not mentioned is off."""

    block_public_acls = flag(cfn="BlockPublicAcls", tf="block_public_acls", default=False)
    block_public_policy = flag(cfn="BlockPublicPolicy", tf="block_public_policy", default=False)
    ignore_public_acls = flag(cfn="IgnorePublicAcls", tf="ignore_public_acls", default=False)
    restrict_public_buckets = flag(cfn="RestrictPublicBuckets", tf="restrict_public_buckets", default=False)

    def switch(self, name: str) -> Truth:
        """One of the four by its Terraform name."""
        found = getattr(self, name)
        assert isinstance(found, Truth)
        return found


class AccountPublicAccessBlock(PublicAccessBlock, terraform="aws_s3_account_public_access_block"):
    """The same four switches for every bucket of the account."""


class Bucket(Resource, service="s3", model=ABSTRACT, cloudformation="AWS::S3::Bucket", terraform="aws_s3_bucket"):
    """A bucket: AWS keeps the objects, the customer says who may see them and what is kept of them."""

    def _spread(self, kind: str, holds: Callable[[Declared], Truth]) -> Truth:
        return self.any_companion({kind: "bucket"}, holds, IDENTITY)

    # What is said of it in words.

    def speaks_of(self, words: frozenset[str]) -> Truth:
        """Whether its name or one of its tags has one of some words; what is not known speaks of nothing."""
        name = self.read("BucketName", ("bucket", "bucket_prefix"))
        tags = [Resource(self.view, self.declared, it).read("Value", ()) for it in self.elements("Tags", ())]
        tags += entries(self.read((), "tags")).values()
        found = [
            told(it, one) for it in (name, *tags) for one in _known_text(it)
            if not words.isdisjoint(re.split(r"[^a-z0-9]+", one.lower()))
        ]  # fmt: skip
        return yes(f"it is called {found[0]}", name.span, self.declared.address) if found else NO

    # What is kept of its objects, and how.

    def _encryption(self, holds: Callable[[Resource], Truth]) -> Truth:
        """Whether some rule of default encryption satisfies a claim."""
        here = self.elements(
            "BucketEncryption.ServerSideEncryptionConfiguration", "server_side_encryption_configuration.rule"
        )
        apart = self._spread(
            "aws_s3_bucket_server_side_encryption_configuration",
            lambda it: any_of(
                holds(Resource(self.view, it, rule)) for rule in Resource(self.view, it).elements((), "rule")
            ),
        )
        return apart | any_of(holds(Resource(self.view, self.declared, rule)) for rule in here)

    @property
    def has_encryption(self) -> Truth:
        """Whether the author said how objects are encrypted."""
        declared = self._encryption(lambda rule: rule.is_set(*_ALGORITHM))
        return declared | no("no default encryption is declared", self.span, self.declared.address)

    @property
    def own_key(self) -> Truth:
        """Whether default encryption uses a key of the customer."""
        named = self._encryption(lambda rule: self._uses_kms(rule) & own_key_named(rule, *_KEY))
        return named | no("no key is named for default encryption", self.span, self.declared.address)

    def _uses_kms(self, rule: Resource) -> Truth:
        cfn, tf = _ALGORITHM
        return text(cfn=cfn, tf=tf, default="").fits(rule, lambda it: it.startswith("aws:kms"))

    @property
    def versioned(self) -> Truth:
        """Whether versions of objects are kept."""
        here = flag(tf="versioning.enabled", default=False).__get__(self, Bucket)
        if not self.in_terraform:
            here = self._enabled(self, "VersioningConfiguration.Status")
        apart = self._spread(
            "aws_s3_bucket_versioning", lambda it: self._enabled(it, "versioning_configuration.status")
        )
        return apart | here

    @property
    def mfa_delete(self) -> Truth:
        """Whether deleting a version needs a second factor; no property of CloudFormation says so."""
        here = no("no property of CloudFormation asks for MFA delete", self.span, self.declared.address)
        if self.in_terraform:
            here = flag(tf="versioning.mfa_delete", default=False).__get__(self, Bucket)
        apart = self._spread(
            "aws_s3_bucket_versioning", lambda it: self._enabled(it, "versioning_configuration.mfa_delete")
        )
        return apart | here

    def _enabled(self, of: Resource | Declared, place: str) -> Truth:
        part = of if isinstance(of, Resource) else Resource(self.view, of)
        return text(cfn=place, tf=place, default="Disabled").fits(part, one_of("enabled"))

    @property
    def object_lock(self) -> Truth:
        """Whether objects can be locked against deletion."""
        here = flag(cfn="ObjectLockEnabled", tf="object_lock_enabled", default=False).__get__(self, Bucket)
        former = self._enabled(self, "object_lock_configuration.object_lock_enabled") if self.in_terraform else NO
        apart = self._spread("aws_s3_bucket_object_lock_configuration", lambda it: yes("locked", it.span, it.address))
        return here | former | apart

    @property
    def expires_objects(self) -> Truth:
        """Whether a lifecycle is declared for what is in it."""
        here = self.is_set("LifecycleConfiguration", "lifecycle_rule")
        return self._spread("aws_s3_bucket_lifecycle_configuration", lambda _: YES) | here

    # Logs about it, and of others in it.

    @property
    def logs_access(self) -> Truth:
        """Whether access is logged: to some bucket, or as data events of a trail."""
        here = self.is_set("LoggingConfiguration", "logging")
        apart = self._spread("aws_s3_bucket_logging", lambda _: YES)
        watched = any_of(
            trail.watches_objects_of(self.declared) & self.view.exists(trail.declared)
            for trail in Trail.subjects(self.view)
        )
        return apart | watched | here

    @property
    def is_log_target(self) -> Truth:
        """Whether logs are written here, by what is declared or by what the bucket allows."""
        return receives_logs(self.view, self.declared, IDENTITY)

    # Public access.

    def blocked(self, name: str) -> Truth:
        """Whether one of the four switches is on, for the bucket or the account."""
        block = self.read("PublicAccessBlockConfiguration", ())
        here = NO
        if not self.in_terraform and not (isinstance(block, Known) and block.it is None):
            here = PublicAccessBlock(self.view, self.declared, block).switch(name)
        spread = self._spread(
            "aws_s3_bucket_public_access_block", lambda it: PublicAccessBlock(self.view, it).switch(name)
        )
        account = any_of(one.switch(name) for one in AccountPublicAccessBlock.subjects(self.view))
        return spread | here | account

    @property
    def has_block(self) -> Truth:
        """Whether a public access block is declared for it or the account."""
        block = self.read("PublicAccessBlockConfiguration", ())
        stands_here = isinstance(block, Known) and block.it is not None
        here = YES if stands_here else self.is_set("PublicAccessBlockConfiguration", ())
        account = any_of(self.view.exists(one.declared) for one in AccountPublicAccessBlock.subjects(self.view))
        return here | account | self._spread("aws_s3_bucket_public_access_block", lambda _: YES)

    @property
    def fully_blocked(self) -> Truth:
        """Whether all four switches are on."""
        return all_of(self.blocked(name) for name in FLAGS)

    @property
    def public_acl(self) -> Truth:
        """Whether an access list lets everyone in, as long as access lists count."""
        canned = _is_public(self.read("AccessControl", "acl"), self.declared.address)
        spread = self._spread(
            "aws_s3_bucket_acl",
            lambda it: _is_public(Resource(self.view, it).read((), "acl"), it.address) | self._granted(it),
        )
        return canned | self._inline_grants | spread

    @property
    def _inline_grants(self) -> Truth:
        return any_of(
            _is_world(Resource(self.view, self.declared, it).read((), "uri"), self.declared.address)
            for it in self.elements((), "grant")
        )

    def _granted(self, acl: Declared) -> Truth:
        grants = Resource(self.view, acl).elements((), "access_control_policy.grant")
        return any_of(_is_world(Resource(self.view, acl, it).read((), "grantee.uri"), acl.address) for it in grants)

    @property
    def acls_void(self) -> Truth:
        """Whether access lists count for nothing, because the owner of the bucket owns every object."""
        spread = self._spread("aws_s3_bucket_ownership_controls", self._enforced)
        rules = self.elements("OwnershipControls.Rules", ())
        return spread | any_of(
            _OWNERSHIP.fits(Resource(self.view, self.declared, rule), one_of("BucketOwnerEnforced")) for rule in rules
        )

    def _enforced(self, controls: Declared) -> Truth:
        return _OWNERSHIP.fits(Resource(self.view, controls), one_of("BucketOwnerEnforced"))


def _is_public(value: Setting, owner: str) -> Truth:
    """Whether a canned access list lets strangers in."""
    if isinstance(value, Known) and value.it is None:
        return NO
    return fits(value, "the access list", lambda it: str(it).lower() in PUBLIC_ACLS, owner)


def _is_world(value: Setting, owner: str) -> Truth:
    """Whether a grantee is everyone, or everyone with an account of AWS."""
    if isinstance(value, Known) and value.it is None:
        return NO
    return fits(value, "the grantee", lambda it: it in WORLD_GROUPS, owner)


def _known_text(value: Setting) -> Iterator[str]:
    if isinstance(value, Known) and isinstance(value.it, str):
        yield value.it
    elif isinstance(value, Unknown):
        yield from (part for part in value.parts or () if part is not None)
