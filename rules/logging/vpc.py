"""VPC: records of connections."""

from __future__ import annotations

from partywall.aws.vpc import Vpc
from partywall.rule import LOW, MEDIUM, rule
from partywall.truth import Truth


def _records_something(vpc: Vpc) -> Truth:
    return vpc.has_flow_log


@rule(
    "LOG101",
    MEDIUM,
    fixable="safe",
    lowered=(LOW, _records_something),
    same_as=[
        "checkov:CKV2_AWS_11", "trivy:AVD-AWS-0178", "kics:VPC FlowLogs Disabled", "kics:VPC Without Flow Logs",
        "cfn_nag:W60", "regula:FG_R00054", "terrascan:AC_AWS_0369", "cdk_nag:VPCFlowLogsEnabled", "fsbp:EC2.6",
        "cis:3.7",
    ],
)  # fmt: skip
def vpc_flow_logs_missing(vpc: Vpc) -> Truth:
    """Every VPC records its connections.

    Flow logs are what tells after an incident who talked to whom, and refused connections show who tries. There are
    none unless they are declared, for the VPC or for each of its subnets. A log of accepted traffic only does not
    show the attempts and is low.

    Instead: add `aws_flow_log` (`AWS::EC2::FlowLog`) with traffic type `ALL` for the VPC.

    Sources: AWS Security Hub EC2.6; CIS AWS Foundations 3.0 3.7.
    """
    return ~vpc.records_refusals
