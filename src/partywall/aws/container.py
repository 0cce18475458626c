"""Containers that the customer describes and a service runs: tasks, batch jobs, builds."""

from __future__ import annotations

from partywall.aws.resource import CONTAINER, Resource, flag, one_of, text
from partywall.text.json_text import structure_of
from partywall.truth import NO, Truth, all_of, any_of, known
from partywall.value import fits

TASKS = ("AWS::ECS::TaskDefinition", "aws_ecs_task_definition")
BUILDS = ("AWS::CodeBuild::Project", "aws_codebuild_project")


class Container(Resource, service="ecs", model=CONTAINER):
    """One container, as a property in CloudFormation and as JSON in Terraform."""

    privileged = flag(cfn="Privileged", tf="privileged", default=False)
    user = text(cfn="User", tf="user", default="root")

    @property
    def runs_as_root(self) -> Truth:
        """Whether its first process is root; by default it is what the image says, and that is root mostly."""
        return type(self).user.fits(self, lambda it: it.split(":")[0] in ("root", "0", ""))


class Workload(
    Resource,
    service="ecs",
    model=CONTAINER,
    cloudformation=(TASKS[0], "AWS::Batch::JobDefinition", BUILDS[0]),
    terraform=(TASKS[1], "aws_batch_job_definition", BUILDS[1]),
):
    """Containers that run together on a host that is not theirs."""

    pid_mode = text(cfn="PidMode", tf="pid_mode", default="task")
    ipc_mode = text(cfn="IpcMode", tf="ipc_mode", default="none")
    network_mode = text(cfn="NetworkMode", tf="network_mode", default="bridge")
    privileged_build = flag(cfn="Environment.PrivilegedMode", tf="environment.privileged_mode", default=False)

    @property
    def privileged(self) -> Truth:
        """Whether some container may do on the host what root may."""
        if self.is_build:
            return self.privileged_build
        return any_of(it.privileged for it in self.containers) & ~self.on_fargate_only

    @property
    def is_build(self) -> bool:
        """Whether it builds; building container images needs the privilege."""
        return self.declared.type in BUILDS

    @property
    def builds(self) -> Truth:
        """Whether it builds, as a circumstance."""
        return known(self.is_build, "it is a build", self.span, self.declared.address, otherwise="it is no build")

    @property
    def containers(self) -> tuple[Container, ...]:
        """What it runs."""
        kind = self.declared.type
        written = (
            self.read("ContainerDefinitions", "container_definitions")
            if kind in TASKS
            else self.read("ContainerProperties", "container_properties")
        )
        return tuple(Container(self.view, self.declared, it) for it in self.view.items(structure_of(written)))

    @property
    def shares_namespaces(self) -> Truth:
        """Whether processes or shared memory of the host are in sight."""
        if self.declared.type not in TASKS:
            return NO
        return type(self).pid_mode.fits(self, one_of("host")) | type(self).ipc_mode.fits(self, one_of("host"))

    @property
    def root_on_host_network(self) -> Truth:
        """Whether a container runs as root on the network of the host, where it reaches what listens there."""
        if self.declared.type not in TASKS:
            return NO
        shared = type(self).network_mode.fits(self, one_of("host"))
        return shared & any_of(it.runs_as_root for it in self.containers)

    @property
    def on_fargate_only(self) -> Truth:
        """Whether it can run on Fargate only, which refuses privileged containers."""
        wanted = self.elements("RequiresCompatibilities", "requires_compatibilities")
        if self.declared.type not in TASKS or not wanted:
            return NO
        return all_of(
            fits(it, "the launch type", lambda kind: kind == "FARGATE", self.declared.address) for it in wanted
        )
