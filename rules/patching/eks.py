"""EKS: the version of Kubernetes."""

from __future__ import annotations

from partywall.aws.eks import Cluster
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "PAT210",
    MEDIUM,
    same_as=[
        "checkov:CKV_AWS_339", "fsbp:EKS.2",
    ],
    fixable="unsafe",
    raised=(HIGH, lambda cluster: ~cluster.still_patched),
)  # fmt: skip
def eks_version_out_of_support(cluster: Cluster) -> Truth:
    """Clusters run a Kubernetes version in standard support.

    A version gets standard support for fourteen months and paid extended support for twelve more; then EKS upgrades
    the control plane by itself, whether or not the workloads are ready. Without a version EKS picks a supported one.

    Instead: upgrade one minor version at a time, the control plane first and the nodes after it.

    Sources: EKS user guide, Amazon EKS Kubernetes release calendar; AWS Security Hub EKS.2.
    """
    return cluster.support_is_over & cluster.picks_version
