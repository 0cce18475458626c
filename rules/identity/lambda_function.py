"""Functions: who may call them, and what their environment gives away."""

from __future__ import annotations

from partywall.aws.environment import FunctionVariable
from partywall.aws.function_url import FunctionUrl
from partywall.aws.policy import FunctionStatement
from partywall.reason.policy import public
from partywall.rule import CRITICAL, HIGH, LOW, MEDIUM, rule
from partywall.truth import Truth


@rule(
    "IAM315",
    CRITICAL,
    same_as=[
        "checkov:CKV_AWS_301", "kics:Lambda Permission Principal Is Wildcard", "cfn_nag:F13",
        "guard:LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED", "guard:LAMBDA_NO_WILDCARD_PRINCIPALS",
        "cloudrail:non_car_lambda_public_exposure", "cloudrail:non_car_aws_lambda_func_policy_wildcard",
        "regula:FG_R00276", "cdk_nag:LambdaFunctionPublicAccessProhibited", "fsbp:Lambda.1",
    ],
    lowered=(MEDIUM, lambda statement: statement.about_layer),
)  # fmt: skip
def lambda_function_public(statement: FunctionStatement) -> Truth:
    """Permissions of functions and layers name who may use them.

    A permission for `*` lets every AWS account invoke the function, at your cost and with your data. A source ARN or
    account, an organisation, or a function URL with `AWS_IAM` limits the caller; `InvokedViaFunctionUrl` limits only
    the way in.

    Instead: name the service or account in `principal` (`Principal`), with `source_arn` (`SourceArn`) beside it.

    Sources: AWS Security Hub Lambda.1; Lambda API reference, AddPermission.
    """
    return public.open_to_anyone(statement) & statement.about_function


@rule("IAM317", HIGH, same_as=["checkov:CKV_AWS_258", "cdk_nag:LambdaFunctionUrlAuth"], fixable="unsafe")
def lambda_url_without_auth(url: FunctionUrl) -> Truth:
    """Function URLs check who calls.

    With `NONE` the function is a web page of its own: whoever knows the address runs it.

    Instead: use `AWS_IAM`, or put CloudFront with origin access control in front.

    Sources: Lambda developer guide, Control access to Lambda function URLs.
    """
    return url.open_to_anyone


@rule(
    "IAM318",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_45", "kics:Hardcoded AWS Access Key In Lambda", "semgrep:aws-lambda-environment-credentials",
    ],
    lowered=(LOW, lambda variable: variable.carries_example),
    secret=True,
)  # fmt: skip
def lambda_environment_contains_secret(variable: FunctionVariable) -> Truth:
    """The environment of functions holds no secrets.

    Environment variables are shown to everyone who may read the configuration of the function, and land in logs and
    crash reports. Keys count by their form, other secrets by the name of the variable and where its value comes from.
    An example key of AWS's documentation opens nothing, but a real one is expected in its place.

    Instead: read the secret from Secrets Manager or Parameter Store at run time.

    Sources: Lambda developer guide, Securing environment variables.
    """
    return variable.carries_secret
