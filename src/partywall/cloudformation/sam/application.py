"""`AWS::Serverless::Application`: a nested stack."""

from __future__ import annotations

from partywall.cloudformation.sam.serverless import Serverless
from partywall.cloudformation.sam.tree import Plain, entries


def application(it: Serverless) -> None:
    """Expand an application: its template is a path or an address, or lies in AWS's repository of applications."""
    location = it.get("Location")
    foreign = location is None or bool(entries(location))
    properties: dict[str, Plain] = {
        "TemplateURL": None if foreign else location,
        **it.picked("Parameters", "NotificationARNs", "TimeoutInMinutes"),
        "Tags": it.tags(),
    }
    unknown = "its template is in the Serverless Application Repository" if foreign else ""
    it.become("AWS::CloudFormation::Stack", properties, unknown)
