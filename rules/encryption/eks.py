"""EKS: Kubernetes secrets at rest."""

from __future__ import annotations

from partywall.aws.eks import Cluster
from partywall.rule import LOW, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "ENC210",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_58", "trivy:AVD-AWS-0039", "kics:EKS Cluster Encryption Disabled", "cfn_nag:W82",
        "guard:EKS_CLUSTER_ENCRYPTION_RULE", "fsbp:EKS.3",
    ],
    lowered=(LOW, lambda cluster: cluster.encrypts_by_itself),
)  # fmt: skip
def eks_secrets_without_own_key(cluster: Cluster) -> Truth:
    """Kubernetes secrets are encrypted with a key the customer controls.

    With a key of your own you decide who may decrypt secrets, and see every use of the key. From Kubernetes 1.28 on EKS
    wraps all data of the API with a key of its own, and the gap is small; older versions store secrets as they are on
    an encrypted disk. What is added stays.

    Instead: add `encryption_config` (`EncryptionConfig`) with a KMS key for `secrets`.

    Sources: EKS user guide, Default envelope encryption for all Kubernetes API data; AWS Security Hub EKS.3.
    """
    return ~cluster.encrypts_secrets
