"""Events that Lambda fetches itself: event source mappings, and what the function's role needs for them."""

from __future__ import annotations

from partywall.cloudformation.evaluation import operation
from partywall.cloudformation.sam.event import Event
from partywall.cloudformation.sam.role import allow
from partywall.cloudformation.sam.tree import Plain, child, each, literal, sub
from partywall.text.node import Node

_PASSED = (
    "StartingPosition", "StartingPositionTimestamp", "BatchSize", "Enabled", "MaximumBatchingWindowInSeconds",
    "MaximumRetryAttempts", "BisectBatchOnFunctionError", "MaximumRecordAgeInSeconds", "ParallelizationFactor",
    "Topics", "Queues", "SourceAccessConfigurations", "TumblingWindowInSeconds", "FunctionResponseTypes",
    "FilterCriteria", "KmsKeyArn", "ScalingConfig", "ProvisionedPollerConfig", "MetricsConfig", "LoggingConfig",
)  # fmt: skip
_SOURCES = {
    "Kinesis": "Stream",
    "DynamoDB": "Stream",
    "MSK": "Stream",
    "SQS": "Queue",
    "MQ": "Broker",
    "DocumentDB": "Cluster",
}
_MANAGED = {
    "Kinesis": "AWSLambdaKinesisExecutionRole",
    "DynamoDB": "AWSLambdaDynamoDBExecutionRole",
    "SQS": "AWSLambdaSQSQueueExecutionRole",
    "MSK": "AWSLambdaMSKExecutionRole",
}
_SENDING = {"SQS": "sqs:SendMessage", "SNS": "sns:publish"}
_NETWORK_INTERFACES = [
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface", "ec2:DescribeVpcs",
    "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
]  # fmt: skip
_KAFKA_SECRETS = (
    "SASL_SCRAM_256_AUTH", "SASL_SCRAM_512_AUTH", "BASIC_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH", "OAUTHBEARER_AUTH",
    "SERVER_ROOT_CA_CERTIFICATE",
)  # fmt: skip


def mapping(event: Event) -> None:
    """A mapping from a stream, a queue, a broker or a cluster to the function."""
    source = _SOURCES.get(event.kind)
    properties: dict[str, Plain] = {
        "FunctionName": event.target.reference,
        "EventSourceArn": event.get(source) if source else None,
        "DestinationConfig": _destination(event),
        **event.picked(*_PASSED),
        **_config(event),
    }
    event.make(event.id, "AWS::Lambda::EventSourceMapping", properties)
    if event.kind in _MANAGED:
        event.grants.attach(_MANAGED[event.kind], event.span)
    statements = _statements(event)
    if statements:
        event.grants.allow(f"{event.id}Policy", event.span, *statements)


def _config(event: Event) -> dict[str, Plain]:
    if event.kind == "DocumentDB":
        return {"DocumentDBEventSourceConfig": event.picked("DatabaseName", "CollectionName", "FullDocument")}
    if event.kind not in ("MSK", "SelfManagedKafka"):
        return {}
    kafka = event.picked("ConsumerGroupId", "SchemaRegistryConfig")
    name = "AmazonManagedKafkaEventSourceConfig" if event.kind == "MSK" else "SelfManagedKafkaEventSourceConfig"
    servers = event.get("KafkaBootstrapServers")
    return {
        name: kafka if any(kafka.values()) else None,
        "SelfManagedEventSource": {"Endpoints": {"KafkaBootstrapServers": servers}} if servers is not None else None,
    }


def _destination(event: Event) -> Plain:
    """Where failures go; naming its type there has SAM allow the function to send them."""
    destination = event.get("DestinationConfig", "OnFailure", "Destination")
    kind = literal(event.get("DestinationConfig", "OnFailure", "Type"))
    if destination is None:
        return event.get("DestinationConfig")
    if kind in _SENDING:
        event.grants.allow(f"{event.id}{kind}Policy", destination.span, allow(_SENDING[kind], destination))
    elif kind == "S3":
        event.grants.allow(f"{event.id}S3Policy", destination.span, *write_payloads(destination))
    return {"OnFailure": {"Destination": destination}}


def write_payloads(bucket: Node) -> list[dict[str, Plain]]:
    """The statements with which a function may leave what failed in a bucket."""
    return [allow("s3:PutObject", {"Fn::Join": ["/", [bucket, "*"]]}), allow("s3:ListBucket", bucket)]


def _statements(event: Event) -> list[dict[str, Plain]]:
    """What the role needs for sources without a managed policy of their own; and for secrets."""
    account = "${AWS::Region}:${AWS::AccountId}"
    secret = "secretsmanager:GetSecretValue"  # noqa: S105 - the name of an action
    found: list[dict[str, Plain]] = []
    if event.kind == "MQ":
        found = [allow([secret], _access(event, "BASIC_AUTH")[:1]), allow(["mq:DescribeBroker"], event.get("Broker"))]
    elif event.kind == "DocumentDB":
        found = [
            allow([secret], _access(event, "BASIC_AUTH")[:1]),
            allow(["rds:DescribeDBClusterParameters"], sub(f"arn:${{AWS::Partition}}:rds:{account}:cluster-pg:*")),
            allow(["rds:DescribeDBSubnetGroups"], sub(f"arn:${{AWS::Partition}}:rds:{account}:subgrp:*")),
            allow(["rds:DescribeDBClusters"], event.get("Cluster")),
            allow(_NETWORK_INTERFACES, "*"),
        ]
    elif event.kind == "MSK":
        found = [allow([secret], one) for one in _access(event, "CLIENT_CERTIFICATE_TLS_AUTH")]
    elif event.kind == "SelfManagedKafka":
        found = [allow([secret], one) for one in _access(event, *_KAFKA_SECRETS)]
        if _access(event, "VPC_SUBNET"):
            found.append(allow(_NETWORK_INTERFACES, "*"))
    key = event.get("SecretsManagerKmsKeyId")
    if key is not None:
        arn = sub(f"arn:${{AWS::Partition}}:kms:{account}:key/${{SecretsManagerKmsKeyId}}", SecretsManagerKmsKeyId=key)
        found.append(allow(["kms:Decrypt"], arn))
    return found + _schema_registry(event, secret)


def _access(event: Event, *kinds: str) -> list[Node]:
    """The addresses in `SourceAccessConfigurations` of some types."""
    configured = each(event.get("SourceAccessConfigurations"))
    found = [child(one, "URI") for one in configured if literal(child(one, "Type")) in kinds]
    return [one for one in found if one is not None]


def _schema_registry(event: Event, secret: str) -> list[dict[str, Plain]]:
    if event.kind not in ("MSK", "SelfManagedKafka"):
        return []
    configured = each(event.get("SchemaRegistryConfig", "AccessConfigs"))
    found = [allow([secret], child(one, "URI")) for one in configured]
    registry = event.get("SchemaRegistryConfig", "SchemaRegistryURI")
    address = literal(operation(registry)[1]) if registry is not None else None
    head, _, name = (address or "").rpartition(":registry/")
    if head.startswith("arn:"):
        schemas = sub(f"arn:${{AWS::Partition}}:glue:${{AWS::Region}}:${{AWS::AccountId}}:schema/{name}/*")
        found += [allow(["glue:GetRegistry"], registry), allow(["glue:GetSchemaVersion"], [schemas])]
    return found
