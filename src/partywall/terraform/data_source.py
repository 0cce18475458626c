"""The few data sources whose result follows from their arguments alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from partywall.terraform.policy_document import rendered
from partywall.terraform.provider import member
from partywall.value import Known, Setting, Unknown, convert

if TYPE_CHECKING:
    from partywall.terraform.module import Module


_PARTITIONS = (
    ("cn-", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-", "aws-us-gov", "amazonaws.com"),
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    ("us-iso-", "aws-iso", "c2s.ic.gov"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    ("eusc-", "aws-eusc", "amazonaws.eu"),
    ("", "aws", "amazonaws.com"),
)
"""Regions by how they begin, their partition and its domain. Source: partitions.json of the AWS SDKs."""

_ROLE = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/")


def results(
    kind: str, arguments: Mapping[str, Setting], module: Module, provider: Setting | None
) -> dict[str, Setting]:
    """What a data source answers, as far as it can be known; empty for all others and for resources.

    `provider` is the configuration it is read through. Source: the AWS provider's documentation of each data source.
    """
    if kind == "data.aws_iam_policy_document":
        document = rendered(arguments)
        return {"json": document, "minified_json": document}
    if kind == "data.template_file":
        template = arguments.get("template")
        return {} if template is None else {"rendered": _template(template, arguments.get("vars"), module)}
    if kind == "data.aws_region":
        return _each(("name", "region", "id"), arguments.get("name", _region(provider, module.run.region)))
    if kind == "data.aws_partition":
        return _partition(_region(provider, module.run.region))
    if kind == "data.aws_caller_identity":
        return _each(("account_id", "id"), _account(provider, module.run.account))
    return {}


def _each(names: Sequence[str], value: Setting | None) -> dict[str, Setting]:
    return {} if value is None else dict.fromkeys(names, value)


def _region(provider: Setting | None, otherwise: str | None) -> Setting | None:
    written = member(provider, "region")
    if written is not None and not (isinstance(written, Known) and written.it is None):
        return written
    return None if otherwise is None else Known(otherwise)


def _partition(region: Setting | None) -> dict[str, Setting]:
    if region is None:
        return {}

    def answer(at: int) -> Setting:
        def of(value: object) -> str | None:
            return (
                next((row[at] for row in _PARTITIONS if value.startswith(row[0])), None)
                if isinstance(value, str)
                else None
            )

        return convert(region, of, "the name of a region")

    reverse = convert(answer(2), lambda it: ".".join(reversed(it.split("."))) if isinstance(it, str) else None, "text")
    return {**_each(("partition", "id"), answer(1)), "dns_suffix": answer(2), "reverse_dns_prefix": reverse}


def _account(provider: Setting | None, otherwise: str | None) -> Setting | None:
    """The account whose role a provider takes, or the only one in which it may work."""
    roles = member(provider, "assume_role")
    role = (
        member(roles.it[-1], "role_arn")
        if isinstance(roles, Known) and isinstance(roles.it, tuple) and roles.it
        else None
    )
    if isinstance(role, Known) and (match := _ROLE.match(str(role.it))) is not None:
        return Known(match[1], role.span)
    allowed = member(provider, "allowed_account_ids")
    if isinstance(allowed, Known) and isinstance(allowed.it, tuple) and len(allowed.it) == 1:
        only: Setting = allowed.it[0]
        return only
    return None if otherwise is None else Known(otherwise)


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
