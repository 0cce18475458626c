"""Policies of resources of any kind: conditions that do not lock, and refusals that lock out."""

from __future__ import annotations

from partywall.aws.policy import AnyStatement, ForeignStatement, LooseStatement, ResourceStatement
from partywall.reason.policy import grammar, public
from partywall.reason.policy.condition import names_callers, tries_to_name_callers
from partywall.reason.policy.principal import anyone
from partywall.rule import HIGH, LOW, MEDIUM, rule
from partywall.truth import Truth


@rule("IAM044", HIGH, same_as=["checkov:CKV_AWS_283"])
def policy_document_open_to_any_principal(statement: LooseStatement) -> Truth:
    """Rendered policy documents name their principals.

    A document for `*` without a condition on the caller opens whatever it is attached to. Where a resource here
    uses the document, the resource's own rule speaks; this one is for documents that leave the sources.

    Instead: name the principals, or limit the caller in a `condition` block.

    Sources: IAM user guide, AWS JSON policy elements: Principal.
    """
    return public.open_to_anyone(statement)


@rule("IAM334", HIGH)
def policy_condition_does_not_restrict(statement: ResourceStatement) -> Truth:
    """Conditions that are meant to limit callers do.

    `IfExists` and `ForAllValues` are true when the key is missing, a wildcard matches everyone, and `0.0.0.0/1`
    with its other half is the internet. Such a condition looks like a lock on a statement for everybody and is
    none.

    Instead: use a plain operator, such as `StringEquals`, with values that name the callers.

    Sources: IAM user guide, IAM JSON policy elements: Condition operators; Multivalued context keys.
    """
    return tries_to_name_callers(statement) & anyone(statement) & statement.allows & ~names_callers(statement)


@rule("IAM047", LOW)
def policy_deny_with_not_principal(statement: ResourceStatement) -> Truth:
    """Refusals use conditions, not `NotPrincipal`.

    Deny with `NotPrincipal` denies everyone who is not listed, and a role is listed only if its session is too.
    Administrators lock themselves out, and then people loosen more than they meant to.

    Instead: deny `*` with a condition on `aws:PrincipalArn`.

    Sources: IAM user guide, AWS JSON policy elements: NotPrincipal.
    """
    return statement.has("NotPrincipal") & statement.denies


@rule("IAM335", LOW)
def resource_policy_foreign_account(statement: ForeignStatement) -> Truth:
    """Resources admit accounts of the own organisation.

    A grant to an account stays when the partnership behind it ends. An account written out as twelve digits is taken
    for a foreign one unless the provider's `allowed_account_ids` names it.

    Instead: add a condition on `aws:PrincipalOrgID`, or confirm that the account is meant.

    Sources: IAM user guide, Cross account resource access; AWS global condition context keys.
    """
    return public.lets_in_foreign_account(statement)


@rule("IAM336", MEDIUM)
def resource_policy_service_without_source(statement: ResourceStatement) -> Truth:
    """Services that act for any customer say for whom they act here.

    S3, SNS, EventBridge and others call your resource on behalf of whoever configured them. Without the source's
    account, any customer can have them call it. The ARN of a bucket has no account in it, and a bucket's name can
    change its owner. EventBridge tells a topic nothing about its source, so that a condition there would shut it out:
    its grants in topic policies are left alone.

    Instead: add a condition on `aws:SourceAccount`, or on an `aws:SourceArn` with an account in it.

    Sources: IAM user guide, The confused deputy problem; Lambda developer guide, Granting function access to AWS
    services; EventBridge user guide, Using resource-based policies.
    """
    return public.service_without_source(statement)


@rule(
    "IAM036",
    MEDIUM,
    lowered=(LOW, grammar.grants_too_little),
    same_as=[
        "cloudrail:not_car_access_analyzer_validation_error_and_security",
        "cloudrail:not_car_access_analyzer_validation_warning_and_suggestion", "terrascan:AC_AWS_0481",
    ],
)  # fmt: skip
def iam_policy_grammar_invalid(statement: AnyStatement) -> Truth:
    """Policies name actions, operators and parts that exist.

    IAM refuses some mistakes and accepts others: an action that does not exist grants nothing and denies nothing, a
    policy variable is plain text without `Version` 2012-10-17, and an operator of the wrong type never holds. A
    statement says nothing about a resource on which none of its actions can be granted, such as `s3:GetObject` on a
    bucket instead of its objects. A pattern that matches no action, or such a resource, does no harm in an Allow, and
    is a small gap.

    Instead: correct the statement.

    Sources: IAM user guide, Grammar of the IAM JSON policy language; IAM Access Analyzer policy check reference; AWS
    Service Authorization Reference.
    """
    return grammar.invalid(statement)
