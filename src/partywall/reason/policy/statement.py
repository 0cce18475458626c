"""The normal form of a statement: actions as bits, resources as patterns, each with what is sure and what may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from partywall.aws.policy import Statement
from partywall.aws.policy_place import names_declared
from partywall.immutable import immutable
from partywall.reason.policy import action as actions
from partywall.reason.policy.condition import binds
from partywall.reason.policy.pattern import EVERYTHING, Hole, Pattern, Wild, covers, meets, pattern_of
from partywall.source import Span
from partywall.truth import NO, Because, State, Truth, any_of, unknown
from partywall.value import Choice, Known, Setting, Unknown, choices, fits, shown


@immutable()
class Extent:
    """A set that is not wholly known: what is surely in it, and what may be."""

    least: int
    most: int

    def __or__(self, other: Extent) -> Extent:
        return Extent(self.least | other.least, self.most | other.most)

    def __and__(self, other: Extent) -> Extent:
        return Extent(self.least & other.least, self.most & other.most)

    def __invert__(self) -> Extent:
        return Extent(~self.most, ~self.least)

    def minus(self, other: Extent) -> Extent:
        """What is left of it when another set is taken away."""
        return self & ~other


NOTHING = Extent(actions.NONE, actions.NONE)
ANYTHING = Extent(actions.NONE, actions.EVERY)


def extent(value: Setting) -> Extent:
    """The actions that one element of `Action` matches."""
    if isinstance(value, Known):
        if value.it is None:
            return NOTHING
        found = actions.expand(str(value.it))
        return Extent(found, found)
    if isinstance(value, Choice):
        arms = [extent(arm) for _, arm in value.arms]
        least, most = actions.EVERY, actions.NONE
        for arm in arms:
            least, most = least & arm.least, most | arm.most
        return Extent(least, most)
    if value.parts is not None:
        return Extent(actions.NONE, actions.expand("".join("*" if part is None else part for part in value.parts)))
    return ANYTHING


@immutable()
class Meaning:
    """A statement in normal form."""

    statement: Statement
    actions: Extent
    resources: tuple[Pattern | None, ...]
    complement: bool

    @property
    def strangers(self) -> tuple[str, ...]:
        """Actions it lists that the table lacks."""
        return tuple(
            str(item.it)
            for item in self.statement.listed("Action")
            if isinstance(item, Known) and isinstance(item.it, str) and not actions.expand(item.it)
        )


def meaning(statement: Statement) -> Meaning:
    """The normal form of a statement, made once in a view."""
    memo = statement.view.memo
    key = ("meaning", id(statement.value))
    found = memo.get(key)
    if found is None:
        found = memo[key] = _meaning(statement)
    assert isinstance(found, Meaning)
    return found


def _meaning(statement: Statement) -> Meaning:
    if not isinstance(statement.value, Known):
        return Meaning(statement, ANYTHING, (None,), complement=False)
    granted = _union(statement.listed("Action"))
    excepted = statement.listed("NotAction")
    if excepted:
        granted = granted | ~_union(excepted)
    complement = bool(statement.listed("NotResource"))
    listed = statement.listed("NotResource" if complement else "Resource")
    patterns = tuple(pattern_of(statement.view, item) for item in listed)
    return Meaning(statement, granted, patterns, complement)


def _union(items: Iterable[Setting]) -> Extent:
    found = NOTHING
    for item in items:
        found = found | extent(item)
    return found


# Questions, with reasons.


def includes(statement: Statement, wanted: int, claim: str = "") -> Truth:
    """Whether it is about one of some actions; the reason is the element that says so."""
    if not isinstance(statement.value, Known):
        return statement.open
    found = meaning(statement).actions
    if not found.most & wanted:
        return Truth(State.NO, (_listing(statement, "none of the actions"),))
    owner = statement.declared.address
    for item in statement.listed("Action"):
        if extent(item).least & wanted:
            return Truth(State.YES, (Because(claim or _says("`Action`", item), item.span, owner),))
    if found.least & wanted:
        said = claim or "`NotAction` excludes other actions only"
        return Truth(State.YES, (Because(said, statement.place("NotAction"), owner),))
    return any_of(_open(item, owner) for item in (*statement.listed("Action"), *statement.listed("NotAction")))


def _says(name: str, item: Setting) -> Callable[[], str]:
    return lambda: f"{name} is {shown(item)}"


def _listing(statement: Statement, text: str) -> Because:
    name = "Action" if statement.listed("Action") else "NotAction"
    return Because(text, statement.place(name), statement.declared.address)


def _open(item: Setting, owner: str) -> Truth:
    if isinstance(item, Known):
        return NO
    met = frozenset(one.variable for one in choices(item))
    why = item.why if isinstance(item, Unknown) else f"it depends on {item.variable}"
    return unknown(f"`Action` is unknown: {why}", item.span, owner, met)


def is_wide(pattern: Pattern) -> bool:
    """Whether a pattern means all resources of a kind, such as `*` or `arn:aws:iam::*:role/*`."""
    if pattern == EVERYTHING:
        return True
    colons = [at for at, one in enumerate(pattern) if one == ":"]
    if len(colons) < 5:
        return bool(pattern) and set(pattern) == {Wild.MANY}
    tail = pattern[colons[4] + 1 :]
    if pattern[colons[1] + 1 : colons[2]] == tuple("s3"):
        return bool(tail) and tail[0] is Wild.MANY
    kind = 0
    while kind < len(tail) and isinstance(tail[kind], str) and (str(tail[kind]).isalnum() or tail[kind] == "-"):
        kind += 1
    rest = tail[kind:]
    if not kind:
        return bool(rest) and rest[0] is Wild.MANY and set(rest) <= {Wild.MANY, "/", ":"}
    return len(rest) > 1 and rest[0] in ("/", ":") and set(rest[1:]) <= {Wild.MANY, "/", ":"}


def reaches(statement: Statement, claim: str, holds: Callable[[Pattern], bool]) -> Truth:
    """Whether one of its resources satisfies a test; `NotResource` leaves in what is not listed, so it does."""
    if not isinstance(statement.value, Known):
        return statement.open
    owner = statement.declared.address
    found = meaning(statement)
    if found.complement:
        return Truth(State.YES, (Because("`NotResource` leaves all others in", statement.place("NotResource"), owner),))
    items = statement.listed("Resource")
    return any_of(
        _judged(item, pattern, claim, holds, statement) for item, pattern in zip(items, found.resources, strict=True)
    )


def _judged(
    item: Setting, pattern: Pattern | None, claim: str, holds: Callable[[Pattern], bool], statement: Statement
) -> Truth:
    owner = statement.declared.address
    if pattern is None:
        if not isinstance(item, Known) and names_declared(statement.view, item):
            return Truth(State.NO, (Because("`Resource` is one resource", item.span, owner),))
        if isinstance(item, Choice):
            met = frozenset(one.variable for one in choices(item))
            return unknown(f"`Resource` depends on {item.variable}", item.span, owner, met)
        why = item.why if isinstance(item, Unknown) else "it is no text"
        return unknown(f"`Resource` is unknown: {why}", item.span, owner)
    if holds(pattern):
        return Truth(State.YES, (Because(_says("`Resource`", item), item.span, owner),))
    if isinstance(item, Unknown) and _may_be_wide(pattern, item, statement):
        return unknown(f"`Resource` is partly unknown: {item.why}", item.span, owner)
    return Truth(State.NO, (Because(claim, item.span, owner),))


def _may_be_wide(pattern: Pattern, item: Unknown[object], statement: Statement) -> bool:
    """Whether a text with unknown pieces, none of them a declared thing, ends in one that may be a wildcard."""
    return isinstance(pattern[-1], Hole) and len(pattern) == 1 and not names_declared(statement.view, item)


def every_resource(statement: Statement) -> Truth:
    """Whether it is about every resource there is; what `NotResource` lists does not count for much."""
    return reaches(statement, "`Resource` is limited", lambda pattern: bool(pattern) and set(pattern) == {Wild.MANY})


def wide(statement: Statement) -> Truth:
    """Whether it is about all resources, or all of a kind."""
    return reaches(statement, "`Resource` is limited", is_wide)


def covered(outer: Statement, inner: Statement) -> State:
    """Whether one statement is about every resource that another is about."""
    one, other = meaning(outer), meaning(inner)
    if not other.complement:
        return covers_all(outer, other.resources)
    if one.complement:
        return _all_covered(other.resources, one.resources)
    return State.YES if EVERYTHING in one.resources else State.UNKNOWN


def covers_all(outer: Statement, resources: Sequence[Pattern | None]) -> State:
    """Whether a statement is about some resources, all of them."""
    one = meaning(outer)
    if one.complement:
        return _none_listed(one.resources, resources)
    if EVERYTHING in one.resources or not resources:
        return State.YES
    return _all_covered(one.resources, resources)


def _none_listed(listed: Sequence[Pattern | None], resources: Sequence[Pattern | None]) -> State:
    """Whether `NotResource` leaves in all of some resources: what it lists shares nothing with them."""
    if not resources:
        return State.UNKNOWN
    answers = [
        State.UNKNOWN if None in (pattern, resource) else meets(pattern or (), resource or ())
        for pattern in listed
        for resource in resources
    ]
    if State.YES in answers:
        return State.NO
    return State.UNKNOWN if State.UNKNOWN in answers else State.YES


def _all_covered(outer: Sequence[Pattern | None], resources: Sequence[Pattern | None]) -> State:
    worst = State.YES
    for pattern in resources:
        best = State.UNKNOWN if None in outer else State.NO
        if pattern is None:
            best = State.UNKNOWN
        else:
            for candidate in outer:
                if candidate is not None and best is not State.YES:
                    answer = covers(candidate, pattern)
                    best = answer if answer is State.YES or best is State.NO else best
        if best is State.NO:
            return State.NO
        worst = best if best is State.UNKNOWN else worst
    return worst


def _alike(pattern: Pattern, shapes: Sequence[Pattern]) -> Sequence[Pattern]:
    """Of the names of one thing those that begin with what a pattern begins with, if there are any."""
    first = _first_hole(pattern)
    return [shape for shape in shapes if _first_hole(shape) == first] or shapes


def _first_hole(pattern: Pattern) -> Hole | None:
    return next((token for token in pattern if isinstance(token, Hole)), None)


def about(statement: Statement, what: str, shapes: Sequence[Pattern]) -> Truth:
    """Whether a statement is about something that goes by one of some patterns; `what` names it."""
    if not isinstance(statement.value, Known):
        return statement.open
    found = meaning(statement)
    answers = [
        covers(pattern, shape) if pattern else State.UNKNOWN
        for pattern in found.resources
        for shape in _alike(pattern or (), shapes)
    ]
    state = next((one for one in (State.YES, State.UNKNOWN) if one in answers), State.NO)
    if found.complement:
        state = State.UNKNOWN
    words = {
        State.YES: f"the statement covers {what}",
        State.NO: f"the statement leaves out {what}",
        State.UNKNOWN: f"whether the statement covers {what} is unknown",
    }
    met = frozenset(one.variable for one in choices(statement.value)) if state is State.UNKNOWN else frozenset()
    return Truth(state, (Because(words[state], statement.place("Resource"), statement.declared.address),), met)


def place_of(statement: Statement) -> Span:
    """The line of a statement that says what it is about."""
    return statement.place("Action" if statement.listed("Action") else "NotAction")


def whole_service(statement: Statement, service: str) -> Truth:
    """Whether a single element of `Action` holds every action of a service."""
    wanted = actions.expand(f"{service}:*")
    return _some(statement, lambda found: not wanted & ~found)


def some_service_whole(statement: Statement) -> Truth:
    """Whether an element of `Action` holds every action of a service, on all resources, or every action there is."""
    everything = _some(statement, lambda found: found == actions.EVERY)
    return everything | (_some(statement, lambda found: actions.whole_services(found) > 0) & wide(statement))


def only_unlimitable(statement: Statement) -> Truth:
    """Whether the services it holds whole are such as work on `*` alone, so that a resource could not be named."""
    return ~_some(statement, lambda found: actions.whole_services(found & ~actions.unlimitable()) > 0)


def _some(statement: Statement, holds: Callable[[int], bool]) -> Truth:
    if not isinstance(statement.value, Known):
        return statement.open
    owner = statement.declared.address
    found: list[Truth] = [NO]
    for item in statement.listed("Action"):
        given = extent(item)
        if holds(given.least):
            return Truth(State.YES, (Because(_says("`Action`", item), item.span, owner),))
        if holds(given.most):
            found.append(_open(item, owner))
    return any_of(found)


def passes_any_role(statement: Statement) -> Truth:
    """Whether it names `iam:PassRole`, and lets its owner hand any role to any service."""
    wanted = actions.expand("iam:PassRole")
    if not isinstance(statement.value, Known):
        return statement.open
    return (
        includes(statement, wanted)
        & statement.allows
        & wide(statement)
        & ~binds(statement, lambda key: key == "iam:passedtoservice")
    )


def writes_everywhere(statement: Statement) -> Truth:
    """Whether it grants, on every resource, actions that change things and could be granted on single ones."""
    level = actions.at_level(actions.WRITE + actions.PERMISSIONS + actions.TAG) & actions.with_resource()
    if not isinstance(statement.value, Known):
        return statement.open
    return includes(statement, level) & statement.allows & every_resource(statement) & ~binds(statement)


def conditional(statement: Statement) -> Truth:
    """Whether it holds only under conditions."""
    return fits(statement.part("Condition"), "`Condition`", bool, statement.declared.address)
