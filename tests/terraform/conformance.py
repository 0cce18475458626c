"""Cases of the shared conformance data: their values as ours, and whether an answer of ours is theirs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from partywall.source import NOWHERE, Source
from partywall.terraform.conversion import JsonBlocks, number_from, set_of, text_of
from partywall.terraform.expression import evaluate
from partywall.terraform.function_table import Place
from partywall.terraform.reader import read_expression, read_template
from partywall.terraform.scope import EvaluationError, Scope
from partywall.terraform.static_type import ListOf, MapOf, SetOf, Type, typed
from partywall.terraform.syntax import HclError
from partywall.terraform.type_conversion import conform, open_value
from partywall.terraform.variable import Constants
from partywall.text.structured import JsonObject
from partywall.value import Choice, Known, Setting, Unknown, parts, plain

SHARED = Path(__file__).parents[3] / "shared" / "conformance" / "terraform"
MARKS = frozenset({"sensitive", "ephemeral"})
ERROR = "an error"

Case = Mapping[str, Any]


@cache
def cases(suite: str) -> list[Case]:
    """The cases of one file; none where the shared data is not beside this checkout."""
    path = SHARED / f"{suite}.json"
    if not path.exists():
        return []
    read: list[Case] = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["cases"]
    return read


def setting(kind: Any, value: Any) -> Setting:
    """A value of a case as one of ours."""
    if isinstance(value, dict) and "$marks" in value:
        inner = setting(kind, value["value"])
        assert not isinstance(inner, Choice)
        marked = bool(MARKS & set(value["$marks"]))
        return replace(inner, sensitive=marked)
    one = constraint(kind)
    if isinstance(value, dict) and "$unknown" in value:
        refined = value.get("refine", {})
        is_text = kind == "string" and refined
        parts_known = ((refined.get("prefix"), None) if "prefix" in refined else (None,)) if is_text else None
        unknown: Unknown[object] = Unknown("the case says so", parts=parts_known)
        return open_value(one, unknown) if refined.get("not_null") else typed(unknown, one)
    if value is None:
        return typed(Known(None), one)
    if kind == "number":
        return Known(number_from(value["$number"] if isinstance(value, dict) else str(value)))
    if isinstance(kind, str):
        return _dynamic(value) if kind == "dynamic" else Known(value)
    if kind[0] == "set":
        return Known(set_of((setting(kind[1], item) for item in value), one.of))
    if kind[0] == "list":
        return Known(ListOf.of(one.of, [setting(kind[1], item) for item in value]))
    if kind[0] == "map":
        return Known(MapOf.of(one.of, {key: setting(kind[1], item) for key, item in value.items()}))
    if kind[0] == "tuple":
        return Known(tuple(setting(one, item) for one, item in zip(kind[1], value, strict=True)))
    return Known({key: setting(kind[1][key], item) for key, item in value.items()})


def _dynamic(value: Any) -> Setting:
    if isinstance(value, list):
        return Known(tuple(setting("dynamic", item) for item in value))
    if isinstance(value, dict):
        return Known({key: setting("dynamic", item) for key, item in value.items()})
    return Known(number_from(str(value))) if isinstance(value, int | Decimal) else Known(value)


def answer(make: Callable[[], Setting]) -> Setting | str:
    """What we say, or that it is an error."""
    try:
        return make()
    except (EvaluationError, HclError):
        return ERROR


def evaluated(case: Case) -> Setting | str:
    """Our answer to an expression or a template."""
    base = str(SHARED / case.get("base_dir", "fixtures"))
    module = Constants(base)
    module.place = Place(base, base)
    names = {name: setting(one["type"], one["value"]) for name, one in case["vars"].items()}

    def make() -> Setting:
        text = case["input"]
        node = read_template(text) if case["kind"] == "template" else read_expression(Source("case.tf", text))
        return evaluate(node, Scope(Source("case.tf", text), module, names))

    return answer(make)


def agrees(got: Setting | str, expect: Mapping[str, Any]) -> bool:
    """Whether an answer is the expected one."""
    if isinstance(got, str):
        return bool(expect.get("error"))
    if expect.get("error"):
        return False
    return _matches(got, expect.get("type", "dynamic"), expect.get("value"))


def _matches(got: Setting, kind: Any, value: Any) -> bool:
    if isinstance(value, dict) and "$marks" in value:
        marked = bool(MARKS & set(value["$marks"]))
        return _matches(got, kind, value["value"]) and (not marked or any(_sensitive(one) for one in parts(got)))
    if isinstance(value, dict) and "$unknown" in value:
        return any(not isinstance(one, Known) for one in parts(got))
    if isinstance(got, Choice):
        # A condition that is not known: Terraform knows what both arms share, we keep both.
        return "$unknown" in json.dumps(value, default=str)
    if not isinstance(got, Known):
        return False
    it = got.it
    if value is None:
        return it is None
    if isinstance(value, dict) and "$number" in value:
        value = number_from(value["$number"])
    if isinstance(value, bool) or isinstance(it, bool):
        return it is value
    if isinstance(value, int | float | Decimal):
        return isinstance(it, int | float | Decimal) and _near(it, value)
    if isinstance(value, list):
        return isinstance(it, tuple) and _listed(it, kind, value)
    if isinstance(value, dict):
        return (
            isinstance(it, Mapping)
            and it.keys() == value.keys()
            and all(_matches(it[key], _inner(kind, key), value[key]) for key in value)
        )
    return isinstance(it, str) and it == value


def program_agrees(got: Setting, value: Any) -> bool:
    """Whether a planned value is the expected one: the provider may have converted it."""
    if isinstance(value, dict) and "$unknown" in value:
        return any(not isinstance(one, Known) for one in parts(got))
    if not isinstance(got, Known):
        return False
    it = got.it
    if isinstance(value, list):
        rest = list(it) if isinstance(it, tuple) else []
        for wanted in value:
            found = next((one for one in rest if program_agrees(one, wanted)), None)
            if found is None:
                return False
            rest.remove(found)
        return isinstance(it, tuple) and not rest
    if isinstance(value, dict):
        if isinstance(it, JsonBlocks):
            return len(it) == 1 and program_agrees(it[0], value)
        if not isinstance(it, Mapping):
            return False
        written = {key for key in it if key in value or not _empty(it[key])}
        computed = {key for key, one in value.items() if key not in it and isinstance(one, dict) and "$unknown" in one}
        return written == value.keys() - computed and all(program_agrees(it[key], value[key]) for key in written)
    if it is None or value is None:
        return it is value
    if isinstance(it, JsonObject):
        return bool(_canonical(plain(got)) == _canonical(json.loads(value)))
    return isinstance(it, str | int | float | Decimal) and text_of(it) == text_of(value)


def _canonical(policy: Any) -> Any:
    """A policy without the freedom of writing: single elements for lists of one, and no order in lists."""
    if isinstance(policy, list):
        items = sorted((_canonical(one) for one in policy), key=str)
        return items[0] if len(items) == 1 else items
    return {key: _canonical(one) for key, one in policy.items()} if isinstance(policy, dict) else policy


def _empty(value: Setting) -> bool:
    return isinstance(value, Known) and (value.it is None or value.it == ())


def constraint(kind: Any, defaults: Mapping[str, Any] | None = None) -> Type:
    """A type of a case as one of ours; `defaults` is the case's tree of optional attributes."""
    own = (defaults or {}).get("defaults", {})
    children = (defaults or {}).get("children", {})
    if isinstance(kind, str):
        return Type("any" if kind == "dynamic" else kind)
    if kind[0] in {"list", "set", "map"}:
        return Type(kind[0], constraint(kind[1], children.get("")))
    if kind[0] == "tuple":
        members = (constraint(one, children.get(str(at))) for at, one in enumerate(kind[1]))
        return Type("tuple", members=tuple(members))
    attributes = {name: constraint(one, children.get(name)) for name, one in kind[1].items()}
    optional = dict.fromkeys(kind[2] if len(kind) > 2 else ())
    optional |= {name: setting(one["type"], one["value"]) for name, one in own.items()}
    return Type("object", attributes=attributes, optional=optional)


def kind_of(one: Type) -> Any:
    """A constraint in the form of the cases."""
    if one.kind == "object":
        attributes = {name: kind_of(inner) for name, inner in one.attributes.items()}
        return ["object", attributes, *([sorted(one.optional)] if one.optional else [])]
    if one.kind == "tuple":
        return ["tuple", [kind_of(inner) for inner in one.members]]
    if one.element is not None:
        return [one.kind, kind_of(one.element)]
    return "dynamic" if one.kind == "any" else one.kind


def conformed(value: Setting, kind: Type) -> Setting | str:
    """A value converted to a type whose defaults are values already."""
    return answer(lambda: conform(value, kind, NOWHERE, lambda default: default))


def _sensitive(value: Setting) -> bool:
    return not isinstance(value, Choice) and value.sensitive


def _near(one: float | Decimal, other: float | Decimal) -> bool:
    first, second = Decimal(str(one)), Decimal(str(other))
    return abs(first - second) <= abs(second) * Decimal("1e-15")


def _listed(it: tuple[Setting, ...], kind: Any, value: list[Any]) -> bool:
    typed = isinstance(kind, list)
    if len(it) != len(value) or (typed and isinstance(it, SetOf) is not (kind[0] == "set")):
        return False
    if not isinstance(it, SetOf):
        return all(_matches(one, _inner(kind, at), two) for at, (one, two) in enumerate(zip(it, value, strict=True)))
    rest = list(it)
    for wanted in value:
        found = next((one for one in rest if _matches(one, kind[1] if typed else "dynamic", wanted)), None)
        if found is None:
            return False
        rest.remove(found)
    return True


def _inner(kind: Any, key: Any) -> Any:
    if isinstance(kind, str):
        return "dynamic"
    return kind[1][key] if kind[0] in {"tuple", "object"} else kind[1]
