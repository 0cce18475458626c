"""Statements that cannot mean what was meant: what IAM refuses, or accepts and never applies.

Source: IAM user guide, Grammar of the IAM JSON policy language; Policy variables; Condition operators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from partywall.aws import policy_place
from partywall.aws.policy import Document, Statement
from partywall.aws.resource import entries
from partywall.reason.policy import action as actions
from partywall.reason.policy.pattern import BUCKETS
from partywall.reason.policy.shape import misses, with_names
from partywall.reason.policy.statement import meaning
from partywall.text.json_text import fault_in
from partywall.truth import NO, State, Truth, any_of, no, unknown, yes
from partywall.value import Known, Setting, Unknown, shown, told

_OPERATOR = re.compile(
    r"(?:for(?:any|all)values?:)?(?:string(?:not)?(?:equals|equalsignorecase|like)|(?:numeric|date)(?:not)?equals"
    r"|(?:numeric|date)(?:less|greater)than(?:equals)?|bool|binaryequals|(?:not)?ipaddress|arn(?:not)?(?:equals|like))"
    r"(?:ifexists)?\Z|null\Z"
).match
_PARTS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
_VARIABLE = re.compile(r"\$\{[^}$]+\}")


def invalid(statement: Statement) -> Truth:
    """Whether a statement breaks the grammar, or names what does not exist."""
    text = _text(statement)
    if not isinstance(statement.value, Known):
        return any_of((text, statement.open))
    return any_of((text, *_faults(statement), *_misnamed(statement), *_misfits(statement), *_doubts(statement)))


def grants_too_little(statement: Statement) -> Truth:
    """Whether its only faults are patterns of an Allow that match no action, or resources that fit none: no harm."""
    if not isinstance(statement.value, Known):
        return statement.open
    owner = statement.declared.address
    patterns = [it for it in statement.listed("Action") if isinstance(it, Known) and _is_idle_pattern(str(it.it))]
    idle = (yes("a pattern that matches no action grants nothing", it.span, owner) for it in patterns)
    small = any_of((*idle, *_misfits(statement)))
    if small.state is State.NO:
        return NO
    return (
        small & statement.allows & ~any_of((_text(statement), *_faults(statement), *_misnamed(statement, idle=False)))
    )


def _misnamed(statement: Statement, *, idle: bool = True) -> Iterator[Truth]:
    """Actions that do not exist, with or without the patterns that match none of a service that does."""
    for name in ("Action", "NotAction"):
        for item in statement.listed(name):
            if isinstance(item, Known) and (idle or not _is_idle_pattern(str(item.it))):
                yield _action(item, name, statement.declared.address)


def _is_idle_pattern(text: str) -> bool:
    service, _, name = text.lower().partition(":")
    return ("*" in name or "?" in name) and service in actions.services() and not actions.expand(text)


def _text(statement: Statement) -> Truth:
    """Whether the text of its document is no JSON, which the first statement answers for."""
    document = statement.document
    if document.statements[0].value is not statement.value:
        return NO
    found = fault_in(document.written)
    return NO if found is None else yes(f"the policy is no JSON: {found[0]}", found[1], statement.declared.address)


def _faults(statement: Statement) -> Iterator[Truth]:
    owner = statement.declared.address
    parts = entries(statement.value)
    for name in parts:
        if name not in _PARTS and "?" not in name:
            yield yes(f"a statement has no `{name}`", statement.place(name), owner)
    effect = parts.get("Effect")
    if isinstance(effect, Known) and effect.it not in ("Allow", "Deny"):
        yield yes(f"`Effect` is {shown(effect)}, not Allow or Deny", effect.span, owner)
    if parts and effect is None:
        yield yes("a statement has no `Effect`", statement.span, owner)
    if parts and "Action" not in parts and "NotAction" not in parts:
        yield yes("a statement has no `Action`", statement.span, owner)
    yield from _whose(statement)
    for term in statement.terms:
        if term.operator is not None and not _OPERATOR(term.operator):
            yield yes(f"there is no condition operator {term.operator}", term.values.span, owner)
        elif term.operator is not None and term.key is not None:
            yield _values(statement, term.operator, term.values)
    for one in statement.principals:
        if one.kind == "AWS" and isinstance(one.value, Known) and one.value.it != "*" and "*" in str(one.value.it):
            yield yes("a principal is `*` or named whole, without a wildcard in it", one.value.span, owner)
    yield from _sid(statement)
    yield _variables(statement)


def _whose(statement: Statement) -> Iterator[Truth]:
    """A policy of a resource says whose; that of an identity must not."""
    owner = statement.declared.address
    parts = entries(statement.value)
    named = "Principal" in parts or "NotPrincipal" in parts
    kind = statement.declared.type
    if not parts or kind in policy_place.LOOSE or kind in ("AWS::IAM::Role", "aws_iam_role"):
        return
    if kind in policy_place.IDENTITY and named and kind not in policy_place.TRUST:
        yield yes("the policy of an identity has no `Principal`", statement.place("Principal"), owner)
    if kind in policy_place.CARRIERS and kind not in policy_place.FUNCTION and not named:
        yield yes("the policy of a resource needs a `Principal`", statement.span, owner)


_FORMER = frozenset({"sqs:changemessagevisibilitybatch", "sqs:deletemessagebatch", "sqs:sendmessagebatch"})
"""What is granted with the single action now, and still stands in policies that AWS hands out.

Source: Amazon SQS developer guide, Amazon SQS API permissions; SAM's policy template SQSPollerPolicy."""


def _action(item: Known[object], name: str, owner: str) -> Truth:
    text = str(item.it)
    if actions.expand(text) or text.lower() in _FORMER:
        return NO
    service, colon, _ = text.lower().partition(":")
    said = f"`{name}` {shown(item)}"
    if not colon:
        return yes(f"{said} names no service", item.span, owner)
    if service not in actions.services():
        return yes(f"{said}: there is no service {told(item, service)}", item.span, owner)
    return yes(f"{said} matches no action of {told(item, service)}", item.span, owner)


_NEVER = {"ipaddress": re.compile(r"[0-9a-fA-F.:/]+\Z"), "bool": re.compile(r"(?i:true|false)\Z")}


def _values(statement: Statement, operator: str, values: Setting) -> Truth:
    """Values that an operator never matches."""
    for name, form in _NEVER.items():
        if operator.startswith(name):
            for item in statement.view.items(values):
                if isinstance(item, Known) and not form.match(str(item.it).lower()) and "${" not in str(item.it):
                    text = f"{operator} never matches {shown(item)}"
                    return yes(text, item.span, statement.declared.address)
    return NO


def _misfits(statement: Statement) -> Iterator[Truth]:
    """Resources on which none of the actions can be granted: the statement says nothing about them."""
    found = meaning(statement)
    if found.complement or found.strangers or found.actions.least != found.actions.most or not found.actions.least:
        return
    bucket = BUCKETS.__contains__
    by_address = statement.view.graph.by_address
    for item, pattern in zip(statement.listed("Resource"), found.resources, strict=True):
        if pattern is None:
            continue
        named = with_names(pattern, lambda of: of in by_address and bucket(by_address[str(of)].type))
        if misses(named, found.actions.least):
            parted = isinstance(item, Known) or (isinstance(item, Unknown) and any(item.parts or ()))
            said = shown(item) if parted else next((it.address for it in item.references), "it")
            text = f"none of the actions can be granted on {said}"
            yield yes(text, item.span, statement.declared.address)


def _sid(statement: Statement) -> Iterator[Truth]:
    """Sids are there once."""
    sid = statement.part("Sid")
    if not isinstance(sid, Known) or not sid.it:
        return
    for other in statement.document.statements:
        if other.value is statement.value:
            return
        same = other.part("Sid")
        if isinstance(same, Known) and same.it == sid.it:
            yield yes(f"the Sid {shown(sid)} is given twice", sid.span, statement.declared.address)


def _variables(statement: Statement) -> Truth:
    """Policy variables are plain text before version 2012-10-17."""
    document: Document = statement.document
    version = entries(document.value).get("Version")
    if version is not None and not (isinstance(version, Known) and version.it == "2008-10-17"):
        return NO
    for name in ("Resource", "NotResource"):
        for item in statement.listed(name):
            if isinstance(item, Known) and _VARIABLE.search(str(item.it)):
                return yes(
                    "a policy variable is plain text without `Version` 2012-10-17",
                    item.span,
                    statement.declared.address,
                )
    return NO


def _doubts(statement: Statement) -> Iterator[Truth]:
    """What cannot be read may be wrong, but text with known beginnings is taken for right."""
    for name in ("Action", "NotAction"):
        for item in statement.listed(name):
            if isinstance(item, Unknown) and not any(item.parts or ()):
                yield unknown(f"`{name}` is unknown: {item.why}", item.span, statement.declared.address)
    yield no("it is well formed", statement.span, statement.declared.address)
