"""Search domains."""

from __future__ import annotations

from partywall.aws.resource import CONTAINER, Resource, flag


class Domain(
    Resource,
    service="opensearch",
    model=CONTAINER,
    cloudformation=("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"),
    terraform=("aws_opensearch_domain", "aws_elasticsearch_domain"),
):
    """A domain; plain unless encryption is asked for, and public unless it is placed in a VPC."""

    encrypted = flag(cfn="EncryptionAtRestOptions.Enabled", tf="encrypt_at_rest.enabled", default=False)
