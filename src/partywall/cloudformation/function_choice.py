"""Functions that choose: by a condition, or by the keys of a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from partywall.choice import UndefinedError, combined, derived, lifted
from partywall.cloudformation.domain import ELSE
from partywall.cloudformation.evaluation import Evaluation, printed, spelled, word
from partywall.cloudformation.intrinsic import evaluate
from partywall.immutable import immutable
from partywall.source import Span
from partywall.text import node as text
from partywall.text.node import Mapping, Node
from partywall.truth import Because
from partywall.value import Known, Setting, Unknown, references


def if_(node: Node, scope: Evaluation) -> Setting:
    """`Fn::If`: the name of a condition, and two values."""
    if not isinstance(node, text.Sequence) or len(node.items) != 3:
        return scope.note(node.span, "Fn::If needs a condition and two values")
    name = word(node.items[0])
    if name is None:
        return scope.note(node.items[0].span, "Fn::If needs the name of a condition")
    holds = scope.conditions.value(name, node.items[0].span)
    arms = [evaluate(item, scope) for item in node.items[1:]]

    def choose(values: Sequence[Setting]) -> Setting:
        (decided,) = values
        if isinstance(decided, Known):
            return arms[0] if decided.it else arms[1]
        why = decided.why if isinstance(decided, Unknown) else ""
        return Unknown(why, node.span, tuple(dict.fromkeys(it for arm in arms for it in references(arm))))

    value = lifted((holds,), choose, node.span)
    if isinstance(holds, Known):
        # Whoever reads the branch should learn why it is this one; of an open condition, the finding itself says so.
        said = Because(f"condition {name} is {printed(holds.it)}", node.items[0].span)
        return replace(value, origin=(*value.origin, said))
    return value


def find_in_map(node: Node, scope: Evaluation) -> Setting:
    """`Fn::FindInMap`: a key that is not known is a choice of the rows it can match."""
    if not isinstance(node, text.Sequence) or len(node.items) not in (3, 4):
        return scope.note(node.span, "Fn::FindInMap needs a map and two keys")
    other = node.items[3] if len(node.items) == 4 else None
    default = other.get("DefaultValue") if isinstance(other, Mapping) else None
    keys = [scope.conditions.operand(item) for item in node.items[:3]]
    search = _Search(node.items, default, node.span, scope)
    try:
        return derived(keys, lambda values: search.find(scope.mappings, (), values), node.span)
    except UndefinedError as error:
        return scope.note(error.span, error.message)


@immutable(slots=False)
class _Search:
    """One look-up: its keys as they are written, what counts on a miss, and where it stands."""

    written: Sequence[Node]
    default: Node | None
    span: Span
    scope: Evaluation

    def find(self, table: Node | None, path: tuple[str, ...], keys: Sequence[Setting]) -> Setting:
        """The value below a table, reached by some keys, for the keys that are left."""
        if not keys:
            return self.missed() if table is None else evaluate(table, self.scope)
        if not isinstance(table, Mapping):
            return self.missed()
        key, *rest = keys
        if isinstance(key, Known):
            name = printed(key.it)
            return self.find(table.get(name), (*path, name), rest)
        arms = [
            (name, self.find(entry.value, (*path, name), rest))
            for name, entry in table.entries.items()
            if not isinstance(key, Unknown) or key.may_be(name)
        ]
        if self.default is not None or not arms:
            arms.append((ELSE, self.missed()))
        said = spelled(self.written[len(path)])
        variable = f"{self.scope.prefix}{said} in {'.'.join(path) or 'Mappings'}"
        for name, _ in arms:
            self.scope.conditions.described[variable, name] = f"{said} is {name}"
        return combined(variable, tuple(arms), self.span)

    def missed(self) -> Setting:
        if self.default is None:
            raise UndefinedError("the map has no such entry", self.span)
        return evaluate(self.default, self.scope)
