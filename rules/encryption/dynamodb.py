"""DynamoDB: keys."""

from __future__ import annotations

from partywall.aws.dynamodb import Table
from partywall.rule import LOW, rule
from partywall.truth import Truth


@rule(
    "ENC305",
    LOW,
    fixable="unsafe",
    same_as=[
        "checkov:CKV_AWS_119", "checkov:CKV_AWS_271", "trivy:AVD-AWS-0025", "trivy:AVD-AWS-0121",
        "kics:DynamoDB with AWS Owned CMK", "kics:DynamoDB Table Not Encrypted", "cfn_nag:W74",
        "guard:DYNAMODB_TABLE_ENCRYPTED_KMS",
        "cloudrail:non_car_dynamodb_tables_encrypted_at_rest_with_customer_managed_CMK", "regula:FG_R00069",
        "terrascan:AC_AWS_0457", "semgrep:aws-dynamodb-table-unencrypted",
    ],
)  # fmt: skip
def dynamodb_without_own_key(table: Table) -> Truth:
    """Tables are encrypted with a key the customer controls.

    DynamoDB encrypts every table, by default with a key that AWS owns and nobody sees used. With a key of your own
    you decide who may decrypt and can withdraw it. The key `alias/aws/dynamodb` leaves that to AWS; of a global table
    every replica counts.

    Instead: name a KMS key in `server_side_encryption` (`SSESpecification`).

    Sources: DynamoDB developer guide, DynamoDB encryption at rest.
    """
    return ~table.own_key
