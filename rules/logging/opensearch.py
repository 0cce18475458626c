"""OpenSearch: logs of domains."""

from __future__ import annotations

from partywall.aws.opensearch import Domain
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule(
    "LOG205",
    MEDIUM,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_84", "checkov:CKV_AWS_317", "trivy:AVD-AWS-0042", "kics:ElasticSearch Without Slow Logs",
        "kics:Elasticsearch Logs Disabled", "guard:ELASTICSEARCH_APPLICATION_LOGGING_ENABLED",
        "guard:ELASTICSEARCH_AUDIT_LOGGING_ENABLED", "guard:ELASTICSEARCH_LOGS_TO_CLOUDWATCH",
        "guard:OPENSEARCH_APPLICATION_LOGGING_ENABLED", "guard:OPENSEARCH_AUDIT_LOGGING_ENABLED",
        "cloudrail:non_car_elasticsearch_domain_logging_enabled", "terrascan:AC_AWS_0105",
        "cdk_nag:OpenSearchErrorLogsToCloudWatch", "cdk_nag:OpenSearchSlowLogsToCloudWatch", "fsbp:ES.4", "fsbp:ES.5",
        "fsbp:Opensearch.4", "fsbp:Opensearch.5",
    ],
)  # fmt: skip
def opensearch_logs_off(domain: Domain) -> Truth:
    """Search domains publish audit or error logs.

    Audit logs tell who asked for what, and need fine-grained access control; application logs tell what went wrong.
    None is published unless asked for. Slow logs tell about speed and do not count.

    Instead: publish `AUDIT_LOGS` and `ES_APPLICATION_LOGS` to CloudWatch Logs.

    Sources: AWS Security Hub Opensearch.4 and Opensearch.5; OpenSearch Service developer guide, Monitoring logs.
    """
    return ~domain.publishes("AUDIT_LOGS", "ES_APPLICATION_LOGS")
