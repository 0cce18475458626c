"""Containers: what their environment gives away."""

from __future__ import annotations

from partywall.aws.environment import TaskVariable
from partywall.rule import HIGH, LOW, rule
from partywall.truth import Truth


@rule(
    "IAM213",
    HIGH,
    same_as=[
        "trivy:AVD-AWS-0036", "terrascan:AC_AWS_0095", "cdk_nag:ECSTaskDefinitionNoEnvironmentVariables", "fsbp:ECS.8",
    ],
    lowered=(LOW, lambda variable: variable.carries_example),
    secret=True,
)  # fmt: skip
def ecs_task_environment_contains_secret(variable: TaskVariable) -> Truth:
    """The environment of containers holds no secrets.

    Task definitions are shown to everyone who may describe them, and every revision is kept. Keys count by their form,
    other secrets by the name of the variable and where its value comes from. An example key of AWS's documentation
    opens nothing, but a real one is expected in its place.

    Instead: use `secrets` with `valueFrom`, from Secrets Manager or Parameter Store.

    Sources: AWS Security Hub ECS.8; Amazon ECS developer guide, Pass sensitive data to an Amazon ECS container.
    """
    return variable.carries_secret
