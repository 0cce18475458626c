"""`AWS::Serverless::LayerVersion`."""

from __future__ import annotations

from partywall.cloudformation.sam.serverless import Serverless, code
from partywall.cloudformation.sam.tree import Plain, changed


def layer_version(it: Serverless) -> None:
    """Expand a layer; SAM changes its logical id with its content, and references follow."""
    content = it.get("ContentUri")
    properties: dict[str, Plain] = {
        "LayerName": it.get("LayerName") or it.name,
        "Content": None if content is None else changed(content, code),
        **it.picked("Description", "CompatibleArchitectures", "CompatibleRuntimes", "LicenseInfo"),
    }
    it.become("AWS::Lambda::LayerVersion", properties)
