"""GitLab Code Quality: the array its merge request widget reads.

Source: GitLab documentation, Code Quality, report format: five keys, fingerprints unique in a report, paths without
`./`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from partywall.check import Report, kind
from partywall.engine import Finding
from partywall.report.style import Style
from partywall.report.wording import headlines, sentence
from partywall.rule import CRITICAL, HIGH, LOW, MEDIUM

_SEVERITIES = {CRITICAL: "blocker", HIGH: "critical", MEDIUM: "major", LOW: "minor"}


def render(report: Report, verdicts: Sequence[str], style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """Findings and unreadable files as issues."""
    issues: list[dict[str, object]] = []
    seen: set[str] = set()
    for it in headlines(report.shown(verdicts)):
        severity = _SEVERITIES[it.severity] if kind(it) == "gap" else "info"
        issues.append(
            {
                "description": f"{it.rule.title}: {sentence(it)}",
                "check_name": f"{it.rule.id} {it.rule.name}",
                "fingerprint": _unique(it, seen),
                "severity": severity,
                "location": {"path": it.span.path, "lines": {"begin": max(it.span.line, 1)}},
            }
        )
    for problem in report.problems:
        if problem.kind != "note":
            content = f"{problem.span.path}|{problem.message}"
            issues.append(
                {
                    "description": f"not linted: {problem.message}",
                    "check_name": "partywall",
                    "fingerprint": hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32],
                    "severity": "blocker",
                    "location": {"path": problem.span.path, "lines": {"begin": max(problem.span.line, 1)}},
                }
            )
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"


def _unique(it: Finding, seen: set[str]) -> str:
    """The finding's fingerprint; equal ones would collapse into one issue, so copies are numbered."""
    name, number = it.fingerprint, 1
    while name in seen:
        number += 1
        name = f"{it.fingerprint}-{number}"
    seen.add(name)
    return name
