"""What policies mean: who is let in, and what an identity could make of its rights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partywall.aws.policy import PolicyDocument, ResourceStatement, Statement, statements
from partywall.aws.resource import entries
from partywall.reason.policy_condition import denies_others, names_callers, tests
from partywall.truth import NO, Truth, all_of, any_of, known, yes
from partywall.value import Known, fits

PASS_ROLE = "iam:PassRole"  # noqa: S105 - the name of an action
ESCALATIONS: Sequence[tuple[str, ...]] = (
    ("iam:CreatePolicyVersion",),
    ("iam:SetDefaultPolicyVersion",),
    ("iam:AttachUserPolicy",),
    ("iam:AttachGroupPolicy",),
    ("iam:AttachRolePolicy",),
    ("iam:PutUserPolicy",),
    ("iam:PutGroupPolicy",),
    ("iam:PutRolePolicy",),
    ("iam:CreateAccessKey",),
    ("iam:CreateLoginProfile",),
    ("iam:UpdateLoginProfile",),
    ("iam:AddUserToGroup",),
    ("iam:UpdateAssumeRolePolicy",),
    ("iam:DeleteRolePermissionsBoundary",),
    ("iam:PutRolePermissionsBoundary",),
    ("iam:DeleteUserPermissionsBoundary",),
    ("lambda:UpdateFunctionCode",),
    (PASS_ROLE, "ec2:RunInstances"),
    (PASS_ROLE, "lambda:CreateFunction", "lambda:InvokeFunction"),
    (PASS_ROLE, "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    (PASS_ROLE, "lambda:CreateFunction", "lambda:AddPermission"),
    (PASS_ROLE, "cloudformation:CreateStack"),
    (PASS_ROLE, "ecs:RunTask"),
    (PASS_ROLE, "glue:CreateJob"),
    (PASS_ROLE, "glue:CreateDevEndpoint"),
    (PASS_ROLE, "codebuild:CreateProject", "codebuild:StartBuild"),
    (PASS_ROLE, "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"),
    (PASS_ROLE, "sagemaker:CreateTrainingJob"),
    (PASS_ROLE, "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"),
    (PASS_ROLE, "ec2:AssociateIamInstanceProfile"),
    ("ssm:SendCommand",),
    ("ssm:StartSession",),
    ("sts:AssumeRole",),
)
"""Sets of rights, each of which makes more of itself when it holds on every resource."""


def full_admin(statement: Statement) -> Truth:
    """Whether a statement grants everything on everything."""
    return statement.every_action & statement.every_resource & statement.allows & ~statement.conditional


def open_to_anyone(statement: Statement) -> Truth:
    """Whether a statement in a resource's policy lets in everyone: not limited to callers, not denied to others."""
    return statement.anyone & statement.allows & ~names_callers(statement) & ~_denied(statement)


def _denied(statement: Statement) -> Truth:
    """Whether another statement of the same document denies it to all but named callers."""
    return any_of(
        other.denies & other.anyone & ~other.has("NotPrincipal") & denies_others(other) & _reaches(other, statement)
        for other in siblings(statement)
        if other.value is not statement.value
    )


def siblings(statement: Statement) -> Iterator[Statement]:
    """All statements of the documents that a declaration holds."""
    places = ResourceStatement.places.get(statement.declared.type) or type(statement).places[statement.declared.type]
    for element in statements(statement.view, statement.declared, places):
        yield Statement(statement.view, statement.declared, element)


def _reaches(deny: Statement, allow: Statement) -> Truth:
    """Whether a Deny covers the actions and resources of an Allow: by stars, or by naming the same."""
    owner = deny.declared.address
    actions = deny.some("Action", "`Action`", lambda it: it in ("*", "*:*") or it.endswith(":*"), lambda _: None)
    named = all_of(
        fits(item, "`Action`", lambda it: isinstance(it, str), owner) & deny.covers(str(item.it))
        if isinstance(item, Known)
        else NO
        for item in allow.listed("Action")
    )
    mine = {_spelled(it) for it in deny.listed("Resource")}
    theirs = {_spelled(it) for it in allow.listed("Resource")}
    same = "*" in mine or not theirs or theirs <= mine
    return (actions | named) & known(same, "the same resources", deny.span, owner)


def _spelled(value: object) -> object:
    if isinstance(value, Known):
        return value.it
    parts = getattr(value, "parts", None)
    references = tuple((it.address, it.attribute) for it in getattr(value, "references", ()))
    return (parts, references)


def escalation(document: PolicyDocument) -> Truth:
    """Whether a document holds a set of rights that lets its owner take more, without being full administrator."""
    held = [
        statement
        for statement in document.statements
        if isinstance(entries(statement.value), dict) or entries(statement.value)
    ]
    admin = any_of(full_admin(statement) for statement in held)
    return any_of(_set(held, wanted) for wanted in ESCALATIONS) & ~admin


def _set(held: Sequence[Statement], wanted: Sequence[str]) -> Truth:
    return all_of(_granted(held, action) for action in wanted)


def _granted(held: Sequence[Statement], action: str) -> Truth:
    granted = any_of(_names(it, action) & it.allows & wide(it) & ~it.conditional for it in held)
    return granted & ~any_of(it.denies & it.covers(action) & ~it.conditional for it in held)


def _names(statement: Statement, action: str) -> Truth:
    covered = statement.covers(action)
    if covered.state.value != "yes":
        return covered
    place = covered.because[0].span if covered.because else statement.span
    return yes(f"{action} is granted", place, statement.declared.address)


def wide(statement: Statement) -> Truth:
    """Whether it is about every resource, or all users, roles, policies or functions."""
    some = statement.some("Resource", "`Resource`", _is_wide, _partly_wide)
    return some | statement.has("NotResource")


def _is_wide(text: str) -> bool:
    if text == "*":
        return True
    tail = text.split(":", 5)[-1]
    return tail in ("*", "role/*", "user/*", "policy/*", "group/*", "function:*", "function/*", "instance/*")


def _partly_wide(parts: tuple[str | None, ...]) -> bool | None:
    return _is_wide("".join("x" if part is None else part for part in parts)) if any(parts) else None


def passes_any_role(statement: Statement) -> Truth:
    """Whether it lets its owner hand any role to a service."""
    narrowed = known(
        bool(tests(statement, "iam:PassedToService")),
        "limited to a service",
        statement.span,
        statement.declared.address,
    )
    named = statement.some("Action", "`Action`", lambda it: it.lower() in ("iam:passrole", "iam:pass*"), lambda _: None)
    return named & statement.allows & wide(statement) & ~narrowed


def tls_enforced(document: Sequence[Statement]) -> Truth:
    """Whether requests without TLS are denied to everyone, for every action."""
    return any_of(_tls(statement) for statement in document)


def _tls(statement: Statement) -> Truth:
    owner = statement.declared.address
    if not isinstance(statement.value, Known):
        return statement.denies
    secure = any_of(
        all_of(
            fits(item, "aws:SecureTransport", lambda it: str(it).lower() == "false", owner)
            for item in statement.view.items(values)
        )
        for operator, values in tests(statement, "aws:SecureTransport").items()
        if operator in ("bool", "boolifexists", "stringequals")
    )
    version = known(bool(tests(statement, "s3:TlsVersion")), "a least TLS version", statement.span, owner)
    actions = statement.some("Action", "`Action`", lambda it: it in ("*", "*:*") or it.endswith(":*"), lambda _: None)
    return statement.denies & statement.anyone & actions & (secure | version)
