"""Conditions that are meant as locks: second factors, and connections without TLS.

Source: IAM user guide, Configuring MFA-protected API access: requests signed with long-term keys have no
`aws:MultiFactorAuthPresent` at all, so `Bool` never holds for them and `BoolIfExists` always does.
"""

from __future__ import annotations

from collections.abc import Iterable

from partywall.aws.policy import Document, Statement, Term
from partywall.reason.policy import action as actions
from partywall.reason.policy.principal import everyone
from partywall.reason.policy.statement import Extent, meaning, place_of
from partywall.truth import NO, Because, State, Truth, all_of, any_of, known, no, unknown, yes
from partywall.value import Known, Setting, choices, told

PRESENT, AGE = "aws:multifactorauthpresent", "aws:multifactorauthage"


def _says(statement: Statement, term: Term, word: str) -> Truth:
    owner = statement.declared.address
    return all_of(_word(item, term, word, owner) for item in statement.view.items(term.values))


def _word(item: Setting, term: Term, word: str, owner: str) -> Truth:
    if isinstance(item, Known):
        return known(str(item.it).lower() == word, f"{term.key} is {told(item).lower()}", item.span, owner)
    met = frozenset(one.variable for one in choices(item))
    return unknown(f"{term.key} is unknown", item.span, owner, met)


def mfa_ineffective(statement: Statement) -> Truth:
    """Whether a test of the second factor lets requests with long-term keys through."""
    present, age = statement.tests(PRESENT), statement.tests(AGE)
    refusing = any_of(_deny_misses(statement, term) for term in present) | _only_age(statement, present, age)
    granting = any_of(_allow_misses(statement, term) for term in present)
    return (refusing & statement.denies) | (granting & statement.allows)


def _deny_misses(statement: Statement, term: Term) -> Truth:
    """A Deny for requests without a second factor has to hold where the key is missing."""
    if term.operator != "bool" or statement.tests(PRESENT) != (term,) or _null_stands_beside(statement):
        return NO
    where = yes(
        "requests with access keys have no such key, and `Bool` does not hold",
        term.values.span,
        statement.declared.address,
    )
    return where & _says(statement, term, "false")


def _null_stands_beside(statement: Statement) -> bool:
    return any(term.operator == "null" for term in statement.tests(PRESENT))


def _only_age(statement: Statement, present: Iterable[Term], age: Iterable[Term]) -> Truth:
    owner = statement.declared.address
    tests = [term for term in age if term.operator in ("numericgreaterthan", "numericgreaterthanequals")]
    if not tests or any(True for _ in present):
        return NO
    return yes("requests with access keys have no such key, and the test does not hold", tests[0].values.span, owner)


def _allow_misses(statement: Statement, term: Term) -> Truth:
    """An Allow for requests with a second factor must not hold where the key is missing."""
    if term.operator != "boolifexists":
        return NO
    where = yes(
        "requests with access keys have no such key, and `IfExists` holds", term.values.span, statement.declared.address
    )
    return where & _says(statement, term, "true")


SELF_SERVICE = (
    "iam:*MFADevice*", "iam:GetUser", "iam:ListUsers", "iam:ChangePassword", "iam:GetAccountPasswordPolicy",
    "iam:ListMFADevices", "iam:ListVirtualMFADevices", "sts:GetSessionToken", "iam:GetAccountSummary",
    "iam:ListAccountAliases", "sts:GetCallerIdentity", "iam:*LoginProfile", "iam:*SSHPublicKey*",
    "iam:*SigningCertificate*", "iam:*AccessKey*", "iam:*ServiceSpecificCredential*",
)  # fmt: skip
"""What a user may need before a second factor is there, to get one."""


def mfa_demanded(documents: Iterable[tuple[Document, Truth]]) -> Truth:
    """Whether policies refuse everything but self-service without a second factor, or grant nothing without one."""
    statements = [(it, holds) for document, holds in documents for it in document.statements]
    refused = any_of(_refuses_without(it) & holds for it, holds in statements)
    allows = [(it, holds) for it, holds in statements if it.allows.state is not State.NO]
    granted = all_of(_needs_factor(it) | ~holds for it, holds in allows) if allows else NO
    return refused | granted


def _refuses_without(statement: Statement) -> Truth:
    tests = [term for term in statement.tests(PRESENT) if term.operator in ("boolifexists", "null")]
    if not tests:
        return statement.open if not isinstance(statement.value, Known) else NO
    owner = statement.declared.address
    only = known(
        len(statement.terms) == len(tests), "it has no other condition", statement.span, owner,
        otherwise="it has other conditions too",
    )  # fmt: skip
    rest = ~meaning(statement).actions
    spared = known(
        not rest.most & ~_self_service(), "it spares only what sets up a second factor", place_of(statement), owner,
        otherwise="it spares more than what sets up a second factor",
    )  # fmt: skip
    said = any_of(_says(statement, term, "true" if term.operator == "null" else "false") for term in tests)
    return statement.denies & said & only & spared


def _self_service() -> int:
    return actions.union(SELF_SERVICE) | actions.STRANGE | actions.at_level(actions.READ + actions.LIST)


def _needs_factor(statement: Statement) -> Truth:
    needed = any_of(_says(statement, term, "true") for term in statement.tests(PRESENT) if term.operator == "bool")
    aged = any(term.operator.startswith("numericlessthan") for term in statement.tests(AGE) if term.operator)
    harmless = not meaning(statement).actions.most & ~_self_service()
    place = statement.span, statement.declared.address
    if aged or harmless:
        return yes("the second factor must be recent" if aged else "the statement only sets up a second factor", *place)
    return needed | no("the statement can be used without a second factor", *place)


# TLS.


def refuses_plain_http(statement: Statement, service: str) -> Truth:
    """Whether everyone is refused every action of a service without TLS, or below TLS 1.2."""
    if not isinstance(statement.value, Known):
        return statement.open
    owner = statement.declared.address
    secure = any_of(
        _says(statement, term, "false")
        for term in statement.tests("aws:SecureTransport")
        if term.operator in ("bool", "boolifexists", "stringequals")
    )
    version = any_of(
        yes("it asks for a TLS version", term.values.span, owner)
        for term in statement.tests("s3:TlsVersion")
        if term.operator in ("numericlessthan", "numericlessthanifexists")
    )
    alone = known(
        len(statement.terms) == 1, "it has no other condition", statement.span, owner,
        otherwise="it has other conditions too",
    )  # fmt: skip
    return statement.denies & everyone(statement) & (secure | version) & alone & _all_of_service(statement, service)


def _all_of_service(statement: Statement, service: str) -> Truth:
    wanted = actions.expand(f"{service}:*")
    found: Extent = meaning(statement).actions
    owner = statement.declared.address
    if not wanted & ~found.least:
        return yes("it is about every action", place_of(statement), owner)
    left = list(actions.names(wanted & ~found.least))
    if wanted & ~found.most:
        return Truth(State.NO, (Because(f"it lets {_few(left)} pass", place_of(statement), owner),))
    met = frozenset(one.variable for one in choices(statement.value))
    return unknown("the actions are unknown", place_of(statement), owner, met)


def _few(names: list[str]) -> str:
    shown = [name for name in names if name.partition(":")[2].startswith(("Get", "Put", "List", "Delete"))][
        :2
    ] or names[:2]
    return ", ".join(shown) + (f" and {len(names) - len(shown)} others" if len(names) > len(shown) else "")
