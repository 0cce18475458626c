"""Object storage: a bucket as one thing, however many declarations it is spread over."""

from __future__ import annotations

from collections.abc import Callable

from partywall.aws.resource import ABSTRACT, Flag, Resource, flag
from partywall.declared import Declared
from partywall.truth import NO, Truth, all_of, any_of, yes
from partywall.value import Known, Setting, fits

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
_IDENTITY = ("bucket", "id", "BucketName")


class Part(Resource, service="s3", model=ABSTRACT):
    """One of the declarations that complete a bucket in Terraform."""

    status = Flag(
        (), "versioning_configuration.status", lambda it: str(it).lower() == "enabled", "a status", default=False
    )


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


class AccountPublicAccessBlock(
    PublicAccessBlock,
    terraform="aws_s3_account_public_access_block",
    cloudformation="AWS::S3::AccountPublicAccessBlock",
):
    """The same four switches for every bucket of the account."""


class Bucket(Resource, service="s3", model=ABSTRACT, cloudformation="AWS::S3::Bucket", terraform="aws_s3_bucket"):
    """A bucket: AWS keeps the objects, the customer says who may see them and what is kept of them."""

    def _spread(self, kind: str, holds: Callable[[Declared], Truth]) -> Truth:
        return self.any_companion({kind: "bucket"}, holds, _IDENTITY)

    @property
    def has_encryption(self) -> Truth:
        """Whether the author declared default encryption."""
        here = self.is_set("BucketEncryption", "server_side_encryption_configuration")
        return self._spread("aws_s3_bucket_server_side_encryption_configuration", lambda _: yes("declared")) | here

    @property
    def own_key(self) -> Truth:
        """Whether default encryption uses a key of the customer."""
        here = any_of(self._key(rule) for rule in self._rules(self))
        return (
            self._spread(
                "aws_s3_bucket_server_side_encryption_configuration",
                lambda it: any_of(self._key(rule) for rule in Resource(self.view, it).elements((), "rule")),
            )
            | here
        )

    def _rules(self, of: Resource) -> tuple[Setting, ...]:
        return of.elements(
            "BucketEncryption.ServerSideEncryptionConfiguration", "server_side_encryption_configuration.rule"
        )

    def _key(self, rule: Setting) -> Truth:
        part = Resource(self.view, self.declared, rule)
        apply = ("ServerSideEncryptionByDefault", "apply_server_side_encryption_by_default")
        algorithm = part.read(f"{apply[0]}.SSEAlgorithm", f"{apply[1]}.sse_algorithm")
        key = part.is_set(f"{apply[0]}.KMSMasterKeyID", f"{apply[1]}.kms_master_key_id")
        return fits(algorithm, "`sse_algorithm`", lambda it: str(it).startswith("aws:kms"), self.declared.address) & key

    @property
    def versioned(self) -> Truth:
        """Whether versions of objects are kept."""
        status = self.read("VersioningConfiguration.Status", ())
        here = fits(status, "`Status`", lambda it: str(it).lower() == "enabled", self.declared.address)
        if self.in_terraform:
            here = flag(tf="versioning.enabled", default=False).__get__(self, Bucket)
        return self._spread("aws_s3_bucket_versioning", lambda it: Part(self.view, it).status) | here

    @property
    def mfa_delete(self) -> Truth:
        """Whether deleting a version needs a second factor."""
        here = flag(tf="versioning.mfa_delete", default=False).__get__(self, Bucket) if self.in_terraform else NO
        return (
            self._spread(
                "aws_s3_bucket_versioning",
                lambda it: fits(
                    Resource(self.view, it).read((), "versioning_configuration.mfa_delete"),
                    "`mfa_delete`",
                    lambda value: str(value).lower() == "enabled",
                    it.address,
                ),
            )
            | here
        )

    @property
    def logs_access(self) -> Truth:
        """Whether access is logged to some bucket."""
        here = self.is_set("LoggingConfiguration", "logging")
        return self._spread("aws_s3_bucket_logging", lambda _: yes("declared")) | here

    @property
    def is_log_target(self) -> Truth:
        """Whether another bucket, a trail or a load balancer writes its logs here."""
        types = ("aws_s3_bucket", "aws_s3_bucket_logging", "aws_cloudtrail", "aws_lb", "aws_elb", "aws_alb")
        cfn = ("AWS::S3::Bucket", "AWS::CloudTrail::Trail")
        places = {
            "aws_s3_bucket": ("logging.target_bucket",),
            "aws_s3_bucket_logging": ("target_bucket",),
            "aws_cloudtrail": ("s3_bucket_name",),
            "aws_lb": ("access_logs.bucket",),
            "aws_alb": ("access_logs.bucket",),
            "aws_elb": ("access_logs.bucket",),
            "AWS::S3::Bucket": ("LoggingConfiguration.DestinationBucketName",),
            "AWS::CloudTrail::Trail": ("S3BucketName",),
        }
        found = []
        for other in self.view.of(types + cfn):
            for place in places[other.type]:
                value = self.view.look(Known(other.attributes), place.split("."))
                if isinstance(value, Known) and value.it is None:
                    continue
                found.append(self.view.names(value, self.declared, _IDENTITY))
        return any_of(found)

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
        here = self.is_set("PublicAccessBlockConfiguration", ())
        account = any_of(self.view.exists(one.declared) for one in AccountPublicAccessBlock.subjects(self.view))
        return here | account | self._spread("aws_s3_bucket_public_access_block", lambda _: yes("declared"))

    @property
    def fully_blocked(self) -> Truth:
        """Whether all four switches are on."""
        return all_of(self.blocked(name) for name in FLAGS)

    @property
    def public_acl(self) -> Truth:
        """Whether an access list lets everyone in, as long as access lists count."""
        canned = self._canned(self.read("AccessControl", "acl"))
        spread = self._spread(
            "aws_s3_bucket_acl", lambda it: self._canned(Resource(self.view, it).read((), "acl")) | self._granted(it)
        )
        return canned | self._inline_grants | spread

    def _canned(self, value: Setting) -> Truth:
        if isinstance(value, Known) and value.it is None:
            return NO
        return fits(value, "the access list", lambda it: str(it).lower() in PUBLIC_ACLS, self.declared.address)

    @property
    def _inline_grants(self) -> Truth:
        return any_of(
            self._world(Resource(self.view, self.declared, it).read((), "uri")) for it in self.elements((), "grant")
        )

    def _granted(self, acl: Declared) -> Truth:
        grants = Resource(self.view, acl).elements((), "access_control_policy.grant")
        return any_of(self._world(Resource(self.view, acl, it).read((), "grantee.uri")) for it in grants)

    def _world(self, value: Setting) -> Truth:
        if isinstance(value, Known) and value.it is None:
            return NO
        return fits(value, "the grantee", lambda it: it in WORLD_GROUPS, self.declared.address)

    @property
    def acls_void(self) -> Truth:
        """Whether access lists count for nothing, because the owner of the bucket owns every object."""
        spread = self._spread("aws_s3_bucket_ownership_controls", self._enforced)
        rules = self.elements("OwnershipControls.Rules", ())
        return spread | any_of(
            self._owner(Resource(self.view, self.declared, rule).read("ObjectOwnership", ())) for rule in rules
        )

    def _enforced(self, controls: Declared) -> Truth:
        return self._owner(Resource(self.view, controls).read((), "rule.object_ownership"))

    def _owner(self, value: Setting) -> Truth:
        return fits(value, "`object_ownership`", lambda it: it == "BucketOwnerEnforced", self.declared.address)


def bucket_name(bucket: Bucket) -> Setting:
    """What the bucket is called."""
    return bucket.read("BucketName", "bucket")
