"""Where policies are written, type by type: the dotted names of documents, or how properties make one.

A policy of a VPC endpoint limits what passes it and grants nothing, so it is not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from partywall.aws.resource import Resource, entries
from partywall.graph import View
from partywall.value import Choice, Known, Setting, Unknown

Made = Callable[[Resource], Setting]
Places = Mapping[str, tuple[str | Made, ...]]


def names_declared(view: View, value: Setting) -> bool:
    """Whether a value refers to something declared, or to the account itself: it is one thing, though unknown."""
    return any(
        it.address.startswith("AWS::")
        or (
            (found := view.graph.by_address.get(it.address)) is not None and found.type not in ("variable", "parameter")
        )
        for it in value.references
    )


def _principal(view: View, value: Setting) -> Setting:
    """What `Principal` says where it is a property of its own: anyone, a service, or an account."""
    if isinstance(value, Choice):
        arms = tuple((option, _principal(view, arm)) for option, arm in value.arms)
        return Choice(value.variable, arms, value.span, value.references, value.origin)
    if isinstance(value, Known) and isinstance(value.it, str) and value.it != "*":
        kind = "AWS" if value.it.isdecimal() or value.it.startswith("arn:") else "Service"
        return Known({kind: value}, value.span)
    if isinstance(value, Unknown) and names_declared(view, value):
        return Known({"AWS": value}, value.span)
    return value


def _granted(of: Resource, principal: Setting, tests: Mapping[tuple[str, str], Setting], **rest: Setting) -> Setting:
    """A document with one Allow; tests whose property is not set are left out."""
    conditions: dict[str, Setting] = {}
    for (operator, key), value in tests.items():
        if not (isinstance(value, Known) and value.it is None):
            before = entries(conditions.get(operator, Known({})))
            conditions[operator] = Known({**before, key: value}, value.span)
    statement: dict[str, Setting] = {"Effect": Known("Allow", of.span), "Principal": principal, **rest}
    if conditions:
        statement["Condition"] = Known(conditions, next(iter(conditions.values())).span)
    return Known({"Statement": Known(statement, of.span)}, of.span)


def INVOCATION(of: Resource) -> Setting:  # noqa: N802 - named like the tables beside it
    """What a permission of a function grants. Source: Lambda API reference, AddPermission."""
    return _granted(
        of,
        _principal(of.view, of.read("Principal", "principal")),
        {
            ("ArnLike", "aws:SourceArn"): of.read("SourceArn", "source_arn"),
            ("StringEquals", "aws:SourceAccount"): of.read("SourceAccount", "source_account"),
            ("StringEquals", "aws:PrincipalOrgID"): of.read("PrincipalOrgID", "principal_org_id"),
            ("StringEquals", "lambda:FunctionUrlAuthType"): of.read("FunctionUrlAuthType", "function_url_auth_type"),
            ("StringEquals", "lambda:EventSourceToken"): of.read("EventSourceToken", "event_source_token"),
        },
        Action=of.read("Action", "action"),
    )


def LAYER(of: Resource) -> Setting:  # noqa: N802 - named like the tables beside it
    """What a permission of a layer grants. Source: Lambda API reference, AddLayerVersionPermission."""
    organisation = of.read("OrganizationId", "organization_id")
    return _granted(
        of,
        _principal(of.view, of.read("Principal", "principal")),
        {("StringEquals", "aws:PrincipalOrgID"): organisation},
        Action=of.read("Action", "action"),
    )


def EVENT_BUS(of: Resource) -> Setting:  # noqa: N802 - named like the tables beside it
    """What an event bus policy grants: a statement, or an account and perhaps an organisation."""
    statement = of.read("Statement", ())
    if not (isinstance(statement, Known) and statement.it is None):
        return Known({"Statement": statement}, statement.span)
    condition = Resource(of.view, of.declared, of.read("Condition", ()))
    return _granted(
        of,
        _principal(of.view, of.read("Principal", ())),
        {("StringEquals", "aws:PrincipalOrgID"): condition.read("Value", ())},
        Action=of.read("Action", ()),
    )


IDENTITY: Places = {
    "AWS::IAM::Policy": ("PolicyDocument",),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument",),
    "AWS::IAM::RolePolicy": ("PolicyDocument",),
    "AWS::IAM::UserPolicy": ("PolicyDocument",),
    "AWS::IAM::GroupPolicy": ("PolicyDocument",),
    "AWS::IAM::Role": ("Policies.PolicyDocument",),
    "AWS::IAM::User": ("Policies.PolicyDocument",),
    "AWS::IAM::Group": ("Policies.PolicyDocument",),
    "AWS::SSO::PermissionSet": ("InlinePolicy",),
    "aws_iam_policy": ("policy",),
    "aws_iam_role_policy": ("policy",),
    "aws_iam_user_policy": ("policy",),
    "aws_iam_group_policy": ("policy",),
    "aws_iam_role": ("inline_policy.policy",),
    "aws_ssoadmin_permission_set_inline_policy": ("inline_policy",),
}
"""Where policies of users, groups and roles are written."""

TRUST: Places = {
    "AWS::IAM::Role": ("AssumeRolePolicyDocument",),
    "aws_iam_role": ("assume_role_policy",),
}
"""Where a role says who may take it on."""

ACCESS_POINT: Places = {
    "AWS::S3::AccessPoint": ("Policy",),
    "aws_s3_access_point": ("policy",),
    "aws_s3control_access_point_policy": ("policy",),
}
BUCKET: Places = {
    "AWS::S3::BucketPolicy": ("PolicyDocument",),
    "aws_s3_bucket_policy": ("policy",),
    "aws_s3_bucket": ("policy",),
}
QUEUE: Places = {
    "AWS::SQS::QueuePolicy": ("PolicyDocument",),
    "aws_sqs_queue_policy": ("policy",),
    "aws_sqs_queue": ("policy",),
}
TOPIC: Places = {
    "AWS::SNS::TopicPolicy": ("PolicyDocument",),
    "aws_sns_topic_policy": ("policy",),
    "aws_sns_topic": ("policy",),
}
KEY: Places = {
    "AWS::KMS::Key": ("KeyPolicy",),
    "AWS::KMS::ReplicaKey": ("KeyPolicy",),
    "aws_kms_key": ("policy",),
    "aws_kms_key_policy": ("policy",),
    "aws_kms_replica_key": ("policy",),
}
SECRET: Places = {
    "AWS::SecretsManager::ResourcePolicy": ("ResourcePolicy",),
    "aws_secretsmanager_secret_policy": ("policy",),
    "aws_secretsmanager_secret": ("policy",),
}
REPOSITORY: Places = {
    "AWS::ECR::Repository": ("RepositoryPolicyText",),
    "AWS::ECR::RegistryPolicy": ("PolicyText",),
    "aws_ecr_repository_policy": ("policy",),
    "aws_ecr_registry_policy": ("policy",),
}
VAULT: Places = {
    "aws_glacier_vault": ("access_policy",),
    "aws_glacier_vault_lock": ("policy",),
}
TABLE: Places = {
    "AWS::DynamoDB::Table": ("ResourcePolicy.PolicyDocument",),
    "AWS::DynamoDB::GlobalTable": ("Replicas.ResourcePolicy.PolicyDocument",),
    "aws_dynamodb_resource_policy": ("policy",),
}
FILES: Places = {
    "AWS::EFS::FileSystem": ("FileSystemPolicy",),
    "aws_efs_file_system_policy": ("policy",),
}
DOMAIN: Places = {
    "AWS::OpenSearchService::Domain": ("AccessPolicies",),
    "AWS::Elasticsearch::Domain": ("AccessPolicies",),
    "aws_opensearch_domain": ("access_policies",),
    "aws_elasticsearch_domain": ("access_policies",),
    "aws_opensearch_domain_policy": ("access_policies",),
    "aws_elasticsearch_domain_policy": ("access_policies",),
}
FUNCTION: Places = {
    "AWS::Lambda::Permission": (INVOCATION,),
    "AWS::Lambda::LayerVersionPermission": (LAYER,),
    "aws_lambda_permission": (INVOCATION,),
    "aws_lambda_layer_version_permission": (LAYER,),
}
OTHERS: Places = {
    "AWS::Events::EventBusPolicy": (EVENT_BUS,),
    "AWS::Backup::BackupVault": ("AccessPolicy",),
    "AWS::ApiGateway::RestApi": ("Policy",),
    "AWS::Logs::ResourcePolicy": ("PolicyDocument",),
    "AWS::MSK::ClusterPolicy": ("Policy",),
    "AWS::Kinesis::ResourcePolicy": ("ResourcePolicy",),
    "aws_cloudwatch_event_bus_policy": ("policy",),
    "aws_backup_vault_policy": ("policy",),
    "aws_api_gateway_rest_api": ("policy",),
    "aws_api_gateway_rest_api_policy": ("policy",),
    "aws_cloudwatch_log_resource_policy": ("policy_document",),
    "aws_msk_cluster_policy": ("policy",),
    "aws_kinesis_resource_policy": ("resource_policy",),
    "aws_glue_resource_policy": ("policy",),
}
CARRIERS: Places = {
    **ACCESS_POINT,
    **BUCKET,
    **QUEUE,
    **TOPIC,
    **KEY,
    **SECRET,
    **REPOSITORY,
    **VAULT,
    **TABLE,
    **FILES,
    **DOMAIN,
    **FUNCTION,
    **OTHERS,
}
"""Where resources say who may use them."""

LOOSE: Places = {"data.aws_iam_policy_document": ("json",)}
"""Rendered documents, whoever uses them."""
