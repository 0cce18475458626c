"""Lambda: the runtime a function is written for."""

from __future__ import annotations

from partywall.aws.lambda_function import Function
from partywall.rule import HIGH, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "PAT301",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_363", "cdk_nag:LambdaLatestVersion", "fsbp:Lambda.2",
    ],
    fixable="unsafe",
    lowered=(MEDIUM, lambda function: function.still_patched),
)  # fmt: skip
def lambda_runtime_deprecated(function: Function) -> Truth:
    """Functions use a runtime that gets security updates.

    AWS patches the runtime until the day it is deprecated. A deprecated one still runs and may still be deployed for
    a while, without corrections. The matter is less urgent in the half year before that day. Container images bring
    their own runtime and are no subject here.

    Instead: move the function to a supported runtime of its language.

    Sources: Lambda developer guide, Runtime deprecation policy; AWS Security Hub Lambda.2.
    """
    return function.support_ends & ~function.is_image
