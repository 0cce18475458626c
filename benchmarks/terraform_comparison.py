"""What we evaluate, compared with what a plan has, by meaning."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from partywall.declared import Declared, Deployment
from partywall.terraform.scope import Created
from partywall.text.structured import JsonArray, JsonObject, JsonText
from partywall.value import READ, Known, Setting, Unknown, plain, references


@dataclass
class Comparison:
    """What was compared: written leaves that the plan knows, those unknown to us, and what contradicts."""

    resources: int = 0
    compared: int = 0
    known: int = 0
    beyond: int = 0
    unknown: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    contradicted: list[str] = field(default_factory=list)

    def add(self, other: Comparison) -> None:
        """Count another comparison in."""
        self.resources += other.resources
        self.compared += other.compared
        self.known += other.known
        self.beyond += other.beyond
        self.unknown += other.unknown
        self.read += other.read
        self.contradicted += other.contradicted


def compare(plan: Mapping[str, Any], deployment: Deployment) -> Comparison:
    """Every attribute that the configuration writes, as we evaluate it and as the plan has it."""
    result = Comparison()
    masks = {it["address"]: it["change"].get("after_unknown", {}) for it in plan.get("resource_changes", ())}
    planned = {it["address"]: it for it in _resources(plan["planned_values"].get("root_module", {}))}
    ours = {it.address: it for it in deployment.resources if it.type.startswith("aws_")}
    for address, theirs in planned.items():
        if theirs["mode"] != "managed":
            continue
        declared = ours.get(address)
        if declared is None:
            kind = result.unknown if _open(address, ours) else result.contradicted
            kind.append(f"{address}: planned, but not among ours")
            continue
        result.resources += 1
        _compare_resource(declared, theirs.get("values", {}), masks.get(address, {}), result)
    outputs = {it.address: it for it in deployment.resources if it.type == "output"}
    for name, change in plan.get("output_changes", {}).items():
        declared = outputs.get(f"output.{name}")
        if declared is not None and "value" in declared.attributes and "after" in change:
            mask = change.get("after_unknown", False)
            _leaf(f"output.{name}", declared.attributes["value"], change["after"], mask, result)
    for address, declared in ours.items():
        if isinstance(declared.exists, Known) and declared.exists.it and address not in planned:
            result.contradicted.append(f"{address}: ours, but not planned")
    return result


def _resources(module: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)


_KEYS = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


def _open(address: str, ours: Mapping[str, Declared]) -> bool:
    """Whether one of our instances with an unknown key may stand for an address."""
    plain = _KEYS.sub("", address)
    return any("[?]" in it and _KEYS.sub("", it.replace("[?]", "")) == plain for it in ours)


def _compare_resource(declared: Declared, values: Mapping[str, Any], mask: Any, result: Comparison) -> None:
    for name, value in declared.attributes.items():
        if name == "tags_all" and name not in values and not _masked(mask, name):
            continue  # Not every type has tags; which do, only the provider's schema tells.
        _leaf(f"{declared.address}.{name}", value, values.get(name), _masked(mask, name), result)


def _masked(mask: Any, key: str | int) -> Any:
    if mask is True:
        return True
    if isinstance(mask, dict):
        return mask.get(key, False)
    if isinstance(mask, list) and isinstance(key, int) and key < len(mask):
        return mask[key]
    return False


def _leaf(path: str, ours: Setting, theirs: Any, mask: Any, result: Comparison) -> None:
    """Compare one value; lists of blocks and maps by their parts."""
    if mask is True:
        result.beyond += isinstance(ours, Known) and ours.it is not None
        return
    if isinstance(ours, Known) and ours.it is None:
        return
    if not isinstance(ours, Known):
        result.compared += 1
        why = ours.why if isinstance(ours, Unknown) else f"depends on {ours.variable}"
        from_aws = why == READ or any(re.search(r"(^|\.)data\.", it.address) for it in references(ours))
        (result.read if from_aws else result.unknown).append(f"{path}: {why} (plan: {theirs!r})")
        return
    it: object = ours.it
    if isinstance(it, JsonObject | JsonArray | JsonText) or (isinstance(it, str) and _json(theirs) is not None):
        _text(path, ours, theirs, result)
    elif isinstance(it, tuple):
        _list(path, it, theirs, mask, result)
    elif isinstance(it, Mapping):
        _map(path, it, theirs, mask, result)
    else:
        _scalar(path, it, theirs, result)


def _contradict(path: str, ours: object, theirs: object, result: Comparison) -> None:
    result.compared += 1
    result.contradicted.append(f"{path}: ours {_short(ours)}, plan {_short(theirs)}")


def _short(value: object) -> str:
    return value if isinstance(value, str) and len(value) < 200 else repr(value)[:300]


def _agree(result: Comparison) -> None:
    result.compared += 1
    result.known += 1


def _scalar(path: str, ours: object, theirs: object, result: Comparison) -> None:
    if isinstance(theirs, list) and len(theirs) == 1:
        theirs = theirs[0]
    if theirs == "" and _FORGOTTEN.search(path):
        return
    if _same_scalar(ours, theirs):
        _agree(result)
    else:
        _contradict(path, ours, theirs, result)


_FORGOTTEN = re.compile(r"\baws_lb\.[\w-]+\.(?:access|connection)_logs\[\d+\]\.(?:bucket|prefix)$")
"""What a provider drops when the block around it is switched off."""


def _same_scalar(ours: object, theirs: object) -> bool:
    if (ours == "" and theirs is None) or (theirs == "" and str(ours).strip() == "{}"):
        return True
    if isinstance(ours, bool) or isinstance(theirs, bool):
        words = {True: "true", False: "false", "1": "true", "0": "false"}
        return words.get(ours, ours) == words.get(theirs, theirs)
    if isinstance(theirs, int | float) or not isinstance(ours, str):
        try:
            return float(str(ours)) == float(str(theirs))
        except ValueError:
            return False
    if not isinstance(theirs, str):
        return False
    return _normal(ours) == _normal(theirs) or hashlib.sha1(ours.encode()).hexdigest() == theirs  # noqa: S324 - the provider's own


def _normal(text: str) -> str:
    """Text without what providers change: case, a final dot or line end, the number of a protocol."""
    text = text.strip().rstrip(".").lower()
    return {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}.get(text, text)


def _list(path: str, ours: tuple[Setting, ...], theirs: Any, mask: Any, result: Comparison) -> None:
    if isinstance(theirs, Mapping) and len(ours) == 1:
        _leaf(path, ours[0], theirs, mask, result)
        return
    if theirs is None and not ours:
        _agree(result)
        return
    if not isinstance(theirs, list):
        _contradict(path, ours, theirs, result)
        return
    tried = Comparison()
    if len(ours) == len(theirs):
        for at, item in enumerate(ours):
            _leaf(f"{path}[{at}]", item, theirs[at], _masked(mask, at), tried)
    if not ours and not theirs:
        _agree(result)
    elif len(ours) != len(theirs) or tried.contradicted:
        _set(path, ours, theirs, mask, result)
    else:
        result.add(tried)


def _set(path: str, ours: tuple[Setting, ...], theirs: list[Any], mask: Any, result: Comparison) -> None:
    """Lists whose order and repetitions do not count: each of ours finds one of theirs, and none is left over."""
    left = set(range(len(theirs)))
    for at, item in enumerate(ours):
        best: Comparison | None = None
        for candidate in range(len(theirs)):
            tried = Comparison()
            _leaf(f"{path}[{at}]", item, theirs[candidate], _masked(mask, candidate), tried)
            if not tried.contradicted and (best is None or (candidate in left and not tried.unknown)):
                best = tried
                if candidate in left:
                    left.discard(candidate)
                    break
        if best is None:
            _contradict(f"{path}[{at}]", plain(item), theirs, result)
        else:
            result.add(best)
    if left and not any(not isinstance(item, Known) for item in ours):
        _contradict(path, f"{len(ours)} elements", f"{len(theirs)} elements", result)


def _map(path: str, ours: Mapping[str, Setting], theirs: Any, mask: Any, result: Comparison) -> None:
    if isinstance(theirs, list) and len(theirs) == 1:
        theirs, mask = theirs[0], _masked(mask, 0)
    if not isinstance(theirs, Mapping):
        if ours or theirs:
            _contradict(path, dict(ours), theirs, result)
        return
    for key, value in ours.items():
        _leaf(f"{path}.{key}", value, theirs.get(key), _masked(mask, key), result)
    if not isinstance(ours, Created):
        for key in theirs.keys() - ours.keys():
            if theirs[key] is not None:
                _contradict(f"{path}.{key}", None, theirs[key], result)


def _json(text: object) -> Any:
    if isinstance(text, str) and text.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(text)
        except ValueError:
            return None
    return None


def _text(path: str, ours: Setting, theirs: object, result: Comparison) -> None:
    """Texts that are JSON, by what they say."""
    wanted = _json(theirs)
    if wanted is None:
        structure = _structure(ours)
        same = isinstance(ours, Known) and ours.it == theirs
        if same or (theirs in (None, "") and structure in ({}, [], "{}", "[]")):
            _agree(result)
        else:
            _contradict(path, plain(ours), theirs, result)
        return
    assert isinstance(ours, Known)
    it: object = ours.it
    if isinstance(it, str) and not isinstance(it, JsonText):
        read = _json(it)
        if read is None:
            _contradict(path, it, theirs, result)
        elif read == wanted:
            _agree(result)
        else:
            _contradict(path, read, wanted, result)
        return
    value: Setting = it.structure if isinstance(it, JsonText) else ours
    _json_value(path, value, wanted, result)


def _structure(value: Setting) -> object:
    it: object = value.it if isinstance(value, Known) else None
    return plain(it.structure) if isinstance(it, JsonText) else plain(value)


def _json_value(path: str, ours: Setting, theirs: object, result: Comparison) -> None:
    """Structured JSON, exactly: here types and absent keys count."""
    if not isinstance(ours, Known):
        _leaf(path, ours, theirs, False, result)  # noqa: FBT003 - a mask
        return
    it: object = ours.it
    if isinstance(it, JsonText) and not isinstance(theirs, str):
        _json_value(path, it.structure, theirs, result)
    elif isinstance(it, JsonObject | JsonArray) and isinstance(theirs, str):
        _text(path, ours, theirs, result)
    elif isinstance(it, Mapping) and isinstance(theirs, dict):
        if it.keys() != theirs.keys():
            _contradict(path, sorted(it), sorted(theirs), result)
            return
        for key, value in it.items():
            _json_value(f"{path}.{key}", value, theirs[key], result)
    elif isinstance(it, tuple) and isinstance(theirs, list) and len(it) == len(theirs):
        for at, item in enumerate(it):
            _json_value(f"{path}[{at}]", item, theirs[at], result)
        if not it:
            _agree(result)
    elif isinstance(it, str | int | float | bool | None) and it == theirs and type(it) is type(theirs):
        _agree(result)
    elif isinstance(it, tuple | Mapping) or not _same_number(it, theirs):
        _contradict(path, plain(ours), theirs, result)
    else:
        _agree(result)


def _same_number(ours: object, theirs: object) -> bool:
    if isinstance(ours, bool | str | None) or isinstance(theirs, bool | str | None):
        return False
    return float(str(ours)) == float(str(theirs))
