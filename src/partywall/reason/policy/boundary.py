"""Permissions boundaries that bound nothing."""

from __future__ import annotations

from partywall.aws.identity import Boundary
from partywall.reason.policy.capability import administers, within
from partywall.truth import Because, State, Truth, unknown
from partywall.value import choices


def allows_admin(policy: Boundary) -> Truth:
    """Whether a boundary leaves an administrator's rights."""
    left = within(policy.documents)
    owner = policy.declared.address
    statement = next((it for document in policy.documents for it in document.statements), None)
    place = policy.span if statement is None else statement.span
    if administers(left.least):
        return Truth(State.YES, (Because("the boundary allows every action", place, owner),))
    if not administers(left.most):
        return Truth(State.NO, (Because("the boundary allows less than everything", place, owner),))
    met = frozenset(
        one.variable for document in policy.documents for it in document.statements for one in choices(it.value)
    )
    return unknown("what the boundary allows is unknown", place, owner, met)
