"""What an open parameter may be, as far as a template tells cases apart.

The options of a parameter are the texts that conditions and rules compare it with and the keys that it may select in a
map, and anything else; that last one only if the template can be deployed with it.
"""

from __future__ import annotations

from partywall.cloudformation.evaluation import operation, referred, word
from partywall.immutable import immutable
from partywall.text import node as text
from partywall.text.node import Mapping, Node

ELSE = "anything else"
_TELLING = frozenset(f"{mark}{name}" for mark in ("!", "Fn::") for name in ("Equals", "Contains", "FindInMap"))


@immutable()
class Domain:
    """The texts that matter, sorted, and whether there may be others."""

    texts: tuple[str, ...] = ()
    others: bool = True


class Domains:
    """The domain of every parameter and pseudo parameter of a template."""

    def __init__(self, root: Mapping, *, selects: bool = True) -> None:
        """`selects` says whether anything looks up a map; if not, most of the template need not be searched."""
        self.root = root
        self.selects = selects
        self._compared: dict[str, set[str]] = {}
        self._selecting: set[str] = set()
        self._read = False

    def of(self, name: str) -> Domain:
        """The domain of a name; empty where nothing is compared with it."""
        if not self._read:
            self._read = True
            self._scan()
        found = self._compared.get(name)
        return Domain() if found is None else Domain(tuple(sorted(found)), name not in self._selecting)

    def _scan(self) -> None:
        mappings = self.root.get("Mappings")
        whole: list[Node] = [self.root] if self.selects and isinstance(mappings, Mapping) else []
        pending = whole or [node for name in ("Conditions", "Rules") if (node := self.root.get(name)) is not None]
        while pending:
            node = pending.pop()
            if isinstance(node, text.Scalar) or node is mappings:
                continue
            if isinstance(node, text.Sequence):
                pending += node.items
                name = node.tag
            else:
                pending += [entry.value for entry in node.entries.values()]
                name = next(iter(node.entries)) if len(node.entries) == 1 else ""
            if name in _TELLING:
                function, argument = operation(node)
                if isinstance(argument, text.Sequence):
                    self._meet(function, argument.items, mappings)

    def _meet(self, name: str, operands: list[Node], mappings: Node | None) -> None:
        if name == "Fn::FindInMap":
            self._select(operands, mappings)
        elif len(operands) == 2 and name == "Fn::Contains" and isinstance(operands[0], text.Sequence):
            for literal in operands[0].items:
                self._compare(operands[1], literal)
        elif len(operands) == 2:
            self._compare(operands[0], operands[1])
            self._compare(operands[1], operands[0])

    def _compare(self, one: Node, other: Node) -> None:
        name, literal = referred(one), word(other)
        if name is not None and literal is not None:
            self._compared.setdefault(name, set()).add(literal)

    def _select(self, operands: list[Node], mappings: Node | None) -> None:
        """A parameter that selects a row of a map must be the key of one, unless there is a default."""
        table = word(operands[0]) if operands else None
        rows = mappings.get(table) if isinstance(mappings, Mapping) and table is not None else None
        if not isinstance(rows, Mapping):
            return
        for at, operand in enumerate(operands[1:3]):
            name = referred(operand)
            if name is None:
                continue
            inner = [rows] if at == 0 else [it.value for it in rows.entries.values() if isinstance(it.value, Mapping)]
            keys = {key for row in inner if isinstance(row, Mapping) for key in row.entries}
            self._compared.setdefault(name, set()).update(keys)
            if len(operands) == 3:
                self._selecting.add(name)
