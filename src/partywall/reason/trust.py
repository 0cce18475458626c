"""Trust policies: who may take a role on, and how sure that is."""

from __future__ import annotations

import re

from partywall.aws.policy import TrustStatement
from partywall.reason.policy_condition import conditions, names_callers, tests
from partywall.truth import NO, Truth, any_of, known, no, unknown, yes
from partywall.value import Known, Setting, Unknown

GITHUB = "token.actions.githubusercontent.com"
_ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::|\Z)").match
_TENANTS = (
    "gitlab.com",
    "app.terraform.io",
    "api.bitbucket.org",
    "oidc.circleci.com",
    "cognito-identity.amazonaws.com",
    "oidc.eks.",
)


def anyone(statement: TrustStatement) -> Truth:
    """Whether everyone may take the role on."""
    return statement.anyone & statement.allows & ~names_callers(statement)


def foreign_without_external_id(statement: TrustStatement) -> Truth:
    """Whether a literal account is trusted without an external id, a second factor or an organisation."""
    owner = statement.declared.address
    keys = {key for _, key, _ in conditions(statement)}
    guarded = known(
        bool(keys & {"sts:externalid", "aws:multifactorauthpresent", "aws:principalorgid", "aws:principalorgpaths"}),
        "a condition names the caller's side", statement.span, owner,
    )  # fmt: skip
    foreign = any_of(_foreign(item, owner) for kind, item in statement.principals if kind == "AWS")
    return foreign & statement.allows & ~guarded


def _foreign(item: Setting, owner: str) -> Truth:
    if isinstance(item, Known):
        match = _ACCOUNT(str(item.it))
        return known(match is not None, f"the principal is {item.it!r}", item.span, owner)
    if isinstance(item, Unknown):
        if item.parts and any(part and _ACCOUNT(part) for part in item.parts):
            return yes("the principal is in a literal account", item.span, owner)
        if any(it.address.endswith("AWS::AccountId") or "aws_caller_identity" in it.address for it in item.references):
            return no("the principal is in the own account", item.span, owner)
        if item.references and not any("var." in it.address or "Parameters." in it.address for it in item.references):
            return no("the principal is declared here", item.span, owner)
        return unknown(f"the principal is unknown: {item.why}", item.span, owner)
    return unknown("the principal depends on a condition", item.span, owner)


def _issuer(statement: TrustStatement, wanted: tuple[str, ...]) -> Truth:
    """Whether the identity provider is one of some, by what is known of its name."""
    found = []
    for kind, item in statement.principals:
        if kind != "Federated":
            continue
        text = (
            str(item.it)
            if isinstance(item, Known)
            else "".join(part or "" for part in getattr(item, "parts", None) or ())
        )
        hit = any(one in text for one in wanted)
        if hit or text:
            found.append(known(hit, "the identity provider", item.span, statement.declared.address))
        else:
            keyed = any(one in key for one in wanted for _, key, _ in conditions(statement))
            found.append(
                yes("the identity provider", item.span, statement.declared.address)
                if keyed
                else unknown("the identity provider is unknown", item.span, statement.declared.address)
            )
    return any_of(found)


def github_unscoped(statement: TrustStatement) -> Truth:
    """Whether GitHub's provider is trusted without saying whose repositories."""
    return _issuer(statement, (GITHUB,)) & statement.allows & ~_subject(statement, f"{GITHUB}:sub", _names_owner)


def _names_owner(text: str) -> bool:
    match = re.match(r"(?:repo|repository_owner|repository_id|enterprise):([^/:]+)", text)
    return match is not None and "*" not in match[1] and "?" not in match[1]


def web_identity_unscoped(statement: TrustStatement) -> Truth:
    """Whether a provider of many tenants is trusted without saying which subject."""
    subject = any_of(
        _subject(statement, key, lambda text: text.strip("*?") != "" and text != "system:serviceaccount:*")
        for _, key, _ in conditions(statement)
        if key.endswith((":sub", ":amr"))
    )
    return _issuer(statement, _TENANTS) & statement.allows & ~subject


def _subject(statement: TrustStatement, key: str, fixed: object) -> Truth:
    """Whether a claim is compared with values that pin it."""
    owner = statement.declared.address
    found = []
    for operator, values in tests(statement, key).items():
        if operator not in ("stringequals", "stringlike", "foranyvalue:stringequals", "foranyvalue:stringlike"):
            continue
        items = statement.view.items(values)
        good = [_pinned(item, fixed, owner) for item in items]
        if good:
            truth = good[0]
            for one in good[1:]:
                truth = truth & one
            found.append(truth)
    return any_of(found) if found else NO


def _pinned(item: Setting, fixed: object, owner: str) -> Truth:
    assert callable(fixed)
    if isinstance(item, Known):
        return known(bool(fixed(str(item.it))), f"the claim is {item.it!r}", item.span, owner)
    parts = getattr(item, "parts", None)
    if parts:
        return known(
            bool(fixed("".join("x" if part is None else part for part in parts))),
            "the claim is partly known",
            item.span,
            owner,
        )
    return unknown("the claim is unknown", item.span, owner)
