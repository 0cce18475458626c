"""Container registries."""

from __future__ import annotations

from partywall.aws.resource import ABSTRACT, Resource, flag
from partywall.truth import Truth, any_of


class Repository(
    Resource, service="ecr", model=ABSTRACT, cloudformation="AWS::ECR::Repository", terraform="aws_ecr_repository"
):
    """A repository of images; nothing is scanned unless the repository or its registry asks for it."""

    scans_on_push = flag(
        cfn="ImageScanningConfiguration.ScanOnPush", tf="image_scanning_configuration.scan_on_push", default=False
    )

    @property
    def registry_scans(self) -> Truth:
        """Whether the registry has scanning rules, which replace what its repositories say."""
        found = self.view.of(("aws_ecr_registry_scanning_configuration",))
        return any_of(Resource(self.view, it).is_set((), "rule") & self.view.exists(it) for it in found)
