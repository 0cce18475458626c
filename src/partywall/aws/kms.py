"""Keys."""

from __future__ import annotations

from collections.abc import Mapping

from partywall.aws.resource import ABSTRACT, Names, Resource, flag, number, text
from partywall.declared import Declared
from partywall.graph import View
from partywall.limit import Range
from partywall.truth import Truth, known
from partywall.value import Known, Setting, Unknown, references, settle


class Key(Resource, service="kms", model=ABSTRACT, cloudformation="AWS::KMS::Key", terraform="aws_kms_key"):
    """A key: AWS keeps it safe, the customer says who may use it and how long it lives."""

    rotates = flag(cfn="EnableKeyRotation", tf="enable_key_rotation", default=False)
    spec = text(cfn="KeySpec", tf="customer_master_key_spec", default="SYMMETRIC_DEFAULT")
    origin = text(cfn="Origin", default="AWS_KMS")
    rotation_days = number(cfn="RotationPeriodInDays", tf="rotation_period_in_days", default=365)
    usage = text(cfn="KeyUsage", tf="key_usage", default="ENCRYPT_DECRYPT")

    @property
    def rotates_yearly(self) -> Truth:
        """Whether its material is replaced at least once a year."""
        return self.rotates & type(self).rotation_days.fits(self, Range(most=365))

    @property
    def can_rotate(self) -> Truth:
        """Whether AWS can rotate it: symmetric keys with material that KMS made itself."""
        symmetric = type(self).spec.fits(self, lambda it: it == "SYMMETRIC_DEFAULT")
        encrypts = type(self).usage.fits(self, lambda it: it == "ENCRYPT_DECRYPT")
        own = type(self).origin.fits(self, lambda it: it == "AWS_KMS")
        return symmetric & encrypts & own & ~self.is_set((), "custom_key_store_id")


STORES: Mapping[str, str] = {
    "AWS::DynamoDB::Table": "SSESpecification.KMSMasterKeyId",
    "AWS::EC2::Volume": "KmsKeyId",
    "AWS::EFS::FileSystem": "KmsKeyId",
    "AWS::RDS::DBCluster": "KmsKeyId",
    "AWS::RDS::DBInstance": "KmsKeyId",
    "AWS::S3::Bucket": (
        "BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault.KMSMasterKeyID"
    ),
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::SQS::Queue": "KmsMasterKeyId",
    "AWS::SecretsManager::Secret": "KmsKeyId",
    "aws_db_instance": "kms_key_id",
    "aws_dynamodb_table": "server_side_encryption.kms_key_arn",
    "aws_ebs_volume": "kms_key_id",
    "aws_efs_file_system": "kms_key_id",
    "aws_rds_cluster": "kms_key_id",
    "aws_s3_bucket": (
        "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.kms_master_key_id"
    ),
    "aws_s3_bucket_server_side_encryption_configuration": (
        "rule.apply_server_side_encryption_by_default.kms_master_key_id"
    ),
    "aws_secretsmanager_secret": "kms_key_id",
    "aws_sns_topic": "kms_master_key_id",
    "aws_sqs_queue": "kms_master_key_id",
}
"""What is encrypted with a key, and the attribute that names the key."""

_KEYS = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey", "aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key")
_ALIASES: Mapping[str, str] = {"AWS::KMS::Alias": "TargetKeyId", "aws_kms_alias": "target_key_id"}
_ALIAS_NAMES: Mapping[str, str] = {
    "AWS::KMS::Alias": "AliasName",
    "aws_kms_alias": "name",
    "data.aws_kms_alias": "name",
}


def own_key_named(resource: Resource, cfn: Names, tf: Names) -> Truth:
    """Whether a resource names a key of the customer: a key at all, and not one that AWS keeps for a service."""
    value = resource.read(cfn, tf)
    kept_by_aws = any(_AWS_ALIAS in text for text in _texts(resource.view, value))
    owner = resource.declared.address
    return resource.is_set(cfn, tf) & ~known(
        kept_by_aws, "it is a key that AWS keeps", value.span, owner, otherwise="it is a key of one's own"
    )


_AWS_ALIAS = "alias/aws/"


def _texts(view: View, value: Setting) -> list[str]:
    """What is known of a key's name, or of the name of the alias that is looked up for it."""
    if isinstance(value, Known):
        return [str(value.it)]
    found = [part for part in value.parts or () if part is not None] if isinstance(value, Unknown) else []
    looked_up = (it for it in _mentioned(view, value) if it.type == "data.aws_kms_alias")
    return found + [str(_name(view, it)) for it in looked_up]


def declared_keys(view: View, name: Setting) -> tuple[Declared, ...]:
    """The declared keys that a value may name, by reference or through an alias."""
    mentioned = _mentioned(view, name)
    aliases = [it for it in mentioned if it.type in _ALIASES]
    if not mentioned and isinstance(name, Known):
        aliases = [it for it in view.of(tuple(_ALIASES)) if _name(view, it) == name.it]
    targets = [
        key for alias in aliases for key in _mentioned(view, alias.attributes.get(_ALIASES[alias.type], Known(None)))
    ]
    return tuple(dict.fromkeys(it for it in (*mentioned, *targets) if it.type in _KEYS))


def _mentioned(view: View, value: Setting) -> list[Declared]:
    found = (view.graph.by_address.get(it.address) for it in references(settle(value, view.world)))
    return [it for it in found if it is not None]


def _name(view: View, alias: Declared) -> object:
    name = view.look(Known(alias.attributes), (_ALIAS_NAMES[alias.type],))
    return name.it if isinstance(name, Known) else None
