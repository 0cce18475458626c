"""SNS: messages at rest."""

from __future__ import annotations

from partywall.aws.messaging import Topic
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "ENC308",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_26", "trivy:AVD-AWS-0095", "trivy:AVD-AWS-0136", "kics:SNS Topic Without KmsMasterKeyId",
        "kics:SNS Topic Not Encrypted", "kics:SNS Topic Encrypted With AWS Managed Key", "cfn_nag:W47",
        "guard:SNS_ENCRYPTED_KMS", "cloudrail:non_car_sns_topic_encrypt_at_rest",
        "cloudrail:non_car_sns_topics_encrypted_at_rest_with_customer_managed_cmk", "terrascan:AC_AWS_0502",
        "semgrep:aws-sns-topic-unencrypted", "cdk_nag:SNSEncryptedKMS", "fsbp:SNS.1",
    ],
)  # fmt: skip
def sns_topic_unencrypted(topic: Topic) -> Truth:
    """Topics encrypt their messages with a KMS key.

    AWS keeps messages on encrypted disks. Encryption of each message, and a say in who may read it, comes only with
    a KMS key, and none is used unless one is named. The key `alias/aws/sns` bars services such as CloudWatch from
    publishing.

    Instead: name a key in `kms_master_key_id` (`KmsMasterKeyId`).

    Sources: AWS Security Hub SNS.1; Amazon SNS developer guide, Securing data at rest with server-side encryption.
    """
    return ~topic.has_key
