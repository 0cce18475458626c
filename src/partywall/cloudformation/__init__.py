"""The CloudFormation front end: templates in, declared resources out."""

from partywall.cloudformation.deployment import is_template, load
from partywall.cloudformation.parameter_file import given
from partywall.cloudformation.survey import MAX_FILES, Survey, survey

__all__ = ["MAX_FILES", "Survey", "given", "is_template", "load", "survey"]
