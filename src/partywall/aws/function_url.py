"""Addresses under which functions answer the internet."""

from __future__ import annotations

from partywall.aws.resource import ABSTRACT, Resource, one_of, text
from partywall.truth import Truth


class FunctionUrl(
    Resource, service="lambda", model=ABSTRACT, cloudformation="AWS::Lambda::Url", terraform="aws_lambda_function_url"
):
    """The address of a function."""

    authorization = text(cfn="AuthType", tf="authorization_type")

    @property
    def open_to_anyone(self) -> Truth:
        """Whether nothing checks who calls."""
        return type(self).authorization.fits(self, one_of("NONE"))
