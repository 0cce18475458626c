"""`DeploymentPreference` of a function: CodeDeploy moves the alias, with an application and a role that all share."""

from __future__ import annotations

from partywall.cloudformation.sam import policy
from partywall.cloudformation.sam.role import trust
from partywall.cloudformation.sam.serverless import Serverless
from partywall.cloudformation.sam.tree import Plain, each, get_att, ref

APPLICATION, ROLE = "ServerlessDeploymentApplication", "CodeDeployServiceRole"
_PREDEFINED = ("AllAtOnce", "Canary10Percent", "Linear10Percent")


def deployment(it: Serverless) -> None:
    """The application, the role unless the author gives one, and the function's deployment group."""
    if it.get("DeploymentPreference") is None or it.text("DeploymentPreference", "Enabled") == "false":
        return
    given, at = it.get("DeploymentPreference", "Role"), it.at("DeploymentPreference")
    _shared(it, APPLICATION, "AWS::CodeDeploy::Application", "deployment application", {"ComputePlatform": "Lambda"})
    if given is None:
        properties: dict[str, Plain] = {
            "AssumeRolePolicyDocument": trust("codedeploy.amazonaws.com"),
            "ManagedPolicyArns": [policy.managed("AWSCodeDeployRoleForLambda")],
        }
        _shared(it, ROLE, "AWS::IAM::Role", "deployment role", properties)
    kind = it.text("DeploymentPreference", "Type")
    alarms = list(each(it.get("DeploymentPreference", "Alarms")))
    group: dict[str, Plain] = {
        "ApplicationName": ref(APPLICATION),
        "ServiceRoleArn": given or get_att(ROLE, "Arn"),
        "DeploymentConfigName": f"CodeDeployDefault.Lambda{kind}"
        if (kind or "").startswith(_PREDEFINED)
        else it.get("DeploymentPreference", "Type"),
        "AlarmConfiguration": {"Enabled": True, "Alarms": [{"Name": one} for one in alarms]} if alarms else None,
        "TriggerConfigurations": it.get("DeploymentPreference", "TriggerConfigurations"),
        "AutoRollbackConfiguration": {
            "Enabled": True,
            "Events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
        },
        "DeploymentStyle": {"DeploymentType": "BLUE_GREEN", "DeploymentOption": "WITH_TRAFFIC_CONTROL"},
    }
    name = f"{it.name}DeploymentGroup"
    it.make(name, "AWS::CodeDeploy::DeploymentGroup", "deployment group", at, group, inherits=_inherits(it))


def _inherits(it: Serverless) -> bool:
    """Whether the function's condition passes on, which has to be asked for."""
    return it.text("DeploymentPreference", "PassthroughCondition") == "true"


def _shared(it: Serverless, name: str, kind: str, part: str, properties: dict[str, Plain]) -> None:
    """A piece for all functions; it has a condition only where it serves a single one."""
    alone = name not in it.template.made
    it.make(name, kind, part, it.at("DeploymentPreference"), properties, inherits=alone and _inherits(it))
