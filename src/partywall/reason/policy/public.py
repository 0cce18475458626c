"""Whether the policy of a resource is public, cross-account, or open to a service that acts for strangers.

Public in AWS's own sense, save that refusals count: assume that an Allow is public, then look for a reason why not.
Source: Amazon S3 user guide, The meaning of "public".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from partywall.aws.policy import Statement, Term
from partywall.aws.policy_place import BUCKET
from partywall.reason.policy import action as actions
from partywall.reason.policy.condition import POSITIVE, denies_others, names_callers
from partywall.reason.policy.implication import follows, one_holds
from partywall.reason.policy.pattern import BUCKET_ARN, EVERYTHING, Pattern, Wild
from partywall.reason.policy.principal import acts_for_anyone, anyone, everyone, foreign
from partywall.reason.policy.statement import NOTHING, Extent, covered, covers_all, includes, meaning, place_of
from partywall.truth import NO, YES, Because, State, Truth, all_of, any_of, known, unknown, yes
from partywall.value import Known, Setting, Unknown, choices, told


def open_to_anyone(statement: Statement) -> Truth:
    """Whether a statement lets in everyone: not limited to callers, not denied to all others."""
    first = anyone(statement) & statement.allows & ~names_callers(statement)
    return first if first.state is State.NO else first & _left(statement)


def left_open(statement: Statement) -> Extent:
    """What an Allow grants to everyone, on any of its resources, once the refusals of its document are taken away."""
    granted = meaning(statement).actions
    denies = [*_alone(statement), *_jointly(statement)]
    if not denies:
        return granted
    if meaning(statement).complement:
        parts: list[tuple[Pattern | None, ...] | None] = [None]
    else:
        parts = [(pattern,) for pattern in _resources(statement)] or [()]
    left = NOTHING
    for part in parts:
        rest = granted
        for refusals, applies in denies:
            rest = rest.minus(_taken_by_all(refusals, applies, statement, part))
        left = left | rest
    return left


def _others(statement: Statement) -> Iterator[Statement]:
    return (it for it in statement.document.statements if it.value is not statement.value)


def _resources(statement: Statement) -> Sequence[Pattern | None]:
    """What an Allow is about; in a bucket policy `*` is the bucket and its objects, if another statement names it."""
    own = meaning(statement).resources
    if EVERYTHING in own and statement.declared.type in BUCKET:
        for other in _others(statement):
            for pattern in meaning(other).resources:
                if pattern is not None and pattern[: len(BUCKET_ARN)] == tuple(BUCKET_ARN):
                    name = pattern[: pattern.index("/")] if "/" in pattern else pattern
                    if not any(isinstance(token, Wild) for token in name):
                        return (name, (*name, "/", Wild.MANY))
    return own


Refusals = tuple[Statement, ...]
"""Refusals that take away together what all of them are about."""


def _alone(statement: Statement) -> Iterator[tuple[Refusals, Truth]]:
    for deny in _others(statement):
        applies = _refuses(deny, statement)
        if applies.state is not State.NO:
            yield (deny,), applies


def _jointly(statement: Statement) -> Iterator[tuple[Refusals, Truth]]:
    """Pairs of refusals of which one holds in every request: without TLS the one, with TLS the other."""
    conditional = [it for it in _others(statement) if it.denies.state is State.YES and it.terms]
    for one, other in combinations(conditional, 2):
        for term, another in product(one.terms, other.terms):
            if one_holds(one, term, other, another):
                applies = _refuses(one, statement, term) & _refuses(other, statement, another)
                if applies.state is not State.NO:
                    yield (one, other), applies


def _taken_by_all(
    refusals: Refusals, applies: Truth, allow: Statement, part: tuple[Pattern | None, ...] | None
) -> Extent:
    taken = Extent(actions.EVERY, actions.EVERY)
    for deny in refusals:
        reach = covered(deny, allow) if part is None else covers_all(deny, part)
        taken = taken & _taken(deny, applies, reach)
    return taken


def _taken(deny: Statement, applies: Truth, reach: State) -> Extent:
    """The actions that a refusal takes from everyone but named callers, where it reaches."""
    if reach is State.NO:
        return NOTHING
    taken = meaning(deny).actions
    sure = applies.state is State.YES and reach is State.YES
    return taken if sure else Extent(actions.NONE, taken.most)


def _refuses(deny: Statement, allow: Statement, settled: Term | None = None) -> Truth:
    """Whether a statement refuses to all but named callers what another grants, whenever that grant holds.

    A test that is `settled` is taken to hold.
    """
    refuses = deny.denies
    if refuses.state is State.NO:
        return refuses
    return refuses & everyone(deny) & denies_others(deny, lambda it: it is settled or follows(deny, it, allow))


def _left(statement: Statement) -> Truth:
    granted, rest = meaning(statement).actions, left_open(statement)
    strangers = [name for name in meaning(statement).strangers if not _denied_by_name(statement, name)]
    owner = statement.declared.address
    if granted.least and not any(True for _ in _others(statement)):
        return YES
    if rest.least or strangers:
        return Truth(State.YES, (Because("not denied to others", place_of(statement), owner),))
    if not rest.most and granted.most:
        return Truth(State.NO, (Because("another statement denies it to all others", place_of(statement), owner),))
    if not granted.most and not granted.least:
        return _nothing(statement)
    met = frozenset(one.variable for it in statement.document.statements for one in choices(it.value))
    why = "what another statement denies is unknown" if granted.least else "the actions are unknown"
    return unknown(why, place_of(statement), owner, met)


def _nothing(statement: Statement) -> Truth:
    """An Allow without any action known to the table grants nothing."""
    return known(
        bool(meaning(statement).strangers), "its actions are none that are known here", statement.span,
        statement.declared.address, otherwise="it grants no action",
    )  # fmt: skip


def _denied_by_name(statement: Statement, name: str) -> bool:
    """Whether a refusal surely covers an action that the table lacks: by a star, or by the same name."""
    return any(
        _refuses(other, statement).state is State.YES
        and covered(other, statement) is State.YES
        and (
            meaning(other).actions.least & actions.STRANGE
            or any(
                isinstance(item, Known)
                and (str(item.it).lower() == name.lower() or str(item.it) == f"{name.partition(':')[0]}:*")
                for item in other.listed("Action")
            )
        )
        for other in statement.document.statements
    )


def writes(statement: Statement) -> Truth:
    """Whether what it leaves open to everyone changes anything."""
    level = actions.at_level(actions.WRITE + actions.PERMISSIONS + actions.TAG)
    rest = left_open(statement)
    if rest.least & level:
        return yes("it changes things", place_of(statement), statement.declared.address)
    return NO if not rest.most & level else unknown("the actions are unknown", place_of(statement))


# Other accounts, and services.


def tied_to_callers(statement: Statement) -> Truth:
    """Whether a condition names the organisation or accounts that may call."""
    keys = ("aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths")
    return any_of(_named(statement, term) for term in statement.terms if term.key in keys or term.key is None)


def _named(statement: Statement, term: Term) -> Truth:
    owner = statement.declared.address
    if term.key is None or term.operator is None:
        return unknown("the condition is unknown", term.values.span, owner)
    return known(
        term.operator.removeprefix("foranyvalue:") in POSITIVE, f"limited by {term.key}", term.values.span, owner,
        otherwise=f"{term.operator} on {term.key} names nobody",
    )  # fmt: skip


def lets_in_foreign_account(statement: Statement) -> Truth:
    """Whether an account that is not known as the own one is let in, and not only as part of the organisation."""
    return foreign(statement) & statement.allows & ~tied_to_callers(statement)


_BUCKET_ADMINISTRATION = (
    "s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutBucketAcl", "s3:PutEncryptionConfiguration",
    "s3:PutObjectAcl",
)  # fmt: skip


def administers_bucket(statement: Statement) -> Truth:
    """Whether it is about the policy, the access lists or the encryption of a bucket."""
    return includes(statement, actions.union(_BUCKET_ADMINISTRATION))


_SOURCES = ("aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths", "kms:calleraccount")


def service_without_source(statement: Statement) -> Truth:
    """Whether a service may act here for any customer: no account, organisation, or ARN with an account in it."""
    first = acts_for_anyone(statement) & statement.allows
    return first if first.state is State.NO else first & ~_sourced(statement)


def _sourced(statement: Statement) -> Truth:
    return any_of(_sources(statement, term) for term in statement.terms)


def _sources(statement: Statement, term: Term) -> Truth:
    owner = statement.declared.address
    if term.key is None or term.operator is None:
        met = frozenset(one.variable for one in choices(term.values))
        return unknown("the condition is unknown", term.values.span, owner, met)
    if term.operator.removeprefix("foranyvalue:") not in POSITIVE:
        return NO
    values = statement.view.items(term.values)
    if term.key in _SOURCES:
        return all_of(_is_id(statement, item, term.key) for item in values)
    if term.key in ("aws:sourcearn", "aws:principalarn") or term.key.startswith("kms:encryptioncontext:"):
        return all_of(_has_account(statement, item, term.key) for item in values)
    return NO


def _is_id(statement: Statement, item: Setting, key: str) -> Truth:
    owner = statement.declared.address
    if isinstance(item, Known):
        return known("*" not in str(item.it), f"{key} is {told(item)}", item.span, owner)
    return yes(f"limited by {key}", item.span, owner)


_WITHOUT_ACCOUNT = ("AWS::S3::Bucket", "aws_s3_bucket")


def _has_account(statement: Statement, item: Setting, key: str) -> Truth:
    """Whether an ARN says whose thing it is: those of buckets do not, and a bucket's name can change its owner."""
    owner = statement.declared.address
    if isinstance(item, Known):
        return _account_in(str(item.it), item, key, owner)
    if isinstance(item, Unknown):
        text = "".join("x" if part is None else part for part in item.parts or ())
        if text.count(":") >= 5:
            return _account_in(text, item, key, owner)
        view = statement.view
        for reference in item.references:
            declared = view.graph.by_address.get(reference.address)
            if declared is not None and declared.type not in ("variable", "parameter"):
                whose = declared.type not in _WITHOUT_ACCOUNT
                return known(whose, f"{key} {'has an' if whose else 'has no'} account in it", item.span, owner)
    met = frozenset(one.variable for one in choices(item))
    return unknown(f"{key} is unknown", item.span, owner, met)


def _account_in(text: str, item: Setting, key: str, owner: str) -> Truth:
    account = (text.split(":", 5) + [""] * 5)[4]
    named = account != "" and "*" not in account and "?" not in account
    return known(named, f"{key} {'has an' if named else 'has no'} account in it", item.span, owner)
