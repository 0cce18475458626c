"""Functions that the AWS provider brings along: ARNs taken apart and put together.

Source: the provider's documentation of its functions.
"""

from __future__ import annotations

from partywall.terraform.function_table import Call, FunctionError, function
from partywall.terraform.function_text import joined
from partywall.value import Known

_SECTIONS = ("partition", "service", "region", "account_id", "resource")
_ROLE = "role/"


def _sections(arn: str) -> dict[str, str]:
    prefix, *sections = arn.split(":", 5)
    if prefix != "arn" or len(sections) != len(_SECTIONS):
        raise FunctionError(f'"{arn}" is no ARN')
    return dict(zip(_SECTIONS, sections, strict=True))


def _written(sections: dict[str, str]) -> str:
    return ":".join(("arn", *(sections[name] for name in _SECTIONS)))


@function("provider::aws::arn_parse", "string")
def arn_parse(call: Call) -> object:
    """The sections of an ARN by name."""
    return _sections(call.text(0))


@function("provider::aws::arn_build", "string", "string", "string", "string", "string", returns="string")
def arn_build(call: Call) -> object:
    """An ARN from its sections; those that are not known leave holes."""
    return joined([Known("arn"), *call.arguments], ":")


@function("provider::aws::trim_iam_role_path", "string", returns="string")
def trim_iam_role_path(call: Call) -> object:
    """The ARN of a role without its path, as some services want it."""
    sections = _sections(call.text(0))
    resource = sections["resource"]
    if sections["service"] != "iam" or not resource.startswith(_ROLE):
        raise FunctionError("the ARN is not that of a role")
    return _written(sections | {"resource": _ROLE + resource.rpartition("/")[2]})
