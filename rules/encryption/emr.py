"""EMR: what clusters write to S3 and to their disks."""

from __future__ import annotations

from partywall.aws.emr import Cluster, SecurityConfiguration
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "ENC211",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_171", "checkov:CKV_AWS_349", "checkov:CKV_AWS_350", "trivy:AVD-AWS-0137",
        "trivy:AVD-AWS-0139", "kics:EMR Security Configuration Encryptions Enabled", "cfn_nag:W61",
        "guard:EMR_SECURITY_CONFIG_ENABLED_AND_CONFIGURED_RULE", "semgrep:aws-emr-encrypted-with-cmk",
        "cdk_nag:EMRLocalDiskEncryption", "fsbp:EMR.3",
    ],
)  # fmt: skip
def emr_storage_unencrypted(configuration: SecurityConfiguration) -> Truth:
    """Security configurations encrypt data in S3 and on local disks.

    Encryption is off unless it is asked for, and for both kinds of storage apart. With keys of KMS the root volumes of
    the nodes take part only where EBS is asked to encrypt too. A configuration cannot be changed later.

    Instead: write a configuration with `EnableAtRestEncryption`, an `S3EncryptionConfiguration` and a
    `LocalDiskEncryptionConfiguration`, and start clusters with it.

    Sources: EMR management guide, Encryption options; AWS Security Hub EMR.3.
    """
    return ~configuration.encrypts_storage


@rule(
    "ENC212",
    HIGH,
    same_as=[
        "checkov:CKV2_AWS_55", "kics:EMR Cluster Without Security Configuration", "cfn_nag:W63",
    ],
)  # fmt: skip
def emr_cluster_without_security_configuration(cluster: Cluster) -> Truth:
    """Clusters name a security configuration.

    Without one nothing is encrypted, neither what is stored nor what nodes say to each other, and there is no
    Kerberos. There is no default.

    Instead: name a security configuration that encrypts storage and traffic.

    Sources: EMR API reference, RunJobFlow; EMR management guide, Use security configurations.
    """
    return ~cluster.names_security_configuration
