"""The CloudFormation front end: templates in, declared resources out."""

from partywall.cloudformation.deployment import is_template, load
from partywall.cloudformation.survey import Survey, survey

__all__ = ["Survey", "is_template", "load", "survey"]
