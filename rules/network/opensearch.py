"""OpenSearch: where a domain stands."""

from __future__ import annotations

from partywall.aws.opensearch import Domain
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "NET221",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_137", "kics:ElasticSearch Domain Not In VPC", "cfn_nag:W90",
        "guard:ELASTICSEARCH_IN_VPC_ONLY", "guard:OPENSEARCH_IN_VPC_ONLY",
        "cloudrail:public_access_elasticsearch_rule", "cdk_nag:OpenSearchInVPCOnly", "fsbp:ES.2",
        "fsbp:Opensearch.2",
    ],
)  # fmt: skip
def opensearch_outside_vpc(domain: Domain) -> Truth:
    """Search domains stand in a VPC.

    A domain without VPC options has an endpoint on the internet, with no firewall before it: its access policy is all
    that guards it. A domain cannot move into a VPC later; it has to be made anew.

    Instead: create the domain with VPC options: subnets and a security group of its own.

    Sources: OpenSearch Service developer guide, Launching your domains within a VPC; AWS Security Hub Opensearch.2.
    """
    return ~domain.in_vpc
