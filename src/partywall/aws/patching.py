"""Systems Manager's patching: what is approved, what installs it, and which machines that reaches."""

from __future__ import annotations

from collections.abc import Iterator

from partywall.aws.ec2 import CONFIGURATIONS, INSTANCES, TEMPLATES, Launch
from partywall.aws.resource import INFRASTRUCTURE, Resource, entries, number, one_of, text
from partywall.graph import View
from partywall.limit import Range
from partywall.truth import NO, YES, State, Truth, all_of, any_of, no, unknown, yes
from partywall.value import Known, Setting, fits, plain

ASSOCIATIONS = ("AWS::SSM::Association", "aws_ssm_association")
TASKS = ("AWS::SSM::MaintenanceWindowTask", "aws_ssm_maintenance_window_task")
WINDOW_TARGETS = ("AWS::SSM::MaintenanceWindowTarget", "aws_ssm_maintenance_window_target")
DOCUMENTS = ("AWS::SSM::Document", "aws_ssm_document")
GROUPS = ("AWS::AutoScaling::AutoScalingGroup", "aws_autoscaling_group")
PIPELINES = ("AWS::ImageBuilder::ImagePipeline", "aws_imagebuilder_image_pipeline")
QUICK_SETUP = ("AWS::SSMQuickSetup::ConfigurationManager", "aws_ssmquicksetup_configuration_manager")

_INSTALLING = (
    "aws-runpatchbaseline", "aws-runpatchbaselineassociation", "aws-runpatchbaselinewithhooks", "aws-patchasginstance",
    "aws-patchinstancewithrollback", "aws-installwindowsupdates", "aws-applypatchbaseline", "aws-updatelinuxami",
    "aws-updatewindowsami",
)  # fmt: skip
"""AWS's own documents that install patches, in lower case. Source: Systems Manager reference, Command and runbooks."""


class PatchBaseline(
    Resource,
    service="ssm",
    model=INFRASTRUCTURE,
    cloudformation="AWS::SSM::PatchBaseline",
    terraform="aws_ssm_patch_baseline",
):
    """Which patches are approved, and how soon."""

    system = text(cfn="OperatingSystem", tf="operating_system", default="WINDOWS")

    @property
    def approves_at_once(self) -> Truth:
        """Whether its system knows no waiting: Debian and Ubuntu do not date their packages."""
        return type(self).system.fits(self, one_of("DEBIAN", "UBUNTU"))

    @property
    def approves_security_soon(self) -> Truth:
        """Whether some rule approves critical security patches within thirty days."""
        rules = self.elements("ApprovalRules.PatchRules", "approval_rule")
        if not rules:
            return no("no rule approves anything", self.span, self.declared.address)
        return any_of(PatchRule(self.view, self.declared, it).serves for it in rules)

    @property
    def rejects_everything(self) -> Truth:
        """Whether a pattern of rejected patches is about all of them."""
        rejected = self.elements("RejectedPatches", "rejected_patches")
        return any_of(
            fits(it, "the rejected patch", lambda name: name in ("*", "*.*"), self.declared.address) for it in rejected
        )


class PatchRule(Resource, service="ssm", model=INFRASTRUCTURE):
    """One rule of a baseline: some patches, and when they are approved."""

    days = number(cfn="ApproveAfterDays", tf="approve_after_days", default=0)
    until = text(cfn="ApproveUntilDate", tf="approve_until_date", default="9999-12-31")

    @property
    def serves(self) -> Truth:
        """Whether it approves critical security patches within thirty days."""
        soon = type(self).days.fits(self, Range(most=30))
        still = type(self).until.fits(self, lambda it: it >= self.view.today.isoformat())
        return soon & still & self.about_security

    @property
    def about_security(self) -> Truth:
        """Whether its filters leave critical security patches in."""
        filters = self.elements("PatchFilterGroup.PatchFilters", "patch_filter")
        return all_of(self._leaves_in(Resource(self.view, self.declared, it)) for it in filters)

    def _leaves_in(self, one: Resource) -> Truth:
        wanted = _SECURITY.get(str(plain(one.read("Key", "key"))).upper())
        if wanted is None:
            return YES
        values = one.elements("Values", "values")
        return any_of(
            fits(it, "the filter", lambda value: str(value).lower() in wanted, self.declared.address) for it in values
        )


_SECURITY = {
    "CLASSIFICATION": ("*", "security", "securityupdates", "criticalupdates"),
    "SEVERITY": ("*", "critical"),
    "MSRC_SEVERITY": ("*", "critical"),
}
"""What a filter has to say to let critical security patches through."""


class PatchTask(
    Resource,
    service="ssm",
    model=INFRASTRUCTURE,
    cloudformation=(ASSOCIATIONS[0], TASKS[0]),
    terraform=(ASSOCIATIONS[1], TASKS[1]),
):
    """Something that runs a document on machines on a schedule."""

    @property
    def installs(self) -> Truth:
        """Whether what it runs installs patches, rather than only looking for them."""
        kind = self.declared.type
        document = self.read("TaskArn", "task_arn") if kind in TASKS else self.read("Name", "name")
        if self.view.target(document, DOCUMENTS) is not None:
            return unknown("what the document does is not judged", document.span, self.declared.address)
        known = fits(document, "the document", _installs, self.declared.address)
        return known & ~self._only_scans

    @property
    def _only_scans(self) -> Truth:
        operation = self.elements(
            (
                "Parameters.Operation",
                "TaskInvocationParameters.MaintenanceWindowRunCommandParameters.Parameters.Operation",
            ),
            "parameters.Operation",
        )
        named = (
            Resource(self.view, self.declared, it)
            for it in self.elements((), "task_invocation_parameters.run_command_parameters.parameter")
        )
        values = (
            value for it in named if plain(it.read((), "name")) == "Operation" for value in it.elements((), "values")
        )
        owner = self.declared.address
        return any_of(fits(it, "the operation", lambda word: word == "Scan", owner) for it in (*operation, *values))

    def reaches(self, machine: Machine) -> Truth:
        """Whether a machine is among its targets."""
        one = self.read("InstanceId", "instance_id")
        named = NO if plain(one) is None and isinstance(one, Known) else self.view.names(one, machine.declared, ("id",))
        return named | any_of(self._target(Resource(self.view, self.declared, it), machine) for it in self._targets)

    @property
    def _targets(self) -> tuple[Setting, ...]:
        return self.elements("Targets", "targets")

    def _target(self, target: Resource, machine: Machine) -> Truth:
        key = plain(target.read("Key", "key"))
        values = target.elements("Values", "values")
        owner = self.declared.address
        if key == "InstanceIds":
            every = any_of(fits(it, "the target", lambda value: value == "*", owner) for it in values)
            return every | any_of(self.view.names(it, machine.declared, ("id",)) for it in values)
        if key == "WindowTargetIds":
            found = (self.view.target(it, WINDOW_TARGETS) for it in values)
            return any_of(
                self._target(Resource(self.view, it, inner), machine)
                for it in found
                if it is not None
                for inner in Resource(self.view, it).elements("Targets", "targets")
            )
        if isinstance(key, str) and key.startswith("tag:"):
            return machine.tagged(key.removeprefix("tag:"), values)
        return unknown("whom the task reaches is not known", target.span, owner)


def _installs(document: object) -> bool:
    return isinstance(document, str) and document.lower().rpartition("/")[2] in _INSTALLING


class Machine(
    Resource,
    service="ec2",
    model=INFRASTRUCTURE,
    cloudformation=(INSTANCES[0], GROUPS[0]),
    terraform=(INSTANCES[1], GROUPS[1]),
):
    """An instance, or a group of them that are launched alike."""

    lifetime = number(cfn="MaxInstanceLifetime", tf="max_instance_lifetime", default=0)

    @property
    def kept_current(self) -> Truth:
        """Whether patches are installed on it, or it is replaced by something newer from time to time."""
        patched = any_of(it.installs & it.reaches(self) for it in PatchTask.subjects(self.view))
        return patched | self.replaced | self._by_quick_setup | self._updates_itself

    @property
    def replaced(self) -> Truth:
        """Whether it is replaced from time to time: by age, by a refresh, or by the images of a pipeline."""
        pipeline = any_of(self.view.exists(it) for it in self.view.of(PIPELINES))
        if self.declared.type not in GROUPS:
            return pipeline
        ages = type(self).lifetime.fits(self, Range(1))
        return ages | self.is_set((), "instance_refresh") | pipeline

    def tagged(self, name: str, values: tuple[Setting, ...]) -> Truth:
        """Whether it carries a tag with one of some values."""
        return any_of(self._is_one_of(carried, values) for carried in self._tags(name))

    def _is_one_of(self, carried: Setting, values: tuple[Setting, ...]) -> Truth:
        owner = self.declared.address
        if not isinstance(carried, Known):
            return unknown("the tag is unknown", carried.span, owner)
        return any_of(fits(it, "the tag", lambda value: value == carried.it, owner) for it in values)

    def _tags(self, name: str) -> Iterator[Setting]:
        tags = self.read((), "tags")
        if name in entries(tags):
            yield entries(tags)[name]
        for it in self.elements("Tags", "tag"):
            pair = Resource(self.view, self.declared, it)
            if plain(pair.read("Key", "key")) == name:
                yield pair.read("Value", "value")

    @property
    def _by_quick_setup(self) -> Truth:
        return any_of(
            unknown("Quick Setup may patch it", it.span, it.address) & self.view.exists(it)
            for it in self.view.of(QUICK_SETUP)
        )

    @property
    def _updates_itself(self) -> Truth:
        return any_of(it.updates_itself for it in self.launches)

    @property
    def launches(self) -> tuple[Launch, ...]:
        """What it is launched from: itself, or the template or configuration that it names."""
        if self.declared.type not in GROUPS:
            return (Launch(self.view, self.declared),)
        found = self.view.target(self.read(*_LAUNCHED_FROM), (*TEMPLATES, *CONFIGURATIONS))
        return () if found is None else (Launch(self.view, found),)


_LAUNCHED_FROM = (
    (
        "LaunchTemplate.LaunchTemplateId", "LaunchTemplate.LaunchTemplateName", "LaunchConfigurationName",
        "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId",
    ),
    (
        "launch_template.id", "launch_template.name", "launch_configuration",
        "mixed_instances_policy.launch_template.launch_template_specification.launch_template_id",
    ),
)  # fmt: skip


class Fleet(Machine):
    """All machines of a deployment, for what is said once about them."""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Fleet]:
        """One, where there are machines: in the place of the first that nothing keeps current, else of the first."""
        machines = list(Machine.subjects(view))
        alone = (it for it in machines if it.kept_current.state is State.NO)
        if machines:
            yield cls(view, next(alone, machines[0]).declared)

    @property
    def left_alone(self) -> Truth:
        """Whether nothing keeps some machine current; the reason names all of them."""
        judged = [(it, it.kept_current) for it in Machine.subjects(self.view)]
        alone = [it.declared for it, truth in judged if truth.state is State.NO]
        if alone:
            names = ", ".join(it.address for it in alone[:3]) + (
                f" and {len(alone) - 3} more" if len(alone) > 3 else ""
            )
            reasons = (yes(f"nothing patches or replaces {names}", it.span, it.address) for it in alone)
            return all_of(reasons)
        return any_of(~truth for _, truth in judged)


class PinnedImage(Launch):
    """A launch as something that starts from an image and ages with it."""

    @property
    def kept_current(self) -> Truth:
        """Whether what is launched from it is patched or replaced from time to time."""
        if self.declared.type in INSTANCES:
            return Machine(self.view, self.declared).kept_current
        users = [it for it in self.view.graph.mentioning(self.declared.address) if it.type in (*INSTANCES, *GROUPS)]
        if not users:
            return unknown("what is launched from it is not declared here", self.span, self.declared.address)
        return any_of(Machine(self.view, it).kept_current for it in users)
