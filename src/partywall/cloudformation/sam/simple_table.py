"""`AWS::Serverless::SimpleTable`: a table of DynamoDB with one key."""

from __future__ import annotations

from partywall.cloudformation.sam.serverless import Serverless
from partywall.cloudformation.sam.tree import Plain, changed, literal

_TYPES = {"String": "S", "Number": "N", "Binary": "B"}


def simple_table(it: Serverless) -> None:
    """Expand a table."""
    key, kind = it.get("PrimaryKey", "Name") or "id", it.get("PrimaryKey", "Type")
    scalar = "S" if kind is None else changed(kind, lambda one: _TYPES.get(literal(one) or "", one))
    properties: dict[str, Plain] = {
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": scalar}],
        "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST" if it.get("ProvisionedThroughput") is None else None,
        **it.picked("TableName", "ProvisionedThroughput", "SSESpecification", "PointInTimeRecoverySpecification"),
        "Tags": it.tags(),
    }
    it.become("AWS::DynamoDB::Table", properties)
