"""Trust policies: who may take a role on, and how sure that is.

Sources: IAM user guide, The confused deputy problem; Create a role for OpenID Connect federation; the providers' own
pages on the claims of their tokens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from partywall.aws.policy import Principal, Term, TrustStatement
from partywall.reason.policy.condition import POSITIVE, where_present
from partywall.reason.policy.principal import foreign
from partywall.reason.policy.public import open_to_anyone
from partywall.truth import NO, Truth, all_of, any_of, known, no, unknown, yes
from partywall.value import Known, Setting, Unknown, choices, shown

GITHUB = "token.actions.githubusercontent.com"
_GITHUB_SUBJECT = re.compile(r"(?:repo|repository_owner|repository_owner_id|repository_id|enterprise):([^/:]+)").match
_TENANTS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("gitlab.", re.compile(r"project_path:[^*?/]+/")),
    ("app.terraform.io", re.compile(r"organization:[^*?:]+:")),
    ("api.bitbucket.org", re.compile(r"[^*?]")),
    ("oidc.circleci.com", re.compile(r"org/[^*?/]+")),
    ("oidc.eks.", re.compile(r"system:serviceaccount:[^*?:]+:[^*?]")),
    ("accounts.google.com", re.compile(r"[^*?]")),
    ("graph.facebook.com", re.compile(r"[^*?]")),
    ("www.amazon.com", re.compile(r"[^*?]")),
)
"""Providers that serve many tenants, and how a subject begins that names one of them."""

_COGNITO = "cognito-identity.amazonaws.com"
_EXACT = ("stringequals", "stringequalsignorecase", "stringlike")
_IDENTITY_KEYS = frozenset(
    {
        "sts:externalid",
        "aws:multifactorauthpresent",
        "aws:multifactorauthage",
        "aws:principalorgid",
        "aws:principalorgpaths",
    }
)


def anyone(statement: TrustStatement) -> Truth:
    """Whether everyone may take the role on. An external id does not close it: it is a label, not a secret."""
    return open_to_anyone(statement) & ~_by_provider(statement)


def _by_provider(statement: TrustStatement) -> Truth:
    """A public identity provider is judged by its own rule."""
    kinds = {one.kind for one in statement.principals}
    return known(
        kinds == {"Federated"}, "an identity provider vouches", statement.span, statement.declared.address,
        otherwise="no identity provider vouches",
    )  # fmt: skip


def foreign_without_external_id(statement: TrustStatement) -> Truth:
    """Whether a literal account is trusted without an external id, a second factor or an organisation."""
    owner = statement.declared.address
    guards: list[Truth] = []
    for term in statement.terms:
        if term.key is None:
            met = frozenset(one.variable for one in choices(term.values))
            guards.append(unknown("the condition is unknown", term.values.span, owner, met))
        elif term.key in _IDENTITY_KEYS and _asks(statement, term):
            guards.append(yes(f"limited by {term.key}", term.values.span, owner))
    return foreign(statement) & statement.allows & ~any_of(guards)


def _asks(statement: TrustStatement, term: Term) -> bool:
    """Whether a test fails for those who bring no such key; one that any value passes asks for nothing."""
    items = statement.view.items(term.values)
    anything = any(isinstance(it, Known) and str(it.it).strip("*?") == "" for it in items)
    operators = (*POSITIVE, "bool", "numericlessthan", "numericlessthanequals")
    return not anything and (term.operator or "").removeprefix("foranyvalue:") in operators


# Identity providers.


def _provider(one: Principal) -> str:
    """What is known of a provider's name, in small letters."""
    value = one.value
    if isinstance(value, Known):
        return str(value.it).lower()
    return "".join(part or "" for part in (value.parts if isinstance(value, Unknown) else None) or ()).lower()


def _issuer(statement: TrustStatement, wanted: Callable[[str], bool]) -> Truth:
    """Whether the identity provider is one of some, by what is known of its name, its declaration, or the condition."""
    owner = statement.declared.address
    found: list[Truth] = []
    for one in statement.principals:
        if one.kind != "Federated":
            continue
        name = _provider(one)
        declared = statement.view.target(one.value, _PROVIDERS)
        if declared is not None:
            url = statement.view.look(Known(declared.attributes), ("Url" if "::" in declared.type else "url",))
            name = str(url.it).lower() if isinstance(url, Known) else ""
        keys = [term.key for term in statement.terms if term.key is not None]
        if wanted(name) or any(wanted(key) for key in keys):
            found.append(yes("the identity provider serves many tenants", one.value.span, owner))
        elif name or declared is not None or any(key.endswith((":sub", ":aud")) for key in keys):
            found.append(NO)
        else:
            found.append(unknown("the identity provider is unknown", one.value.span, owner))
    return any_of(found)


_PROVIDERS = ("aws_iam_openid_connect_provider", "data.aws_iam_openid_connect_provider", "AWS::IAM::OIDCProvider")


def github_unscoped(statement: TrustStatement) -> Truth:
    """Whether GitHub's provider is trusted without saying whose repositories."""

    def claimed(names: tuple[str, ...], fixed: Callable[[str], bool]) -> Truth:
        return _claims(statement, lambda key: key.startswith(GITHUB) and key.endswith(names), fixed)

    owned = any_of(
        (
            claimed((":sub",), _names_owner),
            claimed((":repository", ":job_workflow_ref"), _begins_with_owner),
            claimed((":repository_owner", ":repository_owner_id", ":repository_id", ":enterprise_id"), _is_whole),
        )
    )
    return _issuer(statement, lambda name: GITHUB in name) & statement.allows & ~owned


def _names_owner(text: str) -> bool:
    match = _GITHUB_SUBJECT(text)
    return match is not None and _is_whole(match[1])


def _begins_with_owner(text: str) -> bool:
    owner, slash, _ = text.partition("/")
    return bool(slash) and _is_whole(owner)


def _is_whole(text: str) -> bool:
    return bool(text) and "*" not in text and "?" not in text


def web_identity_unscoped(statement: TrustStatement) -> Truth:
    """Whether a provider of many tenants is trusted without saying which subject; Cognito's needs pool and kind."""
    found = any_of(_of_tenant(statement, part, begins) for part, begins in _TENANTS)
    pool = _claims(statement, lambda key: key == f"{_COGNITO}:aud", lambda text: text.strip("*?") != "")
    kind = _claims(statement, lambda key: key == f"{_COGNITO}:amr", lambda text: text.strip("*?") != "")
    subject = _claims(statement, lambda key: key == f"{_COGNITO}:sub", lambda text: text.strip("*?") != "")
    cognito = _issuer(statement, lambda name: _COGNITO in name) & ~((pool & kind) | subject)
    return (found | cognito) & statement.allows


def _of_tenant(statement: TrustStatement, part: str, begins: re.Pattern[str]) -> Truth:
    """Whether one provider of many tenants is trusted without saying which; a key may be known in part only."""
    return _issuer(statement, lambda name: part in name) & ~_claims(
        statement,
        lambda key: key.endswith(":sub") and (part in key or "?" in key),
        lambda text: begins.match(text) is not None,
    )


def _claims(statement: TrustStatement, wanted: Callable[[str], bool], fixed: Callable[[str], bool]) -> Truth:
    """Whether some claim is compared with values that pin it, every one of them."""
    owner = statement.declared.address
    found: list[Truth] = []
    for term in statement.terms:
        if term.key is None or term.operator is None:
            met = frozenset(one.variable for one in choices(term.values))
            found.append(unknown("the condition is unknown", term.values.span, owner, met))
        elif wanted(term.key) and where_present(statement, term).removeprefix("foranyvalue:") in _EXACT:
            found.append(all_of(_pinned(item, fixed, owner) for item in statement.view.items(term.values)))
    return any_of(found) if found else no("no condition says for whom", statement.span, owner)


def _pinned(item: Setting, fixed: Callable[[str], bool], owner: str) -> Truth:
    if isinstance(item, Known):
        return known(fixed(str(item.it)), f"the claim is {shown(item)}", item.span, owner)
    if isinstance(item, Unknown) and item.parts:
        text = "".join("x" if part is None else part for part in item.parts)
        return known(fixed(text), f"the claim is {shown(item)}", item.span, owner)
    return unknown("the claim is unknown", item.span, owner, frozenset(one.variable for one in choices(item)))
