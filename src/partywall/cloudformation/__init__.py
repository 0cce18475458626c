"""The CloudFormation front end: templates in, declared resources out."""

from partywall.cloudformation.deployment import is_template, load

__all__ = ["is_template", "load"]
