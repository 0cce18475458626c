"""Inputs of templates: parameters and variables that are secrets."""

from __future__ import annotations

from partywall.aws.secret_input import SecretInput
from partywall.rule import MEDIUM, rule
from partywall.truth import Truth


@rule("IAM041", MEDIUM, fixable="safe", secret=True)
def secret_parameter_not_hidden(given: SecretInput) -> Truth:
    """Secret inputs are hidden and have no default.

    A parameter without `NoEcho` is shown to everyone who may describe the stack, a variable that is not `sensitive` in
    every plan, and a default is in the repository for ever. An input counts by its name, or because it ends in an
    attribute that means a secret.

    Instead: set `sensitive = true` (`NoEcho: true`) and drop the default; better, keep the secret in Secrets Manager.

    Sources: AWS CloudFormation user guide, Security best practices; Terraform language, Input variables.
    """
    return given.has_default | given.shown
