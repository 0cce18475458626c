"""Policies that AWS writes and keeps: what the powerful and the usual ones grant, and that others grant no power.

Source: AWS managed policy reference. Only what matters for administrators and for taking more rights is told apart.
"""

from __future__ import annotations

from collections.abc import Mapping

from partywall.graph import View
from partywall.value import Choice, Known, Setting, Unknown, distinct, told

_ALL = {"Action": "*"}
_GRANTS: Mapping[str, Mapping[str, str | tuple[str, ...]]] = {
    "AdministratorAccess": _ALL,
    "PowerUserAccess": {"NotAction": ("iam:*", "organizations:*", "account:*")},
    "IAMFullAccess": {"Action": ("iam:*",)},
    "AmazonEC2FullAccess": {"Action": ("ec2:*", "elasticloadbalancing:*", "cloudwatch:*", "autoscaling:*")},
    "AmazonS3FullAccess": {"Action": ("s3:*", "s3-object-lambda:*")},
    "AmazonSQSFullAccess": {"Action": ("sqs:*",)},
    "AmazonSNSFullAccess": {"Action": ("sns:*",)},
    "AmazonSSMFullAccess": {"Action": ("ssm:*",)},
    "AWSCloudFormationFullAccess": {"Action": ("cloudformation:*",)},
    "CloudWatchFullAccess": {"Action": ("cloudwatch:*", "logs:*", "sns:*")},
    "CloudWatchLogsFullAccess": {"Action": ("logs:*",)},
    "AmazonElasticMapReduceRole": {"Action": ("ec2:RunInstances", "ec2:CreateTags", "iam:PassRole", "sqs:*")},
    "AmazonElasticMapReduceforEC2Role": {
        "Action": ("s3:*", "dynamodb:*", "sns:*", "sqs:*", "sdb:*", "cloudwatch:*", "ec2:Describe*", "rds:Describe*")
    },
    "SecretsManagerReadWrite": {"Action": ("secretsmanager:*",)},
    "AdministratorAccess-AWSElasticBeanstalk": {"Action": ("elasticbeanstalk:*",)},
}
_HARMLESS = frozenset(
    {
        "AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaKinesisExecutionRole", "AWSLambdaDynamoDBExecutionRole", "AWSLambdaExecute",
        "AmazonSSMManagedInstanceCore",
        "CloudWatchAgentServerPolicy", "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEKSClusterPolicy",
        "AmazonEKSServicePolicy", "AmazonEKSVPCResourceController", "AmazonEKSFargatePodExecutionRolePolicy",
        "AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerServiceRole", "AmazonEC2ContainerServiceforEC2Role",
        "AmazonEKSWorkerNodeMinimalPolicy", "AmazonEBSCSIDriverPolicy", "AmazonRDSDirectoryServiceAccess",
        "AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPowerUser", "AmazonECSTaskExecutionRolePolicy",
        "AmazonS3ReadOnlyAccess", "AmazonSQSReadOnlyAccess", "AmazonSNSReadOnlyAccess", "AmazonEC2ReadOnlyAccess",
        "AmazonDynamoDBReadOnlyAccess", "AmazonRDSReadOnlyAccess", "AmazonRDSEnhancedMonitoringRole",
        "AmazonVPCReadOnlyAccess", "ReadOnlyAccess", "ViewOnlyAccess", "SecurityAudit", "IAMReadOnlyAccess",
        "AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess", "AmazonAPIGatewayPushToCloudWatchLogs",
        "AmazonKinesisReadOnlyAccess", "AmazonKinesisFullAccess", "AmazonSSMReadOnlyAccess", "CloudWatchReadOnlyAccess",
        "CloudWatchLogsReadOnlyAccess", "AWSAppRunnerServicePolicyForECRAccess", "AmazonCognitoReadOnly", "Billing",
        "AWSSupportAccess", "IAMUserChangePassword", "AWSConfigRulesExecutionRole", "AWS_ConfigRole",
        "AWSBackupServiceRolePolicyForBackup", "AmazonDMSVPCManagementRole", "AmazonDMSCloudWatchLogsRole",
        "AmazonEC2SpotFleetTaggingRole", "AmazonElasticFileSystemClientReadWriteAccess",
        "AmazonPrometheusRemoteWriteAccess",
        "AWSElasticBeanstalkWebTier", "AWSElasticBeanstalkWorkerTier", "AWSElasticBeanstalkMulticontainerDocker",
        "AWSElasticBeanstalkEnhancedHealth", "AWSCloudTrail_ReadOnlyAccess",
    }
)  # fmt: skip


def document(name: str, arn: Setting) -> Setting:
    """What an AWS managed policy grants, at the place where it is named; unknown for one that is not known here."""
    if name in _HARMLESS:
        return Known({"Statement": Known((), arn.span)}, arn.span)
    grant = _GRANTS.get(name)
    if grant is None:
        return Unknown(f"what AWS's policy {told(arn, name)} grants is not known here", arn.span)
    parts: dict[str, Setting] = {"Effect": Known("Allow", arn.span), "Resource": Known("*", arn.span)}
    for key, actions in grant.items():
        listed = (actions,) if isinstance(actions, str) else actions
        parts[key] = Known(tuple(Known(action, arn.span) for action in listed), arn.span)
    return Known({"Statement": Known(parts, arn.span)}, arn.span)


def name_of(arn: Setting) -> str | None:
    """The name of the AWS managed policy that an ARN means, if it surely means one, in whatever partition."""
    if isinstance(arn, Choice):
        names = {name_of(arm) for arm in distinct(arn)}
        return names.pop() if len(names) == 1 else None
    text = arn.it if isinstance(arn, Known) and isinstance(arn.it, str) else ""
    if isinstance(arn, Unknown) and arn.parts:
        text = "".join("x" if part is None else part for part in arn.parts)
    head, colons, tail = text.partition("::aws:policy/")
    return tail.rpartition("/")[2] if colons and head.endswith(":iam") else None


def looked_up(view: View, arn: Setting) -> str | None:
    """The name of the policy that a data source looks up for an ARN."""
    declared = view.target(arn, ("data.aws_iam_policy",))
    if declared is None:
        return None
    name = declared.attributes.get("name", Known(None))
    if isinstance(name, Known) and isinstance(name.it, str):
        return name.it
    return name_of(declared.attributes.get("arn", Known(None)))
