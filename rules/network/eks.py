"""EKS: who reaches the control plane."""

from __future__ import annotations

from partywall.aws.eks import Cluster
from partywall.rule import CRITICAL, rule
from partywall.truth import Truth


@rule(
    "NET217",
    CRITICAL,
    same_as=[
        "checkov:CKV_AWS_38", "trivy:AVD-AWS-0041", "kics:EKS Cluster Has Public Access CIDRs",
        "cloudrail:public_access_eks_api", "cdk_nag:EKSClusterNoEndpointPublicAccess", "fsbp:EKS.1",
    ],
    fixable="unsafe",
)  # fmt: skip
def eks_api_endpoint_open_to_world(cluster: Cluster) -> Truth:
    """The Kubernetes API answers your own networks only.

    Whoever reaches the API may try stolen tokens and new flaws on it. EKS makes the endpoint public and lets everyone
    in unless the cluster names ranges or switches the public endpoint off.

    Instead: switch the public endpoint off, or list the ranges of the office and of the build system.

    Sources: EKS API reference, VpcConfigRequest; AWS Security Hub EKS.1.
    """
    return cluster.public_endpoint & cluster.open_to_world
