"""How tests of conditions hang together: one holds whenever another does, or one of two always holds."""

from __future__ import annotations

from partywall.aws.policy import Statement, Term
from partywall.reason.policy.condition import NEGATED, POSITIVE, needs_key, parsed_range, ranges_of, says
from partywall.value import Known, Setting


def follows(statement: Statement, term: Term, other: Statement) -> bool:
    """Whether a test of a statement surely holds in every request in which the condition of another one holds."""
    given = other.tests(term.key or "")
    if not given:
        return False
    if term.operator == "null" and says(statement, term, "false"):
        return any(needs_key(other, it) for it in given)
    if holds_without_key(statement, term) and any(it.operator == "null" and says(other, it, "true") for it in given):
        return True
    return any(_follows(statement, term, it) for it in given)


def holds_without_key(statement: Statement, term: Term) -> bool:
    """Whether a test holds where its key is missing."""
    operator = term.operator or ""
    if operator == "null":
        return says(statement, term, "true")
    quantifier, _, bare = operator.rpartition(":")
    return quantifier == "forallvalues" or (not quantifier and (bare.endswith("ifexists") or bare in NEGATED))


def _follows(statement: Statement, term: Term, given: Term) -> bool:
    """The same operator, and at least its values; a negated one holds for more the fewer values it has."""
    wanted, has = term.operator, given.operator
    if wanted is None or has not in (wanted, wanted.removesuffix("ifexists")):
        return False
    values, held = statement.view.items(term.values), statement.view.items(given.values)
    if not all(isinstance(it, Known) for it in (*values, *held)):
        return False
    bare = wanted.removesuffix("ifexists").removeprefix("foranyvalue:")
    if bare == "ipaddress" and all(map(parsed_range, (*values, *held))):
        inside, whole = ranges_of(held), ranges_of(values)
        return all(bits in whole and not some - whole[bits] for bits, some in inside.items())
    mine, theirs = ({_text(bare, it) for it in some} for some in (values, held))
    if bare in POSITIVE:
        return theirs <= mine
    return mine <= theirs if bare in NEGATED else mine == theirs


_ALWAYS_THERE = ("aws:securetransport",)


def one_holds(statement: Statement, term: Term, other: Statement, another: Term) -> bool:
    """Whether of two tests of one key at least one holds in every request, so that refusals under each add up."""
    if term.key is None or term.key != another.key or term.operator is None or another.operator is None:
        return False
    held = [_texts(statement, term), _texts(other, another)]
    if None in held:
        return False
    words, others = (it or frozenset() for it in held)
    names = {term.operator, another.operator}
    if names == {"null"} or (names <= {"bool", "boolifexists"} and (names != {"bool"} or term.key in _ALWAYS_THERE)):
        return {*words, *others} == {"true", "false"}
    for positive, negated, mine, theirs in (
        (term.operator, another.operator, words, others),
        (another.operator, term.operator, others, words),
    ):
        if positive in POSITIVE and negated.removesuffix("ifexists") == _NOT[positive]:
            return theirs <= mine
    return False


_NOT = dict(zip(POSITIVE, NEGATED, strict=True))
"""What each positive operator is the opposite of."""


def _texts(statement: Statement, term: Term) -> frozenset[str] | None:
    """The values of a test; None where one is not known."""
    items = statement.view.items(term.values)
    if not all(isinstance(it, Known) for it in items):
        return None
    return frozenset(_text((term.operator or "").removesuffix("ifexists"), it) for it in items)


def _text(operator: str, item: Setting) -> str:
    """A known value of a test, in small letters where the operator does not tell them from great ones.

    Source: IAM user guide, String and ARN condition operators.
    """
    text = str(item.it) if isinstance(item, Known) else ""
    return text if operator.startswith(("string", "arn")) and not operator.endswith("ignorecase") else text.lower()
