"""Search domains."""

from __future__ import annotations

from partywall.aws.resource import CONTAINER, Resource, flag, one_of, text
from partywall.truth import Truth, any_of, no
from partywall.value import Known, Setting, Unknown


class Domain(
    Resource,
    service="opensearch",
    model=CONTAINER,
    cloudformation=("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"),
    terraform=("aws_opensearch_domain", "aws_elasticsearch_domain"),
):
    """A domain; plain unless encryption is asked for, and public unless it is placed in a VPC."""

    encrypted = flag(cfn="EncryptionAtRestOptions.Enabled", tf="encrypt_at_rest.enabled", default=False)

    node_to_node = flag(cfn="NodeToNodeEncryptionOptions.Enabled", tf="node_to_node_encryption.enabled", default=False)

    fine_grained = flag(cfn="AdvancedSecurityOptions.Enabled", tf="advanced_security_options.enabled", default=False)

    asks_for_https = flag(
        cfn="DomainEndpointOptions.EnforceHTTPS",
        tf="domain_endpoint_options.enforce_https",
        default=False,
        tf_default=True,
    )

    @property
    def https_only(self) -> Truth:
        """Whether it refuses plain HTTP. Terraform's provider asks for that once the block is there, AWS does not.

        Sources: AWS provider documentation, aws_opensearch_domain; CloudFormation reference, DomainEndpointOptions.
        """
        if self.in_terraform:
            return self.asks_for_https & self.is_set((), "domain_endpoint_options")
        return self.asks_for_https

    def publishes(self, *kinds: str) -> Truth:
        """Whether it publishes one of some kinds of logs; none is published unless asked for."""
        if not self.in_terraform:
            found = [(kind, self.read(f"LogPublishingOptions.{kind}", ())) for kind in kinds]
            named = [_Log(self.view, self.declared, it) for _, it in found if not _is_absent(it)]
            return any_of(it.enabled for it in named) | no(
                f"none of {' and '.join(kinds)} is published", self.span, self.declared.address
            )
        blocks = (_Log(self.view, self.declared, it) for it in self.elements((), "log_publishing_options"))
        return any_of(it.enabled & _Log.kind.fits(it, one_of(*kinds)) for it in blocks) | no(
            f"none of {' and '.join(kinds)} is published", self.span, self.declared.address
        )

    @property
    def in_vpc(self) -> Truth:
        """Whether it stands in a VPC; otherwise it has a public endpoint, guarded by its access policy alone."""
        return self.is_set("VPCOptions", "vpc_options")


class _Log(Resource, service="opensearch", model=CONTAINER):
    """A kind of log and whether it is published."""

    kind = text(tf="log_type", default=Unknown("the kind of log is not given"))
    enabled = flag(cfn="Enabled", tf="enabled", default=False, tf_default=True)


def _is_absent(value: Setting) -> bool:
    return isinstance(value, Known) and value.it is None
