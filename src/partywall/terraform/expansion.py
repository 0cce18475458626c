"""`count` and `for_each`: how many instances of a block there are, and under which names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from partywall.choice import combined, lifted
from partywall.immutable import immutable
from partywall.source import Span
from partywall.terraform import conversion
from partywall.terraform.block import Blocks
from partywall.terraform.conditional import assumption
from partywall.terraform.scope import EvaluationError, Scope
from partywall.terraform.static_type import SetOf
from partywall.terraform.syntax import Argument, Block
from partywall.value import Choice, Known, Reference, Setting, Unknown, Value, convert

MAX_INSTANCES = 10_000
ALWAYS: Value[bool] = Known(it=True)


@immutable(slots=False)
class Instance:
    """One instance of a block: its key in brackets, the names it sees, and whether it exists."""

    suffix: str
    names: Mapping[str, Setting]
    exists: Value[bool] = ALWAYS


@immutable(slots=False)
class Expansion:
    """All instances of a block, and how a reference to the block puts them together."""

    instances: tuple[Instance, ...]
    collect: Callable[[Sequence[Setting], Span], Setting] = field(repr=False)


def expand(block: Block, scope: Scope, blocks: Blocks, address: str) -> Expansion:
    """The instances of a resource, data source or module call.

    Where the number is unknown there is one instance, `address[?]`, that may exist.
    """
    scope = scope.at(block.source)
    count, for_each = block.body.argument("count"), block.body.argument("for_each")
    argument = count or for_each
    if argument is None:
        return Expansion((Instance("", {}),), lambda made, _: made[0])
    if count is not None and for_each is not None:
        blocks.report(EvaluationError("count and for_each exclude each other; count is taken", for_each.span))
    value = blocks.argument(argument, scope)
    try:
        return (
            _counted(value, argument, scope, blocks, address)
            if count
            else _keyed(value, argument, scope, blocks, address)
        )
    except EvaluationError as error:
        blocks.report(error)
        return _open(Unknown(error.message, error.span), argument, scope, blocks, address)


def _arms(value: Setting) -> list[Setting]:
    if isinstance(value, Choice):
        return [leaf for _, arm in value.arms for leaf in _arms(arm)]
    return [value]


def _truths(value: Setting, holds: Callable[[Setting], bool]) -> Value[bool]:
    """Whether something holds, under each option of a choice."""
    answer = lifted((value,), lambda values: Known(holds(values[0])), value.span)
    return convert(answer, bool, "true or false")


def _number(value: Setting, span: Span) -> int:
    number = conversion.number_of(value.it) if isinstance(value, Known) else None
    if number is None or number < 0 or number != conversion.whole_of(number):
        given = conversion.kind_of(value.it) if isinstance(value, Known) else "an unknown value"
        raise EvaluationError(f"count needs a whole number from 0, not {given}", span)
    if number > MAX_INSTANCES:
        raise EvaluationError(f"count is beyond {MAX_INSTANCES}", span)
    return int(number)


def _counted(value: Setting, argument: Argument, scope: Scope, blocks: Blocks, address: str) -> Expansion:
    span = argument.source.span(argument.expression.start, argument.expression.end)
    leaves = _arms(value)
    if any(isinstance(leaf, Unknown) for leaf in leaves):
        return _open(value, argument, scope, blocks, address)
    most = max(_number(leaf, span) for leaf in leaves)
    made = []
    for at in range(most):
        exists = _truths(value, lambda leaf, at=at: _number(leaf, span) > at)  # type: ignore[misc]
        made.append(Instance(f"[{at}]", {"count": Known({"index": Known(at, span)}, span)}, exists))

    def collect(objects: Sequence[Setting], at: Span) -> Setting:
        return lifted((value,), lambda values: Known(tuple(objects[: _number(values[0], span)]), at), at)

    return Expansion(tuple(made), collect)


def _keyed(value: Setting, argument: Argument, scope: Scope, blocks: Blocks, address: str) -> Expansion:
    span = argument.source.span(argument.expression.start, argument.expression.end)
    leaves = _arms(value)
    if any(isinstance(leaf, Unknown) for leaf in leaves):
        return _open(value, argument, scope, blocks, address)
    if any(isinstance(leaf, Known) and leaf.sensitive for leaf in leaves):
        raise EvaluationError("for_each must not be sensitive: its keys are part of addresses", span)
    maps = [_entries(leaf, span) for leaf in leaves]
    if any(found is None for found in maps):
        return _open(value, argument, scope, blocks, address)
    keys = sorted({key for found in maps if found is not None for key in found})
    if len(keys) > MAX_INSTANCES:
        raise EvaluationError(f"for_each has more than {MAX_INSTANCES} elements", span)
    made = []
    for key in keys:
        exists = _truths(value, lambda leaf, key=key: key in (_entries(leaf, span) or {}))  # type: ignore[misc]
        each = lifted((value,), lambda values, key=key: _entry(values[0], key, span), span)  # type: ignore[misc]
        made.append(
            Instance(f"[{quoted(key)}]", {"each": Known({"key": Known(key, span), "value": each}, span)}, exists)
        )

    def collect(objects: Sequence[Setting], at: Span) -> Setting:
        by_key = dict(zip(keys, objects, strict=True))

        def chosen(values: Sequence[Setting]) -> Setting:
            return Known({key: by_key[key] for key in _entries(values[0], span) or {}}, at)

        return lifted((value,), chosen, at)

    return Expansion(tuple(made), collect)


def _entry(value: Setting, key: str, span: Span) -> Setting:
    found = (_entries(value, span) or {}).get(key)
    return Unknown(f"there is no {key}", span) if found is None else found


def _entries(value: Setting, span: Span) -> Mapping[str, Setting] | None:
    """The keys of a for_each with their values; None if a key is unknown."""
    it = value.it if isinstance(value, Known) else None
    if isinstance(it, SetOf):
        out: dict[str, Setting] = {}
        for item in it:
            if not isinstance(item, Known):
                return None
            if not isinstance(item.it, str):
                raise EvaluationError("for_each needs a map or a set of texts", span)
            out[item.it] = item
        return out
    if isinstance(it, Mapping):
        return it
    hint = ": wrap it in toset()" if isinstance(it, tuple) else ""
    raise EvaluationError(f"for_each needs a map or a set of texts, not {conversion.kind_of(it)}{hint}", span)


def _open(value: Setting, argument: Argument, scope: Scope, blocks: Blocks, address: str) -> Expansion:
    """One instance that may exist, because how many there are is unknown."""
    span = argument.source.span(argument.expression.start, argument.expression.end)
    why = f"{argument.name} is unknown"
    source = next((leaf for leaf in _arms(value) if isinstance(leaf, Unknown)), None)
    references = value.references
    unknown: Setting = Unknown(source.why if source is not None else why, span, references)
    variable, _ = assumption(argument.expression, scope, value)
    variable = f"{variable} gives an instance" if argument.name == "count" else f"{variable} has elements"
    blocks.describe(variable, "true", variable)
    exists: Value[bool] = Choice(variable, (("true", Known(it=True)), ("false", Known(it=False))), span)
    names: dict[str, Setting] = (
        {"count": Known({"index": unknown})}
        if argument.name == "count"
        else {"each": Known({"key": unknown, "value": unknown})}
    )

    def collect(_: Sequence[Setting], at: Span) -> Setting:
        return Unknown(why, at, (Reference(f"{address}[?]"),))

    return Expansion((Instance("[?]", names, exists),), collect)


def quoted(key: str) -> str:
    """A key as addresses write it."""
    escaped = key.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def both(one: Value[bool], other: Value[bool]) -> Value[bool]:
    """Whether two things exist together."""
    if isinstance(one, Known) and one.it is True:
        return other
    if isinstance(other, Known) and other.it is True:
        return one
    if isinstance(one, Choice):
        arms = tuple((option, convert(both(arm, other), _flag, "true or false")) for option, arm in one.arms)
        return convert(combined(one.variable, arms, one.span), _flag, "true or false")
    return one


def _flag(it: object) -> bool | None:
    return it if isinstance(it, bool) else None
