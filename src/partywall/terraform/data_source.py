"""The few data sources whose result follows from their arguments alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from partywall.terraform.policy_document import rendered
from partywall.value import Known, Setting, Unknown

if TYPE_CHECKING:
    from partywall.terraform.module import Module


def results(kind: str, arguments: Mapping[str, Setting], module: Module) -> dict[str, Setting]:
    """What a data source answers, as far as it can be known; empty for all others and for resources.

    Source: the AWS provider's documentation of each data source.
    """
    if kind == "data.aws_iam_policy_document":
        document = rendered(arguments)
        return {"json": document, "minified_json": document}
    if kind == "data.template_file":
        template = arguments.get("template")
        return {} if template is None else {"rendered": _template(template, arguments.get("vars"), module)}
    return {}


def _template(template: Setting, names: Setting | None, module: Module) -> Setting:
    from partywall.source import Source
    from partywall.terraform.scope import EvaluationError, Scope
    from partywall.terraform.template import template_text

    values = names.it if isinstance(names, Known) and isinstance(names.it, Mapping) else {}
    if not isinstance(template, Known):
        return Unknown("the template is unknown", template.span, template.references)
    try:
        return template_text(str(template.it), values, template.span, Scope(Source(template.span.path, ""), module))
    except EvaluationError as error:
        return Unknown(error.message, error.span)
