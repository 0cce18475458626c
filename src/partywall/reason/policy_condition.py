"""Does a condition say who may call? Three-valued, over the conditions of one statement.

A condition restricts when it names callers positively and with fixed values. Source: Amazon S3 user guide, The meaning
of "public"; IAM user guide, Condition operators (missing keys, IfExists, set operators).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from partywall.address import INTERNET, WORLD, block, ranges
from partywall.aws.policy import Statement
from partywall.aws.resource import entries
from partywall.truth import NO, Truth, all_of, any_of, known, no, unknown, yes
from partywall.value import Known, Setting, Unknown

CALLER_KEYS = frozenset(
    {
        "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:sourcearn",
        "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourceip", "aws:vpcsourceip", "aws:userid", "kms:calleraccount", "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn", "lambda:functionurlauthtype", "elasticfilesystem:accesspointarn",
    }
)  # fmt: skip
"""Condition keys that name a caller, in small letters: IAM does not look at their case."""

POSITIVE = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress")
_NEGATED = (
    "stringnotequals",
    "stringnotequalsignorecase",
    "stringnotlike",
    "arnnotequals",
    "arnnotlike",
    "notipaddress",
)
_ADDRESS_KEYS = ("aws:sourceip", "aws:vpcsourceip")


def conditions(statement: Statement) -> Iterator[tuple[str, str, Setting]]:
    """Every operator, key and values, operator and key in small letters."""
    for operator, tests in entries(entries(statement.value).get("Condition", Known(None))).items():
        for key, values in entries(tests).items():
            yield operator.lower(), key.lower(), values


def names_callers(statement: Statement) -> Truth:
    """Whether its conditions limit who may call; one that does is enough, because all have to hold."""
    condition = entries(statement.value).get("Condition")
    if isinstance(condition, Unknown):
        return unknown(f"the condition is unknown: {condition.why}", condition.span, statement.declared.address)
    return any_of(_restricts(statement, *one) for one in conditions(statement))


def tries_to_name_callers(statement: Statement) -> Truth:
    """Whether a key that names callers is used at all."""
    found = [values for _, key, values in conditions(statement) if key in CALLER_KEYS]
    if not found:
        return NO
    return yes("a condition on the caller", found[0].span, statement.declared.address)


def _restricts(statement: Statement, operator: str, key: str, values: Setting) -> Truth:
    if key not in CALLER_KEYS:
        return NO
    plain = operator.removeprefix("foranyvalue:")
    if plain not in POSITIVE:
        return no(f"{operator} on {key} does not limit who may call", values.span, statement.declared.address)
    listed = statement.view.items(values)
    if key in _ADDRESS_KEYS:
        return _narrow(statement, listed)
    return all_of(_fixed(statement, key, value) for value in listed) if listed else NO


def _narrow(statement: Statement, values: tuple[Setting, ...]) -> Truth:
    """Whether some ranges together are not the internet."""
    parts: dict[int, list[tuple[int, int]]] = {}
    for value in values:
        if not isinstance(value, Known):
            why = value.why if isinstance(value, Unknown) else "it depends on a condition"
            return unknown(f"an address range is unknown: {why}", value.span, statement.declared.address)
        text = str(value.it)
        try:
            found, bits = block(text if "/" in text else f"{text}/{128 if ':' in text else 32}")
        except ValueError:
            return unknown(f"{text!r} is no address range", value.span, statement.declared.address)
        parts.setdefault(bits, []).extend(found.parts)
    wide = any((ranges(found) & INTERNET[bits]).size > WORLD[bits] for bits, found in parts.items())
    place = values[0].span if values else statement.span
    return known(
        not wide,
        "the address ranges " + ("are the internet" if wide else "are limited"),
        place,
        statement.declared.address,
    )


def _fixed(statement: Statement, key: str, value: Setting) -> Truth:
    """Whether a value names somebody in particular."""
    owner = statement.declared.address
    if isinstance(value, Unknown):
        if value.parts is None:
            if key.endswith(("arn", "userid")) and not value.references:
                return unknown(f"{key} is unknown: {value.why}", value.span, owner)
            return yes(f"{key} is fixed by a value that is not known yet", value.span, owner)
        text = "".join("x" if part is None else part for part in value.parts)
        return known(
            _is_fixed(key, text), f"{key} is {'fixed' if _is_fixed(key, text) else 'a pattern'}", value.span, owner
        )
    if not isinstance(value, Known):
        return unknown(f"{key} depends on a condition", value.span, owner)
    text = str(value.it)
    fixed = _is_fixed(key, text)
    return known(fixed, f"{key} {text!r} {'names' if fixed else 'does not name'} a caller", value.span, owner)


def _is_fixed(key: str, text: str) -> bool:
    if "${" in text:
        return False
    if key.endswith("arn"):
        parts = text.split(":", 5)
        if len(parts) < 6:
            return False
        account, resource = parts[4], parts[5]
        if account:
            return "*" not in account and "?" not in account
        return bool(resource) and resource[0] not in "*?"
    if key == "aws:userid":
        head = text.partition(":")[0]
        return bool(head) and "*" not in head and "?" not in head
    return bool(text) and "*" not in text and "?" not in text


def denies_others(statement: Statement) -> Truth:
    """Whether a Deny takes away everything except from named callers: all its conditions exclude them."""
    found = list(conditions(statement))
    if not found:
        return ~statement.conditional
    return all_of(_excludes(statement, *one) for one in found)


def _excludes(statement: Statement, operator: str, key: str, values: Setting) -> Truth:
    negated = operator.removesuffix("ifexists").removeprefix("foranyvalue:")
    if key not in CALLER_KEYS or negated not in _NEGATED:
        return NO
    listed = statement.view.items(values)
    if key in _ADDRESS_KEYS:
        return _narrow(statement, listed)
    return all_of(_fixed(statement, key, value) for value in listed)


def tests(statement: Statement, wanted: str) -> Mapping[str, Setting]:
    """The values a key is compared with, by operator."""
    return {operator: values for operator, key, values in conditions(statement) if key == wanted.lower()}
