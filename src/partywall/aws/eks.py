"""Kubernetes clusters: the control plane that AWS runs."""

from __future__ import annotations

from functools import partial
from operator import eq

from partywall.address import covers_world
from partywall.aws.lifecycle import Support, Versioned, numbered
from partywall.aws.resource import CONTAINER, Resource, flag, text
from partywall.truth import Truth, all_of, any_of, no, yes
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
    def encrypts_secrets(self) -> Truth:
        """Whether a key is named for Kubernetes secrets."""
        owner = self.declared.address
        parts = (
            Resource(self.view, self.declared, it) for it in self.elements("EncryptionConfig", "encryption_config")
        )
        named = any_of(
            any_of(
                fits(it, "the resource", partial(eq, "secrets"), owner) for it in one.elements("Resources", "resources")
            )
            & one.is_set("Provider.KeyArn", "provider.key_arn")
            for one in parts
        )
        return named | no("no key is named for secrets", self.span, owner)

    @property
    def encrypts_by_itself(self) -> Truth:
        """Whether EKS wraps all data of the API with a key of its own: from Kubernetes 1.28 on, and so if it chooses.

        Source: EKS user guide, Default envelope encryption for all Kubernetes API data.
        """

        def is_new(version: str) -> bool:
            numbers = [int(it) for it in version.split(".") if it.isdecimal()]
            return numbers >= [1, 28]

        return ~self.picks_version | type(self).version.fits(self, is_new)

    def logs(self, *kinds: str) -> Truth:
        """Whether the control plane writes some kinds of logs; it writes none unless asked to."""
        owner = self.declared.address
        written = [
            Resource(self.view, self.declared, it).read("Type", ()) if not self.in_terraform else it
            for it in self.elements("Logging.ClusterLogging.EnabledTypes", "enabled_cluster_log_types")
        ]
        return all_of(
            any_of(fits(it, "the log", partial(eq, kind), owner) for it in written)
            | no(f"the {kind} log is not written", self.span, owner)
            for kind in kinds
        )

    @property
    def support(self) -> Value[Support]:
        """The version on this day."""
        return self.dated(self.version, partial(numbered, "kubernetes"))

    @property
    def picks_version(self) -> Truth:
        """Whether the author chose the version rather than leave it to EKS."""
        return self.is_set("Version", "version")
