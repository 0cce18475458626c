"""Who a statement is about: everyone, somebody of a foreign account, a service that acts for any customer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from partywall.aws.policy import Principal, Statement
from partywall.aws.policy_place import TOPIC, names_declared
from partywall.aws.resource import Resource, entries
from partywall.graph import View
from partywall.truth import NO, Because, State, Truth, any_of, known, no, unknown
from partywall.value import Known, Setting, Unknown, choices, shown, told

_ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:(?:iam|sts)::)?(\d{12})(?::|\Z)").match
_PROVIDER = re.compile(r"arn:[^:]*:iam::[^:]*:(?:saml|oidc)-provider/").match


def anyone(statement: Statement) -> Truth:
    """Whether everyone is meant: `*`, everybody whom a public provider knows, or an Allow with NotPrincipal."""
    if not isinstance(statement.value, Known):
        return statement.open
    if "NotPrincipal" in entries(statement.value):
        return statement.has("NotPrincipal")
    return any_of(_is_anyone(statement, one) for one in statement.principals)


def _is_anyone(statement: Statement, one: Principal) -> Truth:
    owner = statement.declared.address
    value = one.value
    if one.kind is None or not isinstance(value, Known | Unknown):
        return _open(value, owner)
    if one.kind in ("AWS", "*"):
        return _star(statement.view, value, owner)
    if one.kind == "Federated" and isinstance(value, Known):
        public = not _PROVIDER(str(value.it))
        return known(
            public, f"whoever has an account with {told(value)} is meant", value.span, owner,
            otherwise=f"{told(value)} is a provider of one's own",
        )  # fmt: skip
    return NO


def _star(view: View, value: Known[object] | Unknown[object], owner: str) -> Truth:
    if isinstance(value, Known):
        return Truth(
            State.YES if value.it == "*" else State.NO,
            (Because(lambda: f"`Principal` is {shown(value)}", value.span, owner),),
        )
    if names_declared(view, value) or any(part not in (None, "", "*") for part in value.parts or ()):
        return no("`Principal` is partly known", value.span, owner)
    return _open(value, owner)


def _open(value: Setting, owner: str) -> Truth:
    met = frozenset(one.variable for one in choices(value))
    why = value.why if isinstance(value, Unknown) else "it depends on a condition"
    return unknown(f"`Principal` is unknown: {why}", value.span, owner, met)


def everyone(statement: Statement) -> Truth:
    """Whether a refusal is for everyone alike: `*` and nothing less."""
    if "NotPrincipal" in entries(statement.value):
        return ~statement.has("NotPrincipal")
    return any_of(_is_anyone(statement, one) for one in statement.principals if one.kind != "Federated")


def issuers(statement: Statement) -> Iterator[str]:
    """The identity providers among those it is about, as condition keys spell them."""
    for one in statement.principals:
        if one.kind == "Federated":
            text = "".join(part or "" for part in one.value.parts or ()) if isinstance(one.value, Unknown) else ""
            if isinstance(one.value, Known):
                text = str(one.value.it)
            yield text.rpartition("oidc-provider/")[2].lower()


def own_accounts(view: View) -> frozenset[str]:
    """Account ids that the settings or the sources themselves call their own."""
    found = view.memo.get("own accounts")
    if found is None:
        given = view.graph.deployment.account
        ids = {*view.graph.deployment.owner.accounts, *(() if given is None else (given,))}
        for provider in view.of(("provider.aws",)):
            whole = Resource(view, provider)
            for item in (*whole.elements((), "allowed_account_ids"), *whole.elements((), "assume_role.role_arn")):
                match = _ACCOUNT(str(item.it)) if isinstance(item, Known) else None
                if match is not None:
                    ids.add(match[1])
        found = view.memo["own accounts"] = frozenset(ids)
    assert isinstance(found, frozenset)
    return found


def foreign(statement: Statement) -> Truth:
    """Whether a literal account that is not known as the own one is among those it is about."""
    if not isinstance(statement.value, Known):
        return statement.open
    return any_of(is_foreign(statement.view, one, statement.declared.address) for one in statement.principals)


def is_foreign(view: View, one: Principal, owner: str) -> Truth:
    """Whether a principal is, or belongs to, an account that is not known as the own one."""
    value = one.value
    if one.kind is None or not isinstance(value, Known | Unknown):
        return _open(value, owner)
    if one.kind not in ("AWS", "CanonicalUser"):
        return NO
    text = str(value.it) if isinstance(value, Known) else next((part for part in value.parts or () if part), "")
    match = _ACCOUNT(text)
    if match is not None:
        own = match[1] in own_accounts(view)
        text = f"account {told(value, match[1])} is {'the own one' if own else 'not known as the own one'}"
        return known(not own, text, value.span, owner)
    if isinstance(value, Known):
        return no(f"`Principal` is {shown(value)}", value.span, owner)
    if names_declared(view, value):
        return no("`Principal` is declared here", value.span, owner)
    return _open(value, owner)


ANY_CUSTOMER = frozenset(
    {
        "s3", "sns", "sqs", "events", "logs", "cloudtrail", "config", "apigateway", "cloudwatch", "ses", "backup",
        "lambda.alarms.cloudwatch", "delivery.logs", "scheduler", "pipes", "iot", "cognito-idp", "codecommit",
        "codestar-notifications", "budgets", "costalerts", "cloudfront", "guardduty", "storage-lens",
        "logdelivery.elasticloadbalancing", "serverlessrepo", "vpc-flow-logs",
    }
)  # fmt: skip
"""Services that act for any customer who asks them to, so that a grant to them has to say for whom.

Source: IAM user guide, The confused deputy problem (cross-service), and the guides of the services."""

_CANNOT_SAY = frozenset(("events", kind) for kind in TOPIC)
"""Services that tell a kind of policy nothing about their source: a condition there would shut them out.

Source: EventBridge user guide, Using resource-based policies: conditions cannot be used in SNS topic policies."""


def acts_for_anyone(statement: Statement) -> Truth:
    """Whether a service that acts for any customer is among those it is about."""
    owner = statement.declared.address
    found = []
    for one in statement.principals:
        if one.kind is None:
            found.append(_open(one.value, owner))
        elif one.kind == "Service":
            found.append(_acts_for_anyone(one.value, statement))
    return any_of(found)


def _acts_for_anyone(value: Setting, statement: Statement) -> Truth:
    if not isinstance(value, Known):
        text = (value.parts or (None,))[0] if isinstance(value, Unknown) else None
        return _open(value, statement.declared.address) if text is None else _customer(text, value, statement)
    return _customer(str(value.it), value, statement)


def _customer(text: str, value: Setting, statement: Statement) -> Truth:
    name = re.split(r"\.(?:[a-z]{2}(?:-[a-z]+)+-\d\.)?amazonaws\.com", text.lower())[0].rstrip(".")
    said, owner = f"the service {told(value, name)} acts for any customer", statement.declared.address
    says_for_whom = (name, statement.declared.type) not in _CANNOT_SAY
    return known(name in ANY_CUSTOMER and says_for_whom, said, value.span, owner, otherwise="")
