"""Container registries."""

from __future__ import annotations

from partywall.aws.resource import ABSTRACT, Resource, flag, one_of, text
from partywall.truth import Truth, any_of


class Repository(
    Resource, service="ecr", model=ABSTRACT, cloudformation="AWS::ECR::Repository", terraform="aws_ecr_repository"
):
    """A repository of images; nothing is scanned unless the repository or its registry asks for it."""

    scans_on_push = flag(
        cfn="ImageScanningConfiguration.ScanOnPush", tf="image_scanning_configuration.scan_on_push", default=False
    )

    tags = text(cfn="ImageTagMutability", tf="image_tag_mutability", default="MUTABLE")

    @property
    def tags_move(self) -> Truth:
        """Whether tags in general may be put on another image later."""
        return type(self).tags.fits(self, one_of("MUTABLE", "MUTABLE_WITH_EXCLUSION"))

    @property
    def registry_scans(self) -> Truth:
        """Whether the registry has scanning rules, which replace what its repositories say."""
        found = self.view.of(("aws_ecr_registry_scanning_configuration",))
        return any_of(Resource(self.view, it).is_set((), "rule") & self.view.exists(it) for it in found)
