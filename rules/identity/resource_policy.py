"""Policies of resources of any kind: conditions that do not lock, and refusals that lock out."""

from __future__ import annotations

from partywall.aws.policy import LooseStatement, ResourceStatement
from partywall.reason.policy import public
from partywall.reason.policy.condition import names_callers, tries_to_name_callers
from partywall.reason.policy.principal import anyone
from partywall.rule import HIGH, LOW, rule
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
