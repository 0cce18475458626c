"""What programs are handed as environment: functions, tasks, jobs and services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Self

from partywall.aws.resource import ABSTRACT, CONTAINER, Resource, entries
from partywall.aws.secret import carries, is_example, text_in
from partywall.declared import Declared
from partywall.graph import View
from partywall.text.json_text import structure_of
from partywall.truth import Truth, known, unknown
from partywall.value import Choice, Known, Setting, Unknown, choices


class Variable(Resource):
    """One variable of an environment; an environment that is not known is one unknown variable."""

    places: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    name: str = ""

    @classmethod
    def subjects(cls, view: View) -> Iterator[Self]:
        """Every variable, by its name."""
        for declared in view.of(tuple(cls.places)):
            for place in cls.places[declared.type]:
                for at, (name, value) in enumerate(_variables(view, declared, place)):
                    one = cls(view, declared, value, f"{place} {at} {name}")
                    one.name = name
                    yield one

    @property
    def carries_secret(self) -> Truth:
        """Whether it hands over a secret in clear."""
        if not self.name:
            met = frozenset(one.variable for one in choices(self.value))
            return unknown("the environment is unknown", self.span, self.declared.address, met)
        return carries(self.view, self.name, self.value, self.declared.address)

    @property
    def carries_example(self) -> Truth:
        """Whether what it hands over is only an example key of AWS's documentation."""
        example = is_example(text_in(self.value))
        return known(
            example, "the key is an example of AWS's documentation", self.value.span, self.declared.address,
            otherwise="",
        )  # fmt: skip


def _variables(view: View, declared: Declared, place: str) -> Iterator[tuple[str, Setting]]:
    """The variables under a path, on which JSON text is read and lists are gone through."""
    holders: list[Setting] = [Known(declared.attributes, declared.span)]
    for name in place.split("."):
        holders = [
            item for holder in holders for item in view.items(view.look(structure_of(view.look(holder, (name,))), ()))
        ]
    for holder in holders:
        if isinstance(holder, Unknown | Choice):
            yield "", holder
        elif "Name" in entries(holder) or "name" in entries(holder):
            yield from _pair(view, holder)
        else:
            yield from entries(holder).items()


def _pair(view: View, holder: Setting) -> Iterator[tuple[str, Setting]]:
    name = next((one for key in ("Name", "name") if (one := entries(holder).get(key)) is not None), Known(None))
    value = next((one for key in ("Value", "value") if (one := entries(holder).get(key)) is not None), Known(None))
    yield (str(name.it) if isinstance(name, Known) else "", view.look(value, ()))


class FunctionVariable(
    Variable,
    service="lambda",
    model=ABSTRACT,
    cloudformation="AWS::Lambda::Function",
    terraform="aws_lambda_function",
):
    """A variable of a function."""

    places: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "AWS::Lambda::Function": ("Environment.Variables",),
        "aws_lambda_function": ("environment.variables",),
    }


class TaskVariable(
    Variable,
    service="ecs",
    model=CONTAINER,
    cloudformation=("AWS::ECS::TaskDefinition", "AWS::Batch::JobDefinition", "AWS::AppRunner::Service"),
    terraform=("aws_ecs_task_definition", "aws_batch_job_definition", "aws_apprunner_service"),
):
    """A variable of a container."""

    places: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "AWS::ECS::TaskDefinition": ("ContainerDefinitions.Environment",),
        "AWS::Batch::JobDefinition": ("ContainerProperties.Environment",),
        "AWS::AppRunner::Service": (
            "SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables",
            "SourceConfiguration.CodeRepository.CodeConfiguration.CodeConfigurationValues.RuntimeEnvironmentVariables",
        ),
        "aws_ecs_task_definition": ("container_definitions.environment",),
        "aws_batch_job_definition": ("container_properties.environment",),
        "aws_apprunner_service": (
            "source_configuration.image_repository.image_configuration.runtime_environment_variables",
            "source_configuration.code_repository.code_configuration.code_configuration_values"
            ".runtime_environment_variables",
        ),
    }
