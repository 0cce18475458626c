"""Whether a condition says who may call: three-valued, over the tests of one statement.

A condition restricts when it names callers positively and with fixed values. Sources: Amazon S3 user guide, The
meaning of "public"; IAM user guide, Condition operators (missing keys, `IfExists`) and Multivalued context keys.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from partywall.address import Ranges, block, is_world, parse_address, ranges
from partywall.aws.policy import Statement, Term
from partywall.aws.policy_place import names_declared
from partywall.reason.policy.principal import issuers
from partywall.truth import NO, YES, Truth, all_of, any_of, known, no, unknown, yes
from partywall.value import Choice, Known, Setting, Unknown, choices, shown, told

CALLER_KEYS = frozenset(
    {
        "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:sourcearn",
        "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourcevpc",
        "aws:sourcevpce", "aws:sourceip", "aws:vpcsourceip", "aws:userid", "kms:calleraccount",
        "s3:dataaccesspointaccount", "s3:dataaccesspointarn", "lambda:eventsourcetoken",
        "elasticfilesystem:accesspointarn",
    }
)  # fmt: skip
"""Condition keys that name a caller, in small letters: IAM does not look at their case."""

POSITIVE = ("stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress")
NEGATED = (
    "stringnotequals",
    "stringnotequalsignorecase",
    "stringnotlike",
    "arnnotequals",
    "arnnotlike",
    "notipaddress",
)
_ADDRESSES = ("aws:sourceip", "aws:vpcsourceip")
_SWITCHES = {
    ("lambda:functionurlauthtype", "aws_iam"),
    ("elasticfilesystem:accessedviamounttarget", "true"),
    ("aws:principalisawsservice", "true"),
}
"""Keys with few values, and the one that keeps strangers out: signed callers, those inside the network, AWS itself."""


def names_callers(statement: Statement) -> Truth:
    """Whether its conditions limit who may call; one that does is enough, because all have to hold."""
    return any_of(_restricts(statement, term) for term in statement.terms)


def tries_to_name_callers(statement: Statement) -> Truth:
    """Whether a key that names callers is used at all, with an operator that could hold for some only."""
    owner = statement.declared.address
    for term in statement.terms:
        operator = _bare(term.operator or "")
        if term.key in CALLER_KEYS and operator in POSITIVE:
            return yes(f"the condition on {term.key} does not limit who may call", term.values.span, owner)
    return any_of(_open(statement, term) for term in statement.terms if term.key is None)


def _bare(operator: str) -> str:
    """An operator without the words that change when it holds."""
    return operator.removeprefix("foranyvalue:").removeprefix("forallvalues:").removesuffix("ifexists")


def _open(statement: Statement, term: Term) -> Truth:
    met = frozenset(one.variable for one in choices(term.values))
    why = term.values.why if isinstance(term.values, Unknown) else "it depends on a condition"
    return unknown(f"the condition is unknown: {why}", term.values.span, statement.declared.address, met)


def _restricts(statement: Statement, term: Term) -> Truth:
    owner = statement.declared.address
    if term.key is None or term.operator is None:
        return _open(statement, term)
    operator, key = where_present(statement, term).removeprefix("foranyvalue:"), term.key
    listed = statement.view.items(term.values)
    if operator == "null" and _never(statement, term):
        return yes(f"{key} is to be missing and to be there, so nobody may call", term.values.span, owner)
    if operator in ("bool", "stringequals", "stringequalsignorecase"):
        for name, word in _SWITCHES:
            if key == name:
                return all_of(_is(statement, item, key, word) for item in listed)
    claims = any(key.startswith(f"{issuer}:") for issuer in issuers(statement))
    if not (key in CALLER_KEYS or claims) or (key.startswith("s3:dataaccesspoint") and _is_access_point(statement)):
        return NO
    if operator not in POSITIVE:
        return no(f"{term.operator} on {key} does not limit who may call", term.values.span, owner)
    if key in _ADDRESSES:
        return _narrow(statement, listed, _spared(statement, key))
    return all_of(_fixed(statement, key, value) for value in listed)


def where_present(statement: Statement, term: Term) -> str:
    """A term's operator without what it says about a missing key, where another test wants the key to be there.

    `IfExists` and `ForAllValues` hold when the key is missing; with `Null` false beside them that case is out. Source:
    IAM user guide, Condition operators, and Set operators for multivalued context keys.
    """
    operator = term.operator or ""
    if not operator.endswith("ifexists") and not operator.startswith("forallvalues:"):
        return operator
    there = any(needs_key(statement, it) for it in statement.tests(term.key or "") if it is not term)
    return operator.removeprefix("forallvalues:").removesuffix("ifexists") if there else operator


def _never(statement: Statement, term: Term) -> bool:
    """Whether a test that wants its key to be missing stands beside one that needs it."""
    others = (it for it in statement.tests(term.key or "") if it is not term)
    return says(statement, term, "true") and any(needs_key(statement, it) for it in others)


def needs_key(statement: Statement, term: Term) -> bool:
    """Whether a test fails where its key is missing."""
    operator = term.operator or ""
    if operator == "null":
        return says(statement, term, "false")
    quantifier, _, bare = operator.rpartition(":")
    return quantifier == "foranyvalue" or (not quantifier and bare in POSITIVE)


def says(statement: Statement, term: Term, word: str) -> bool:
    """Whether a test is surely for one word, and nothing else."""
    items = statement.view.items(term.values)
    return bool(items) and all(isinstance(it, Known) and str(it.it).lower() == word for it in items)


def _spared(statement: Statement, key: str) -> Sequence[Setting]:
    """The ranges that another test of the same statement excludes."""
    return [
        item
        for term in statement.tests(key)
        if (term.operator or "").removesuffix("ifexists") == "notipaddress"
        for item in statement.view.items(term.values)
    ]


def _is(statement: Statement, item: Setting, key: str, word: str) -> Truth:
    owner = statement.declared.address
    if isinstance(item, Known):
        return known(str(item.it).lower() == word, f"{key} is {told(item).lower()}", item.span, owner)
    return _unsettled(statement, item, key)


def _unsettled(statement: Statement, item: Setting, key: str) -> Truth:
    met = frozenset(one.variable for one in choices(item))
    why = item.why if isinstance(item, Unknown) else "it depends on a condition"
    return unknown(f"{key} is unknown: {why}", item.span, statement.declared.address, met)


def _is_access_point(statement: Statement) -> bool:
    return statement.declared.type in (
        "AWS::S3::AccessPoint",
        "aws_s3_access_point",
        "aws_s3control_access_point_policy",
    )


def _narrow(statement: Statement, values: Sequence[Setting], spared: Sequence[Setting] = ()) -> Truth:
    """Whether some ranges together, private ones and spared ones aside, are not much of the internet."""
    for value in values:
        if not isinstance(value, Known):
            return _unsettled(statement, value, "an address range")
        if parsed_range(value) is None:
            return unknown(f"{shown(value)} is no address range", value.span, statement.declared.address)
    parts, less = ranges_of(values), ranges_of(spared)
    wide = any(is_world(some - less.get(bits, Ranges()), bits) for bits, some in parts.items())
    text = "the address ranges " + ("are the internet" if wide else "are limited")
    return known(not wide, text, values[0].span if values else statement.span, statement.declared.address)


def parsed_range(value: Setting) -> tuple[Ranges, int] | None:
    """The addresses that a value of a condition means, with or without the length of a prefix."""
    text = str(value.it) if isinstance(value, Known) else ""
    try:
        return block(text if "/" in text else f"{text}/{parse_address(text)[1]}")
    except ValueError:
        return None


def ranges_of(values: Sequence[Setting]) -> dict[int, Ranges]:
    """The known addresses of some values, by family."""
    parts: dict[int, list[tuple[int, int]]] = {}
    for found, bits in filter(None, map(parsed_range, values)):
        parts.setdefault(bits, []).extend(found.parts)
    return {bits: ranges(some) for bits, some in parts.items()}


def _fixed(statement: Statement, key: str, value: Setting) -> Truth:
    """Whether a value names somebody in particular; an unknown id does, an unknown ARN only if it is a declared one."""
    owner = statement.declared.address
    if isinstance(value, Choice):
        return _unsettled(statement, value, key)
    if isinstance(value, Unknown):
        if value.parts is not None and any(value.parts):
            text = "".join("x" if part is None else part for part in value.parts)
            fixed = is_fixed(key, text)
            return known(fixed, f"{key} is {'fixed' if fixed else 'a pattern'}", value.span, owner)
        if key.endswith(("arn", "userid", "paths")) and not names_declared(statement.view, value):
            return _unsettled(statement, value, key)
        return yes(f"{key} is fixed by a value that is not known yet", value.span, owner)
    text = str(value.it)
    fixed = is_fixed(key, text)
    return known(fixed, f"{key} {shown(value)} {'names' if fixed else 'does not name'} a caller", value.span, owner)


def is_fixed(key: str, text: str) -> bool:
    """Whether a text, compared with a key, leaves open only what its owner may leave open."""
    if "${" in text:
        return False
    if key.endswith("arn"):
        return _is_fixed_arn(text)
    if key == "aws:userid":
        head = text.partition(":")[0]
        return bool(head) and "*" not in head and "?" not in head
    if key.endswith("paths"):
        head = text.partition("/")[0]
        return bool(head) and "*" not in head and "?" not in head
    return bool(text) and "*" not in text and "?" not in text


def _is_fixed_arn(text: str) -> bool:
    """An ARN whose account is fixed, or which has none (S3) and whose resource begins with a fixed name."""
    parts = text.split(":", 5)
    if len(parts) < 6:
        return False
    service, account, resource = parts[2], parts[4], parts[5]
    if account and not (service == "s3" and account == "*"):
        return "*" not in account and "?" not in account
    name = resource.partition("/")[0]
    return bool(name) and "*" not in name and "?" not in name


def denies_others(statement: Statement, settled: Callable[[Term], bool] = lambda term: False) -> Truth:  # noqa: ARG005
    """Whether a Deny takes away everything except from named callers: all its tests exclude them.

    A test that spares AWS's own services may stand beside: strangers are no services. So may one that is `settled`:
    what is asked about holds only where that test holds too.
    """
    found = [term for term in statement.terms if not _spares_services(term) and not settled(term)]
    if not found:
        spares = any(map(_spares_services, statement.terms))
        return known(
            not spares, "the refusal has no condition", statement.span, statement.declared.address,
            otherwise="the refusal spares services",
        )  # fmt: skip
    return all_of(_excludes(statement, term) for term in found)


def _spares_services(term: Term) -> bool:
    return term.key == "aws:principalisawsservice" and all(
        isinstance(item, Known) and str(item.it).lower() == "false"
        for item in (
            term.values.it if isinstance(term.values, Known) and isinstance(term.values.it, tuple) else (term.values,)
        )
    )


def _excludes(statement: Statement, term: Term) -> Truth:
    if term.key is None or term.operator is None:
        return _open(statement, term)
    negated = term.operator.removesuffix("ifexists").removeprefix("forallvalues:")
    if term.key not in CALLER_KEYS or negated not in NEGATED:
        return NO
    listed = statement.view.items(term.values)
    if term.key in _ADDRESSES:
        return _narrow(statement, listed)
    return all_of(_fixed(statement, term.key, value) for value in listed)


# Conditions that bind a grant to a fixed target, so that it is one of that form only.

_BINDING = frozenset(
    {
        "iam:passedtoservice", "iam:permissionsboundary", "iam:policyarn", "iam:awsservicename",
        "iam:associatedresourcearn",
        "kms:viaservice", "kms:grantisforawsresource", "aws:resourceaccount", "aws:resourceorgid", "aws:calledvia",
        "aws:calledviafirst", "aws:calledvialast", "ec2:launchtemplate", "ec2:instanceprofile", "ec2:createaction",
    }
)  # fmt: skip


def binds(statement: Statement, is_binding: Callable[[str], bool] | None = None) -> Truth:
    """Whether a condition ties what is granted to fixed targets, such as one service to pass a role to, or a tag."""
    holds = is_binding or (lambda key: key in _BINDING or "resourcetag" in key)
    owner = statement.declared.address
    found: list[Truth] = []
    for term in statement.terms:
        if term.key is None or term.operator is None:
            found.append(_open(statement, term))
        elif holds(term.key) and _ties(statement, term):
            pinned = all_of(_pinned(statement, item, term.key) for item in statement.view.items(term.values))
            found.append(pinned & yes(f"limited by {term.key}", term.values.span, owner))
    return any_of(found)


def _ties(statement: Statement, term: Term) -> bool:
    """Whether a test holds only for what its values name: tags may be missing, and then `IfExists` holds."""
    operator, key = term.operator or "", term.key or ""
    if operator == "null":
        return says(statement, term, "false")
    if "tag/" in key:
        operator = where_present(statement, term)
        return operator.removeprefix("foranyvalue:") in (*POSITIVE, "bool")
    return _bare(operator) in (*POSITIVE, "bool")


def _pinned(statement: Statement, item: Setting, key: str) -> Truth:
    if not isinstance(item, Known):
        return YES if isinstance(item, Unknown) else _unsettled(statement, item, key)
    return known(str(item.it).strip("*?") != "", f"{key} is {shown(item)}", item.span, statement.declared.address)
