"""Search domains: who is let in."""

from __future__ import annotations

from partywall.aws.domain_policy import DomainStatement
from partywall.reason.policy import public
from partywall.rule import CRITICAL, HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "IAM210",
    HIGH,
    same_as=[
        "kics:Elasticsearch Domain With Vulnerable Policy", "cloudrail:non_car_aws_es_service_domain_policy_wildcard",
        "terrascan:AC_AWS_0469", "cdk_nag:OpenSearchNoUnsignedOrAnonymousAccess", "cdk_nag:OpenSearchAllowlistedIPs",
    ],
    raised=(CRITICAL, lambda statement: ~statement.in_vpc),
    lowered=(MEDIUM, lambda statement: statement.in_vpc),
)  # fmt: skip
def opensearch_access_open(statement: DomainStatement) -> Truth:
    """Access policies of search domains name who may search.

    An Allow for `*` needs no signature: outside a VPC the whole internet reads and writes the indices. Inside one it is
    whoever reaches the network, unless fine-grained access control asks again.

    Instead: name roles in `Principal`, and switch fine-grained access control on.

    Sources: Amazon OpenSearch Service developer guide, Identity and Access Management.
    """
    return public.open_to_anyone(statement) & ~(statement.in_vpc & statement.fine_grained)
