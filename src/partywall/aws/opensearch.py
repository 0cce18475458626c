"""Search domains."""

from __future__ import annotations

from partywall.aws.resource import CONTAINER, Resource, flag
from partywall.truth import Truth


class Domain(
    Resource,
    service="opensearch",
    model=CONTAINER,
    cloudformation=("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"),
    terraform=("aws_opensearch_domain", "aws_elasticsearch_domain"),
):
    """A domain; plain unless encryption is asked for, and public unless it is placed in a VPC."""

    encrypted = flag(cfn="EncryptionAtRestOptions.Enabled", tf="encrypt_at_rest.enabled", default=False)

    fine_grained = flag(cfn="AdvancedSecurityOptions.Enabled", tf="advanced_security_options.enabled", default=False)

    @property
    def in_vpc(self) -> Truth:
        """Whether it stands in a VPC; otherwise it has a public endpoint, guarded by its access policy alone."""
        return self.is_set("VPCOptions", "vpc_options")
