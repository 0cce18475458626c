"""JUnit XML: a suite for each deployment, a case for each finding, as CI servers read it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from partywall.check import Report, kind
from partywall.engine import Finding
from partywall.report.style import Style
from partywall.report.wording import instead, place, sentence

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) does not allow in a document at all."""


def render(report: Report, verdicts: Sequence[str], style: Style) -> str:  # noqa: ARG001 - the same for all formats
    """Gaps as failures, unknown and accepted ones as skipped with the reason, unreadable files as errors."""
    suites: dict[str, list[Finding]] = defaultdict(list)
    for it in report.shown(verdicts):
        suites[it.deployment].append(it)
    root = Xml.Element("testsuites", name="partywall")
    for name in sorted(suites):
        suite = Xml.SubElement(root, "testsuite", name=_clean(name))
        for it in suites[name]:
            _case(suite, it)
        _count(suite)
    broken = [it for it in report.problems if it.kind != "note"]
    if broken:
        suite = Xml.SubElement(root, "testsuite", name="not linted")
        for problem in broken:
            case = Xml.SubElement(suite, "testcase", classname=_clean(problem.span.path), name="can be read")
            error = Xml.SubElement(case, "error", type=problem.kind, message=_clean(problem.message))
            error.text = _clean(f"{place(problem.span)}: {problem.message}")
        _count(suite)
    _count(root)
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _case(suite: Xml.Element, it: Finding) -> None:
    names = {
        "classname": _clean(it.resource),
        "name": f"{it.rule.id} {it.rule.title}",
        "file": _clean(it.span.path),
        "line": str(it.span.line),
    }
    case = Xml.SubElement(suite, "testcase", names)
    said = _clean(sentence(it))
    if kind(it) == "gap":
        failure = Xml.SubElement(case, "failure", type=it.severity.label, message=said)
        failure.text = _clean(f"{place(it.span)}\n{said}\ninstead: {instead(it)}")
    elif kind(it) != "met":
        Xml.SubElement(case, "skipped", message=_clean(it.suppressed or said))


def _count(element: Xml.Element) -> None:
    for key, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(key, str(sum(1 for _ in element.iter(tag))))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
