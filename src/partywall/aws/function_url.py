"""Addresses under which functions answer the internet."""

from __future__ import annotations

from partywall.aws.resource import ABSTRACT, Resource, is_in, text
from partywall.truth import Truth


class FunctionUrl(
    Resource, service="lambda", model=ABSTRACT, cloudformation="AWS::Lambda::Url", terraform="aws_lambda_function_url"
):
    """The address of a function."""

    authorization = text(cfn="AuthType", tf="authorization_type")

    @property
    def open_to_anyone(self) -> Truth:
        """Whether nothing checks who calls."""
        return is_in(self.authorization, "authorization_type", ("NONE",), self.declared.address)
