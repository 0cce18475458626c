"""YAML, as Terraform reads and writes it.

Source: the go-cty-yaml library: YAML 1.2 core types with the truth values of 1.1, timestamps as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from partywall.terraform import conversion
from partywall.terraform.function_encoding import unfinished
from partywall.terraform.function_table import Call, FunctionError, NotKnown, function, plain
from partywall.text.structured import JsonText
from partywall.value import Known

MAX_NODES = 100_000

_TRUTHS = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_WHOLE = re.compile(r"[-+]?[0-9][0-9_]*")
_BASED = re.compile(r"([-+]?)0([xob])([0-9a-fA-F_]+)")
_FRACTION = re.compile(r"[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,4})?")
_STAMP = re.compile(r"\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?[ \t]*(?:Z|[-+]\d\d?(?::?\d\d)?)?)?")


@function("yamlencode", "any?", returns="string")
def yamlencode(call: Call) -> object:
    """YAML text; with unknown leaves the structure itself stands for the text."""
    import yaml

    value = call.value(0)
    try:
        it = plain(value)
    except NotKnown:
        return unfinished(value)
    made = yaml.dump(it, Dumper=_dumper(), sort_keys=True, default_flow_style=False, allow_unicode=True, width=10**9)
    return Known(JsonText.of(made, value), call.span)


@cache
def _dumper() -> Any:
    import yaml

    class Quoting(yaml.SafeDumper):
        """Texts and keys in double quotes, every part written out."""

        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature is the library's
            return True

    def text(dumper: Any, data: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else '"')

    def number(dumper: Any, data: float | Decimal) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:float", conversion.text_of(data))

    Quoting.add_representer(str, text)
    Quoting.add_representer(float, number)
    Quoting.add_representer(Decimal, number)
    return Quoting


@function("yamldecode", "string")
def yamldecode(call: Call) -> object:
    """The value that one YAML document spells."""
    import yaml

    it = call.given(0)
    if isinstance(it, JsonText):
        return it.structure
    if isinstance(it, Mapping | tuple):
        return call.value(0)
    try:
        document = yaml.compose(call.text(0), Loader=_loader())
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
        raise FunctionError(f"the text is not YAML{place}") from error
    if document is None:
        raise FunctionError("the text holds no YAML document")
    return _Reader().value(document)


@cache
def _loader() -> Any:
    import yaml

    class Plain(yaml.SafeLoader):
        """Leaves open what a plain scalar means; explicit tags stay."""

        def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
            if kind is yaml.ScalarNode and implicit[0]:
                return "plain"
            return str(super().resolve(kind, value, implicit))  # type: ignore[no-untyped-call]

    return Plain


class _Reader:
    """Turns nodes into values; an alias is what it stands for, as often as it is used."""

    def __init__(self) -> None:
        self.nodes = 0
        self.open: set[int] = set()

    def value(self, node: Any) -> object:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise NotKnown(f"the YAML has more than {MAX_NODES} nodes")
        if node is None:
            return None
        if node.id == "scalar":
            return node.value if not _is_plain(node) else _scalar(node.value)
        if id(node) in self.open:
            raise FunctionError("the YAML holds itself")
        self.open.add(id(node))
        made = [self.value(item) for item in node.value] if node.id == "sequence" else self.mapping(node)
        self.open.discard(id(node))
        return made

    def mapping(self, node: Any) -> dict[str, object]:
        """Keys are texts, whatever they spell; `<<` lays a mapping over what stands before it."""
        made: dict[str, object] = {}
        for key, value in node.value:
            name = self.value(key)
            if name is None or isinstance(name, list | dict):
                raise FunctionError("a YAML key must be a text")
            read = self.value(value)
            if name == "<<" and key.tag == "plain":
                if not isinstance(read, dict):
                    raise FunctionError("only a mapping can be merged with <<")
                made.update(read)
            else:
                made[conversion.text_of(name)] = read
        return made


def _is_plain(node: Any) -> bool:
    if node.tag == "plain":
        return True
    if node.tag == "tag:yaml.org,2002:str":
        return False
    if node.tag.startswith("tag:yaml.org,2002:"):
        return True
    raise FunctionError(f"the YAML tag {node.tag} is not supported")


def _scalar(text: str) -> object:
    if text in _NULLS:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    digits = text.replace("_", "")
    if _WHOLE.fullmatch(text):
        return conversion.number_from(digits.lstrip("+")) if len(digits) < 4096 else text
    based = _BASED.fullmatch(text)
    if based and len(text) < 4096:
        try:
            number = int(based[3].replace("_", ""), {"x": 16, "o": 8, "b": 2}[based[2]])
        except ValueError:
            return text
        return -number if based[1] == "-" else number
    if _FRACTION.fullmatch(text) and len(text) < 4096:
        return conversion.number_from(digits.lstrip("+"))
    return _moment(text) if _STAMP.fullmatch(text) else text


def _moment(text: str) -> str:
    """A timestamp in RFC 3339."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.isoformat().replace("+00:00", "") + ("" if moment.utcoffset() else "Z")
