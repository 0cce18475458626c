"""APIs: who may call."""

from __future__ import annotations

from partywall.aws.api_method import Method
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "IAM324",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_59", "checkov:CKV2_AWS_70", "checkov:CKV_AWS_309", "trivy:AVD-AWS-0004",
        "kics:API Gateway With Open Access", "kics:API Gateway Method Does Not Contains An API Key Or Empty Methods",
        "cfn_nag:W59", "guard:API_GW_METHOD_AUTHORIZATION_TYPE_RULE",
        "cloudrail:non_car_api_gateway_methods_use_authentication", "terrascan:AC_AWS_0439",
        "cdk_nag:APIGWAuthorization", "cdk_nag:CognitoUserPoolAPIGWAuthorizer", "fsbp:APIGateway.8",
    ],
    fixable="unsafe",
)  # fmt: skip
def api_gateway_method_open(method: Method) -> Truth:
    """API methods check who calls.

    Without authorization everybody who knows the address calls what is behind it. An API key counts where the API can
    demand one; answers to preflight requests need none, and neither does a private API with a policy.

    Instead: use `AWS_IAM`, a JWT or Cognito authorizer, or one of your own.

    Sources: AWS Security Hub APIGateway.8; API Gateway developer guide, Control and manage access to REST APIs.
    """
    return method.unauthorized & ~method.demands_key & ~method.is_preflight & ~method.behind_private_policy
