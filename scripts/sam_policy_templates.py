"""Derive `src/partywall/cloudformation/sam/data/policies.json` from aws-sam-translator.

Run `python scripts/sam_policy_templates.py` after a new release of the translator; a test compares the two.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src/partywall/cloudformation/sam/data/policies.json"
_SERVICE_LINKED = "aws-service-role"


def derived() -> str:
    """The policy templates (parameters and statements) and the paths of managed policies that have one."""
    package = resources.files("samtranslator")
    templates = json.loads((package / "policy_templates_data/policy_templates.json").read_text("utf-8"))["Templates"]
    managed = json.loads((package / "internal/data/aws_managed_policies.json").read_text("utf-8"))["aws"]
    paths: dict[str, list[str]] = {}
    for name, arn in sorted(managed.items()):
        path, slash, _ = arn.partition(":policy/")[2].rpartition("/")
        if slash and path != _SERVICE_LINKED:
            paths.setdefault(path, []).append(name)
    data: dict[str, dict[str, Any]] = {
        "managed": paths,
        "templates": {name: _template(entry) for name, entry in sorted(templates.items())},
    }
    return _lines(data)


def _template(entry: dict[str, Any]) -> dict[str, Any]:
    return {"parameters": sorted(entry["Parameters"]), "statements": entry["Definition"]["Statement"]}


def _lines(data: dict[str, dict[str, Any]]) -> str:
    """JSON with one entry a line, so that a change of one policy is a change of one line."""
    sections = []
    for name, section in data.items():
        rows = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value, sort_keys=True)}" for key, value in section.items())
        sections.append(f" {json.dumps(name)}: {{\n{rows}\n }}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(derived(), encoding="utf-8")
