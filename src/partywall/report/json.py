"""The JSON contract `partywall/1`, from which every other format could be made."""

from __future__ import annotations

import json
from collections.abc import Sequence

from partywall import __version__
from partywall.check import Report
from partywall.engine import Finding
from partywall.problem import Problem
from partywall.report.style import Style
from partywall.rule import Rule
from partywall.truth import Because

SCHEMA = "partywall/1"


def render(report: Report, verdicts: Sequence[str], style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """A report as JSON with the findings of some verdicts."""
    summary = {
        "deployments": len(report.deployments),
        "files": len(report.files),
        "resources": report.resources,
        **{name: report.count(name) for name in ("gap", "unknown", "met", "suppressed")},
        "problems": len(report.problems),
    }
    document = {
        "schema": SCHEMA,
        "version": __version__,
        "summary": summary,
        "findings": [finding_entry(it) for it in report.shown(verdicts)],
        "problems": [problem_entry(it) for it in report.problems],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def finding_entry(it: Finding) -> dict[str, object]:
    """One finding."""
    span = it.span
    return {
        "rule": it.rule.id,
        "name": it.rule.name,
        "title": it.rule.title,
        "verdict": it.verdict,
        "severity": it.severity.label,
        "duty": it.rule.duty,
        "model": it.rule.model,
        "service": it.rule.service,
        "dialect": it.dialect,
        "deployment": it.deployment,
        "resource": it.resource,
        "type": it.type,
        "related": list(it.related),
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "message": it.message,
        "when": list(it.when),
        "environments": list(it.environments),
        "because": [_because(one) for reason in it.because for one in (reason, *reason.trail)],
        "fingerprint": it.fingerprint,
        "covered_by": it.covered_by,
        "suppressed": it.suppressed,
        "fixable": it.rule.fixable,
        "url": None,
    }


def _because(it: Because) -> dict[str, object]:
    entry: dict[str, object] = {
        "message": it.text,
        "path": it.span.path,
        "line": it.span.line,
        "column": it.span.column,
    }
    if it.resource:
        entry["resource"] = it.resource
    return entry


def problem_entry(it: Problem) -> dict[str, object]:
    """One problem."""
    return {
        "kind": it.kind,
        "path": it.span.path,
        "line": it.span.line,
        "column": it.span.column,
        "message": it.message,
    }


def catalogue(rules: Sequence[Rule]) -> str:
    """The catalogue as JSON."""
    entries = [
        {
            "id": rule.id,
            "name": rule.name,
            "title": rule.title,
            "severity": rule.severity.label,
            "duty": rule.duty,
            "model": rule.model,
            "service": rule.service,
            "resources": {dialect: list(types) for dialect, types in rule.resources.items()},
            "same_as": list(rule.same_as),
            "fixable": rule.fixable,
            "doc": rule.doc,
        }
        for rule in rules
    ]
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
