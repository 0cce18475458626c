"""Sets of rights, each of which makes more of itself when it is held widely.

Sources: the sets that Rhino Security Labs described and that cloudsplaining and pathfinding.cloud keep; the IAM user
guide on permissions boundaries and on passing roles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from partywall.aws.identity import Rights
from partywall.reason.policy import action as actions
from partywall.reason.policy.capability import Capability, admin, administers, capability, unrefused
from partywall.reason.policy.statement import includes
from partywall.truth import Because, State, Truth

_PASS = "iam:PassRole"  # noqa: S105 - the name of an action
_SETS: Mapping[str, Sequence[tuple[str, ...]]] = {
    "rewrites a policy": (("iam:CreatePolicyVersion",), ("iam:SetDefaultPolicyVersion",)),
    "attaches any policy": (("iam:AttachUserPolicy",), ("iam:AttachGroupPolicy",), ("iam:AttachRolePolicy",)),
    "writes any policy": (("iam:PutUserPolicy",), ("iam:PutGroupPolicy",), ("iam:PutRolePolicy",)),
    "makes credentials of another user": (
        ("iam:CreateAccessKey",), ("iam:CreateLoginProfile",), ("iam:UpdateLoginProfile",),
    ),
    "joins any group": (("iam:AddUserToGroup",),),
    "lets itself take on any role": (("iam:UpdateAssumeRolePolicy",),),
    "lifts boundaries": (
        ("iam:DeleteRolePermissionsBoundary",), ("iam:PutRolePermissionsBoundary",),
        ("iam:DeleteUserPermissionsBoundary",), ("iam:PutUserPermissionsBoundary",),
    ),
    "takes on any role": (("sts:AssumeRole",),),
    "runs commands as any instance": (("ssm:SendCommand",), ("ssm:StartSession",)),
    "runs commands in any container": (("ecs:ExecuteCommand",),),
    "changes the code of any function": (("lambda:UpdateFunctionCode",),),
    "starts an instance with any role": (
        (_PASS, "ec2:RunInstances"), (_PASS, "ec2:RequestSpotInstances"), (_PASS, "ec2:AssociateIamInstanceProfile"),
    ),
    "changes what instances run at start": (
        ("ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),
        ("ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
    ),
    "runs a function with any role": (
        (_PASS, "lambda:CreateFunction", "lambda:InvokeFunction"),
        (_PASS, "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
        (_PASS, "lambda:CreateFunction", "lambda:AddPermission"),
    ),
    "runs a stack with any role": (
        (_PASS, "cloudformation:CreateStack"),
        (_PASS, "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
    ),
    "runs a container with any role": ((_PASS, "ecs:RunTask"), (_PASS, "apprunner:CreateService")),
    "runs a job with any role": (
        (_PASS, "glue:CreateJob"), (_PASS, "glue:CreateDevEndpoint"), (_PASS, "glue:UpdateJob", "glue:StartJobRun"),
        (_PASS, "codebuild:CreateProject", "codebuild:StartBuild"),
        (_PASS, "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"),
        (_PASS, "sagemaker:CreateTrainingJob"),
        (_PASS, "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"),
        (_PASS, "bedrock-agentcore:CreateCodeInterpreter", "bedrock-agentcore:InvokeCodeInterpreter"),
    ),
}  # fmt: skip


@cache
def _bits() -> tuple[tuple[str, tuple[str, ...], int], ...]:
    return tuple((what, one, actions.union(one)) for what, sets in _SETS.items() for one in sets)


def escalates(given: int) -> bool:
    """Whether some actions, held widely, hold a set."""
    return any(bits & ~given == 0 for _, _, bits in _bits())


def escalation(rights: Rights) -> Truth:
    """Whether rights let their owner take more, without being an administrator's already."""
    found = capability(rights)
    given = found.widely
    if not escalates(given.most):
        return _lifts_refusals(rights, found)
    if administers(found.everywhere.least):
        return ~admin(rights)
    held = [(what, one) for what, one, bits in _bits() if bits & ~given.least == 0]
    if not held:
        return found.open("which rights are granted is unknown")
    what, one = held[0]
    more = len({name for name, _ in held}) - 1
    text = f"who holds it {what}" + (f", and {more} other way{'s' if more > 1 else ''}" if more else "")
    return _because(found, one, text)


_LIFTING = (
    "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:DeleteUserPolicy", "iam:DetachUserPolicy",
    "iam:DeleteGroupPolicy", "iam:DetachGroupPolicy",
)  # fmt: skip


def _lifts_refusals(rights: Rights, found: Capability) -> Truth:
    """Whether rights are kept from making more of themselves by refusals only, and let their owner take those off."""
    held = next((it for it in _LIFTING if found.widely.least & actions.expand(it)), None)
    if held is not None and escalates(unrefused(rights).widely.least):
        return _because(found, (held,), "who holds it takes off the policy that refuses the rest")
    return Truth(
        State.NO, (Because("no set of rights that makes more of itself", rights.span, rights.declared.address),)
    )


def _because(found: Capability, wanted: Sequence[str], text: str) -> Truth:
    reasons: list[Because | Truth] = []
    for at, name in enumerate(wanted):
        bit = actions.expand(name)
        grant = found.giving(bit)
        assert grant is not None
        claim = f"{name} is granted: {text}" if not at else f"{name} is granted"
        reasons.append(includes(grant.statement, bit, claim))
    return Truth(State.YES, tuple(reasons))
