"""Kubernetes clusters: the control plane that AWS runs."""

from __future__ import annotations

from functools import partial

from partywall.address import covers_world
from partywall.aws.lifecycle import Support, Versioned, numbered
from partywall.aws.resource import CONTAINER, flag, text
from partywall.truth import Truth, any_of, yes
from partywall.value import Unknown, Value, fits


class Cluster(
    Versioned, service="eks", model=CONTAINER, cloudformation="AWS::EKS::Cluster", terraform="aws_eks_cluster"
):
    """A cluster: AWS runs the control plane, the customer says who reaches it and when it is upgraded."""

    public_endpoint = flag(
        cfn="ResourcesVpcConfig.EndpointPublicAccess", tf="vpc_config.endpoint_public_access", default=True
    )
    claim = "the version"
    version = text(cfn="Version", tf="version", default=Unknown("EKS picks the version, a supported one"))

    @property
    def open_to_world(self) -> Truth:
        """Whether the endpoint accepts everyone; it does unless ranges are named.

        Source: EKS API reference, VpcConfigRequest.publicAccessCidrs.
        """
        blocks = self.elements("ResourcesVpcConfig.PublicAccessCidrs", "vpc_config.public_access_cidrs")
        if not blocks:
            return yes("no ranges are named, and that means everyone", self.span, self.declared.address)
        return any_of(fits(it, "the range", covers_world, self.declared.address) for it in blocks)

    @property
    def support(self) -> Value[Support]:
        """The version on this day."""
        return self.dated(self.version, partial(numbered, "kubernetes"))

    @property
    def picks_version(self) -> Truth:
        """Whether the author chose the version rather than leave it to EKS."""
        return self.is_set("Version", "version")
