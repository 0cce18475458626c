"""Containers: what keeps them apart from their host."""

from __future__ import annotations

from partywall.aws.container import Workload
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "PAT213",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_210", "checkov:CKV_AWS_316", "checkov:CKV_AWS_334", "checkov:CKV_AWS_335",
        "kics:Batch Job Definition With Privileged Container Properties",
        "kics:ECS Task Definition Network Mode Not Recommended", "cfn_nag:W34",
        "guard:BATCH_JOB_CONTAINER_PROPERTIES_PRIVILEGED_RULE",
        "guard:ECS_TASK_DEFINITION_USER_FOR_HOST_MODE_CHECK", "cdk_nag:ECSTaskDefinitionUserForHostMode",
        "fsbp:ECS.1", "fsbp:ECS.3", "fsbp:ECS.4", "fsbp:CodeBuild.5",
    ],
    fixable="unsafe",
    lowered=(MEDIUM, lambda workload: workload.builds),
)  # fmt: skip
def ecs_container_privileged(workload: Workload) -> Truth:
    """Containers are kept apart from their host.

    A privileged container may do on the host what root may; one that shares the processes, the shared memory or, as
    root, the network of the host sees its neighbours. A single flaw in the application then is one of the host and of
    everything on it. Builds that make container images need the privilege, which is less urgent.

    Instead: drop the setting and add the single Linux capabilities that are needed; run as a user other than root.

    Sources: ECS API reference, ContainerDefinition and TaskDefinition; AWS Security Hub ECS.1, ECS.3, ECS.4,
    CodeBuild.5.
    """
    return workload.privileged | workload.shares_namespaces | workload.root_on_host_network
