"""Whether one test of a condition holds whenever another does."""

from __future__ import annotations

from partywall.aws.policy import Statement, Term
from partywall.reason.policy.condition import NEGATED, POSITIVE, parsed_range, ranges_of
from partywall.value import Known


def follows(statement: Statement, term: Term, other: Statement) -> bool:
    """Whether a test of a statement surely holds in every request in which the condition of another one holds."""
    return any(_follows(statement, term, given) for given in other.tests(term.key or ""))


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
    mine, theirs = ({str(it.it).lower() for it in some if isinstance(it, Known)} for some in (values, held))
    if bare in POSITIVE:
        return theirs <= mine
    return mine <= theirs if bare in NEGATED else mine == theirs
