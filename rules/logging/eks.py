"""EKS: logs of the control plane."""

from __future__ import annotations

from partywall.aws.eks import Cluster
from partywall.rule import LOW, MEDIUM, rule
from partywall.truth import Truth

_WHO = ("audit", "authenticator")
_ALL = (*_WHO, "api", "controllerManager", "scheduler")


@rule(
    "LOG206",
    MEDIUM,
    fixable="safe",
    same_as=[
        "checkov:CKV_AWS_37", "trivy:AVD-AWS-0038", "kics:EKS cluster logging is not enabled",
        "terrascan:AC_AWS_0465", "semgrep:eks-insufficient-control-plane-logging",
        "cdk_nag:EKSClusterControlPlaneLogs", "fsbp:EKS.8",
    ],
    lowered=(LOW, lambda cluster: cluster.logs(*_WHO)),
)  # fmt: skip
def eks_control_plane_logs_off(cluster: Cluster) -> Truth:
    """The Kubernetes control plane keeps all of its logs.

    Audit and authenticator logs tell who called the API and what for; api, controllerManager and scheduler tell what
    came of it, and lacking only these is a small gap. None is written unless asked for.

    Instead: list all five kinds in `enabled_cluster_log_types` (`Logging.ClusterLogging.EnabledTypes`).

    Sources: EKS user guide, Send control plane logs to CloudWatch Logs; AWS Security Hub EKS.8.
    """
    return ~cluster.logs(*_ALL)
