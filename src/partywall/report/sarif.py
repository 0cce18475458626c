"""SARIF 2.1.0, as code scanning on GitHub reads it.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0; GitHub documentation, SARIF support for code scanning
(limits, `security-severity` as text, only the first location shown, fingerprints by `primaryLocationLineHash`).
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from partywall import __version__
from partywall.check import Report, kind
from partywall.engine import Finding
from partywall.problem import Problem
from partywall.report.style import Style
from partywall.report.wording import grouped, headlines, sentence
from partywall.rule import CRITICAL, HIGH, LOW, MEDIUM, Rule
from partywall.source import Span
from partywall.truth import Because

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 25_000
MAX_STEPS = 100
_LEVELS = {CRITICAL: "error", HIGH: "error", MEDIUM: "warning", LOW: "note"}
_SCORES = {CRITICAL: "9.5", HIGH: "8.0", MEDIUM: "5.5", LOW: "2.0"}
"""GitHub's bands: critical above 9.0, high from 7.0, medium from 4.0."""

Json = dict[str, object]


def render(report: Report, verdicts: Sequence[str], style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """One run with the findings, the rules they are of, and what could not be linted."""
    copies = grouped(headlines(report.shown(verdicts)))[:MAX_RESULTS]
    rules = sorted({it.rule.id: it.rule for it, *_ in copies}.items())
    places = {name: at for at, (name, _) in enumerate(rules)}
    seen: Counter[str] = Counter()
    results = []
    for group in copies:
        seen[group[0].fingerprint] += 1
        results.append(_result(group, places[group[0].rule.id], seen[group[0].fingerprint]))
    driver: Json = {
        "name": "partywall",
        "semanticVersion": __version__,
        "rules": [_rule(rule) for _, rule in rules],
    }
    run: Json = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "partywall/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not any(it.kind == "internal" for it in report.problems),
                "toolExecutionNotifications": [_notification(it) for it in report.problems],
            }
        ],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: Rule) -> Json:
    _, _, rest = rule.doc.partition("\n")
    manual = rest.strip()
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": " ".join(manual.partition("\n\n")[0].split())[:1024] or rule.title},
        "help": {"text": f"{rule.title}.\n\n{manual}", "markdown": f"**{rule.title}.**\n\n{manual}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "security-severity": _SCORES[rule.severity],
            "precision": "high",
            "problem.severity": {"error": "error", "warning": "warning", "note": "recommendation"}[
                _LEVELS[rule.severity]
            ],
            "tags": ["security", rule.duty, rule.model, rule.service],
        },
    }


def _result(copies: Sequence[Finding], index: int, number: int) -> Json:
    it = copies[0]
    steps = list(_steps(it))
    names = [{"fullyQualifiedName": name} for name in dict.fromkeys(one.resource for one in copies)]
    result: Json = {
        "ruleId": it.rule.id,
        "ruleIndex": index,
        "kind": {"gap": "fail", "suppressed": "fail", "unknown": "review", "met": "pass"}[kind(it)],
        "level": _LEVELS[it.severity] if it.verdict == "gap" else "none",
        "message": {"text": f"{sentence(*copies)}. {it.rule.title}."},
        "locations": [{**_location(it.span), "logicalLocations": names}],
        "partialFingerprints": {
            "partywall/v1": it.fingerprint,
            "primaryLocationLineHash": f"{it.fingerprint}:{number}",
        },
        "properties": {"deployment": it.deployment, "verdict": it.verdict, "severity": it.severity.label},
    }
    if steps:
        result["relatedLocations"] = [
            {"id": number, **_location(span), "message": {"text": said}} for number, (span, said) in enumerate(steps, 1)
        ]
        result["codeFlows"] = [
            {"threadFlows": [{"locations": [{"location": _step(span, said)} for span, said in (*steps, _end(it))]}]}
        ]
    if it.suppressed is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": it.suppressed}]
    return result


def _end(it: Finding) -> tuple[Span, str]:
    return it.span, it.message


def _steps(it: Finding) -> Iterator[tuple[Span, str]]:
    """From where a value was first written, or a path begins, to the finding; the finding's own place left out."""
    seen = {it.span}
    told: list[tuple[Span, str]] = []
    for reason in it.because:
        chain: tuple[Because, ...] = (reason, *reason.trail)
        for step in reversed(chain):
            if step.span.line and step.span not in seen and step.text:
                seen.add(step.span)
                told.append((step.span, step.text))
    yield from told[:MAX_STEPS]


def _step(span: Span, said: str) -> Json:
    return {**_location(span), "message": {"text": said}}


def _location(span: Span) -> Json:
    region: Mapping[str, object] = {
        "startLine": max(span.line, 1),
        "startColumn": max(span.column, 1),
        "endLine": max(span.end_line, span.line, 1),
        "endColumn": max(span.end_column, 1),
    }
    return {"physicalLocation": {"artifactLocation": {"uri": quote(os.fsencode(span.path))}, "region": region}}


def _notification(it: Problem) -> Json:
    level = {"error": "error", "internal": "error", "note": "note"}[it.kind]
    return {"level": level, "message": {"text": it.message}, "locations": [_location(it.span)]}
