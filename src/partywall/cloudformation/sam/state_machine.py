"""`AWS::Serverless::StateMachine`: the state machine, its role, its alias, and what its events make."""

from __future__ import annotations

from partywall.cloudformation.sam import api_event, schedule
from partywall.cloudformation.sam.event import Target
from partywall.cloudformation.sam.function import events
from partywall.cloudformation.sam.role import Grants, role_of
from partywall.cloudformation.sam.serverless import Serverless, code
from partywall.cloudformation.sam.tree import Plain, changed, get_att, literal, ref

EVENTS = {
    "Api": api_event.machine,
    "CloudWatchEvent": schedule.rule_with_role,
    "EventBridgeRule": schedule.rule_with_role,
    "Schedule": schedule.rule_with_role,
    "ScheduleV2": schedule.machine_schedule,
}


def state_machine(it: Serverless) -> None:
    """Expand a state machine."""
    grants = Grants()
    if literal(it.get("Tracing", "Enabled")) == "true":
        grants.attach("AWSXrayWriteOnlyAccess", it.at("Tracing"))
    uri = it.get("DefinitionUri")
    properties: dict[str, Plain] = {
        "StateMachineName": it.get("Name"),
        "StateMachineType": it.get("Type"),
        "LoggingConfiguration": it.get("Logging"),
        "TracingConfiguration": it.get("Tracing"),
        "DefinitionString": _text(it),
        "DefinitionS3Location": None
        if uri is None
        else changed(uri, lambda one: code(one, "Bucket", "Key", "Version")),
        "DefinitionSubstitutions": it.get("DefinitionSubstitutions"),
        "RoleArn": role_of(it, "states.amazonaws.com", grants),
        "Tags": it.tags(),
    }
    it.become("AWS::StepFunctions::StateMachine", properties)
    alias = it.get("AutoPublishAlias")
    if alias is not None:
        _alias(it)
    events(it, Target(it.name, attribute=""), grants, EVENTS)


def _text(it: Serverless) -> Plain:
    definition = it.get("Definition")
    return None if definition is None else {"Fn::ToJsonString": definition}


def _alias(it: Serverless) -> None:
    name, at = it.text("AutoPublishAlias") or "", it.at("AutoPublishAlias")
    version = f"{it.name}Version"
    revision: dict[str, Plain] = {
        "StateMachineArn": ref(it.name),
        "StateMachineRevisionId": get_att(it.name, "StateMachineRevisionId"),
    }
    it.make(version, "AWS::StepFunctions::StateMachineVersion", "version", at, revision)
    properties: dict[str, Plain] = {
        "Name": it.get("AutoPublishAlias"),
        "DeploymentPreference": {
            "StateMachineVersionArn": ref(version),
            "Type": it.get("DeploymentPreference", "Type") or "ALL_AT_ONCE",
        },
    }
    it.make(f"{it.name}Alias{name}", "AWS::StepFunctions::StateMachineAlias", "alias", at, properties)
