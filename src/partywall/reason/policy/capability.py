"""What an identity can do: all Allows less all Denies, within the boundary, with what is sure and what may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from partywall.aws.identity import Reach, Rights
from partywall.aws.policy import Document, Statement
from partywall.immutable import immutable
from partywall.reason.policy import action as actions
from partywall.reason.policy.condition import binds
from partywall.reason.policy.statement import (
    NOTHING,
    Extent,
    covered,
    every_resource,
    extent,
    is_wide,
    meaning,
    passes_any_role,
    place_of,
    wide,
)
from partywall.source import Span
from partywall.truth import NO, YES, Because, State, Truth, no, unknown, yes
from partywall.value import Unknown, choices

ADMIN_SHARE = 0.98
"""From this part of all actions on everything on, an identity is an administrator, if it can attach policies."""

NEAR_SHARE = 0.5
"""From this part of all services on everything on, it is nearly one."""

_TAKEOVER = ("iam:AttachRolePolicy", "iam:PutUserPolicy")


@immutable()
class Grant:
    """What one Allow gives after refusals and boundary: on everything, and on all resources of a kind."""

    statement: Statement
    everywhere: Extent
    widely: Extent


@immutable()
class Capability:
    """What some policies give together."""

    grants: tuple[Grant, ...]
    policies: tuple[Reach, ...]

    @property
    def everywhere(self) -> Extent:
        """The actions on every resource."""
        return _joined(grant.everywhere for grant in self.grants)

    @property
    def widely(self) -> Extent:
        """The actions on every resource, or on all of a kind."""
        return _joined(grant.widely for grant in self.grants)

    def giving(self, action: int) -> Grant | None:
        """The grant that surely gives an action widely."""
        return next((grant for grant in self.grants if grant.widely.least & action), None)

    def open(self, why: str) -> Truth:
        """Unknown, for all that is not known of the policies."""
        met: frozenset[str] = frozenset()
        first: Truth | None = None
        for reach in self.policies:
            met |= reach.holds.variables
            for statement in reach.document.statements:
                met |= frozenset(one.variable for one in choices(statement.value))
        for grant in self.grants:
            if grant.widely.least != grant.widely.most and first is None:
                statement = grant.statement
                value = statement.value
                text = f"the policy is unknown: {value.why}" if isinstance(value, Unknown) else why
                first = unknown(text, place_of(statement), statement.declared.address, met)
        return unknown(why, variables=met) if first is None else first


def _joined(extents: Iterable[Extent]) -> Extent:
    found = NOTHING
    for one in extents:
        found = found | one
    return found


def capability(rights: Rights) -> Capability:
    """What rights amount to, made once in a view; a boundary counts where every holder of the rights has one."""
    memo = rights.view.memo
    key = ("capability", rights.declared.address, rights.key)
    found = memo.get(key)
    if found is None:
        found = memo[key] = _capability(rights.policies, _limit(rights))
    assert isinstance(found, Capability)
    return found


def unrefused(rights: Rights) -> Capability:
    """What rights would amount to if nothing were refused."""
    return _capability(rights.policies, _limit(rights), heeding=False)


def hands_on_any_role(statement: Statement) -> Truth:
    """Whether a statement lets its owner hand any role to any service, and nothing takes that back."""
    found = passes_any_role(statement)
    return found if found.state is State.NO else found & remains(statement, actions.expand("iam:PassRole"))


def remains(statement: Statement, wanted: int) -> Truth:
    """Whether something of a grant is left for some actions: after refusals beside it, and within its boundaries."""
    memo = statement.view.memo
    key = ("remains", statement.document)
    found = memo.get(key)
    if found is None:
        whole = Rights(statement.view, statement.declared, statement.document.value)
        whole.policies = (Reach(statement.document, YES),)
        found = memo[key] = _capability(whole.policies, _limit(whole))
    assert isinstance(found, Capability)
    grant = next((it for it in found.grants if it.statement.value is statement.value), None)
    left = NOTHING if grant is None else grant.widely
    if left.least & wanted:
        return yes("no refusal and no boundary takes it back", statement.span, statement.declared.address)
    if left.most & wanted:
        return found.open("what takes it back is unknown")
    return no("it is refused beside it, or outside the boundary", statement.span, statement.declared.address)


def _limit(rights: Rights) -> Extent:
    """What the boundaries of all holders leave, at most."""
    boundaries = [holder.boundary for holder in rights.holders]
    if not boundaries or any(boundary is None for boundary in boundaries):
        return Extent(actions.EVERY, actions.EVERY)
    return _joined(within(boundary or ()) for boundary in boundaries)


def within(boundary: Sequence[Document]) -> Extent:
    """The actions that a boundary leaves on everything."""
    return _capability(tuple(Reach(document, NO) for document in boundary), None).everywhere


def _capability(policies: tuple[Reach, ...], limit: Extent | None, *, heeding: bool = True) -> Capability:
    """Sum up policies; without a limit they are taken as a boundary, which holds whatever it reaches."""
    sure = limit is None
    allows = [(it, reach) for reach in policies for it in reach.document.statements if it.allows.state is not State.NO]
    denies = [
        (it, reach)
        for reach in policies
        for it in reach.document.statements
        if heeding and it.denies.state is not State.NO and it.terms == ()
    ]
    grants = []
    for statement, reach in allows:
        given = meaning(statement).actions
        for deny, its in denies:
            given = given.minus(_taken(deny, its, statement, sure=sure))
        if limit is not None:
            given = given & limit
        if given.most:
            held = sure or reach.holds.state is State.YES
            bound = binds(statement)
            given = _weaker(
                given, statement.allows, certain=held and bound.state is State.NO, gone=bound.state is State.YES
            )
            grants.append(Grant(statement, _where(given, every_resource(statement)), _where(given, wide(statement))))
    return Capability(tuple(grants), policies)


def _weaker(given: Extent, truth: Truth, *, certain: bool, gone: bool) -> Extent:
    if gone:
        return NOTHING
    return given if certain and truth.state is State.YES else Extent(actions.NONE, given.most)


def _where(given: Extent, truth: Truth) -> Extent:
    if truth.state is State.NO:
        return NOTHING
    return given if truth.state is State.YES else Extent(actions.NONE, given.most)


def _taken(deny: Statement, reach: Reach, allow: Statement, *, sure: bool) -> Extent:
    """What an unconditional refusal takes from a grant: all it lists, on all that the grant is about."""
    over = State.YES if _spares_little(deny) else covered(deny, allow)
    if over is State.NO:
        return NOTHING
    taken = meaning(deny).actions
    certain = over is State.YES and deny.denies.state is State.YES and (sure or reach.holds.state is State.YES)
    return taken if certain else Extent(actions.NONE, taken.most)


def _spares_little(deny: Statement) -> bool:
    """Whether a refusal is for all but some single resources: no grant on all of a kind is left beside it."""
    found = meaning(deny)
    return found.complement and all(it is not None and not is_wide(it) for it in found.resources)


# Administrators.


def administers(given: int) -> bool:
    """Whether some actions on everything make an administrator."""
    return actions.share(given) >= ADMIN_SHARE and all(given & actions.expand(name) for name in _TAKEOVER)


def together(judge: Callable[[Rights], Truth], rights: Rights) -> Truth:
    """A judgement on rights; of an identity's policies together only what none of them gives reason for alone."""
    found = judge(rights)
    if found.state is State.NO or rights.owner is None:
        return found
    alone = next((one for one in rights.single if judge(one).state is State.YES), None)
    return found if alone is None else _no(rights, f"said of {alone.declared.address}")


def admin(rights: Rights) -> Truth:
    """Whether rights amount to an administrator's."""
    found = capability(rights)
    given = found.everywhere
    if administers(given.least):
        return _because(found, "every action is granted")
    if not administers(given.most):
        return _no(rights, "less than everything is granted")
    return found.open("whether everything is granted is unknown")


def near_admin(rights: Rights) -> Truth:
    """Whether rights hold most services whole, on everything, without being an administrator's."""
    found = capability(rights)
    given = found.everywhere
    if not _nearly(given.most):
        return _no(rights, "less than half of the services are granted whole")
    if administers(given.least):
        return _no(rights, "everything is granted")
    if not _nearly(given.least) or administers(given.most):
        return found.open("how much is granted is unknown")
    share = round(actions.whole_services(given.least) * 100)
    return _because(found, f"{share} % of all services are granted whole, on everything")


def _nearly(given: int) -> bool:
    return actions.whole_services(given) > NEAR_SHARE


def _no(rights: Rights, text: str) -> Truth:
    return Truth(State.NO, (Because(text, rights.span, rights.declared.address),))


def _because(found: Capability, text: str) -> Truth:
    """Yes, for the grants that matter: the broadest leads."""
    ranked = sorted(
        (grant for grant in found.grants if grant.everywhere.least),
        key=lambda grant: -(grant.everywhere.least & actions.known()).bit_count(),
    )
    reasons: list[Because | Truth] = []
    for at, grant in enumerate(ranked[:3]):
        statement = grant.statement
        said = "this grant adds to it" if at else text
        reasons.append(Because(said, _broadest(statement), statement.declared.address))
        reasons.append(every_resource(statement))
    return Truth(State.YES, tuple(reasons))


def _broadest(statement: Statement) -> Span:
    """The element that gives most."""
    items = statement.listed("Action")
    if not items:
        return place_of(statement)
    return max(items, key=lambda item: (extent(item).least & actions.known()).bit_count()).span
