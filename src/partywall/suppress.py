"""Findings their owners accepted: comments, CloudFormation metadata, the configuration, and other tools' marks."""

from __future__ import annotations

import datetime
import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from partywall import source
from partywall.configuration import Ignore
from partywall.declared import Deployment
from partywall.engine import Finding
from partywall.problem import Problem
from partywall.rule import Rule
from partywall.source import Span, UnreadableError
from partywall.value import plain

_OWN = re.compile(r"(?:#|//)\s*partywall:\s*ignore\[([^\]]*)\]\s*(.*)")
_UNTIL = re.compile(r",?\s*until\s+(\d{4}-\d\d-\d\d)\s*$")
_MARKS = (
    ("checkov", re.compile(r"(?:#|//)\s*checkov:skip=([\w,]+):?\s*(.*)")),
    ("trivy", re.compile(r"(?:#|//)\s*(?:trivy|tfsec):ignore:([\w-]+)\s*(.*)")),
)
_METADATA = (
    ("checkov", ("checkov", "skip"), "id", "comment"),
    ("cfn-nag", ("cfn_nag", "rules_to_suppress"), "id", "reason"),
    ("cdk-nag", ("cdk_nag", "rules_to_suppress"), "id", "reason"),
)


@dataclass(frozen=True, slots=True)
class Suppression:
    """A rule accepted at some lines of a file, with the reason and a last day."""

    rules: frozenset[str]
    reason: str
    span: Span
    first: int
    last: int
    until: datetime.date | None = None
    own: bool = True


def suppressed(
    deployment: Deployment,
    findings: Sequence[Finding],
    rules: Sequence[Rule],
    ignores: Sequence[Ignore],
    today: datetime.date,
) -> tuple[list[Finding], list[Problem]]:
    """The findings, accepted gaps marked with their reason; and notes on what is expired or names no rule."""
    problems: list[Problem] = []
    marks = list(_marks(deployment, rules, problems))
    out = []
    used: set[Suppression] = set()
    for finding in findings:
        reason = None
        for mark in marks:
            if finding.rule.id in mark.rules and _covers(mark, finding):
                used.add(mark)
                if mark.until is None or mark.until >= today:
                    reason = mark.reason or "accepted"
        if reason is None:
            reason = _configured(finding, ignores, today)
        out.append(finding if reason is None else replace(finding, suppressed=reason))
    judged = {finding.rule.id for finding in findings}
    for mark in marks:
        if mark.own and mark.until is not None and mark.until < today:
            problems.append(Problem(mark.span, "note", f"this ignore ended on {mark.until}"))
        elif mark.own and mark not in used and mark.rules & judged:
            problems.append(Problem(mark.span, "note", f"this ignore of {', '.join(sorted(mark.rules))} is not needed"))
    return out, problems


def _covers(mark: Suppression, finding: Finding) -> bool:
    places = [finding.span, finding.declared_span, *(span for it in finding.because for span in it.places)]
    return any(span.path == mark.span.path and mark.first <= span.line <= mark.last for span in places)


def _configured(finding: Finding, ignores: Iterable[Ignore], today: datetime.date) -> str | None:
    for one in ignores:
        named = one.rule.lower() in (finding.rule.id.lower(), finding.rule.name)
        alive = one.until is None or one.until >= today
        where = not one.paths or any(fnmatch.fnmatchcase(finding.span.path, pattern) for pattern in one.paths)
        which = not one.resources or any(fnmatch.fnmatchcase(finding.resource, pattern) for pattern in one.resources)
        if named and alive and where and which:
            return one.reason or "accepted in the configuration"
    return None


def _marks(deployment: Deployment, rules: Sequence[Rule], problems: list[Problem]) -> Iterator[Suppression]:
    extents = [(it.extent if it.extent.line else it.span, it.span) for it in deployment.resources]
    by_peer = equivalents(tuple(rules))
    for path in deployment.files:
        try:
            text = source.read(path)
        except UnreadableError:
            continue
        if "partywall" in text.text or "skip=" in text.text or ":ignore:" in text.text:
            yield from _comments(text, extents, rules, by_peer, problems)
    for declared in deployment.resources:
        metadata = declared.metadata.get("Metadata")
        if metadata is not None:
            yield from _metadata(plain(metadata), declared.extent, rules, by_peer, problems)


@cache
def equivalents(rules: tuple[Rule, ...]) -> Mapping[tuple[str, str], frozenset[str]]:
    """For other tools' ids (peer, id in capitals) the ids of ours."""
    out: dict[tuple[str, str], set[str]] = {}
    for rule in rules:
        for one in rule.same_as:
            peer, _, name = one.partition(":")
            out.setdefault((peer, name.upper()), set()).add(rule.id)
    return {key: frozenset(found) for key, found in out.items()}


def _comments(
    text: source.Source,
    extents: Sequence[tuple[Span, Span]],
    rules: Sequence[Rule],
    by_peer: Mapping[tuple[str, str], frozenset[str]],
    problems: list[Problem],
) -> Iterator[Suppression]:
    lines = text.text.split("\n")
    for number, line in enumerate(lines, 1):
        own = _OWN.search(line) if "partywall" in line else None
        if own is not None:
            span = Span(text.path, number, own.start() + 1, number, len(line) + 1)
            ids, unknown = _ids(own[1].split(","), rules)
            problems += [Problem(span, "note", f"no rule is called {word!r}") for word in unknown]
            reason, until = _reason(own[2])
            first, last = _scope(lines, number, own.start(), text.path, extents)
            yield Suppression(ids, reason, span, first, last, until)
            continue
        for peer, pattern in _MARKS:
            match = pattern.search(line) if ":" in line else None
            if match is not None:
                span = Span(text.path, number, match.start() + 1, number, len(line) + 1)
                found = _peers(peer, match[1].split(","), by_peer)
                first, last = _scope(lines, number, match.start(), text.path, extents)
                first, last = _enclosing(number, text.path, extents) or (first, last)
                yield Suppression(found, match[2].strip() or f"accepted for {peer}", span, first, last, own=False)


def _peers(peer: str, words: Iterable[str], by_peer: Mapping[tuple[str, str], frozenset[str]]) -> frozenset[str]:
    """Our rules for another tool's ids; Trivy's are written with and without its prefix, tfsec's by name."""
    out: set[str] = set()
    for word in words:
        upper = word.strip().upper()
        for name in (upper, upper.removeprefix("AVD-"), f"AVD-{upper}"):
            out |= by_peer.get((peer, name), frozenset())
    return frozenset(out)


def _ids(words: Iterable[str], rules: Sequence[Rule]) -> tuple[frozenset[str], list[str]]:
    ids: set[str] = set()
    unknown = []
    for word in (one.strip() for one in words):
        found = {rule.id for rule in rules if word.upper() == rule.id or word.lower() == rule.name}
        ids |= found
        if not found:
            unknown.append(word)
    return frozenset(ids), unknown


def _reason(text: str) -> tuple[str, datetime.date | None]:
    match = _UNTIL.search(text)
    if match is None:
        return text.strip(), None
    try:
        return text[: match.start()].strip(), datetime.date.fromisoformat(match[1])
    except ValueError:
        return text.strip(), None


def _scope(
    lines: Sequence[str], number: int, column: int, path: str, extents: Sequence[tuple[Span, Span]]
) -> tuple[int, int]:
    """The lines a comment speaks of: its own, or, alone on its line, what follows; above a declaration all of it."""
    if lines[number - 1][:column].strip():
        return number, number
    following = number + 1
    while following <= len(lines) and (
        not lines[following - 1].strip() or lines[following - 1].lstrip().startswith(("#", "//"))
    ):
        following += 1
    for extent, header in extents:
        if extent.path == path and header.line == following:
            return following, extent.end_line
    return following, _block_end(lines, following)


def _block_end(lines: Sequence[str], first: int) -> int:
    """The last line of what begins at a line: up to the closing brace, or as deep as it is indented."""
    if first > len(lines):
        return first
    line = lines[first - 1]
    depth = line.count("{") + line.count("[") - line.count("}") - line.count("]")
    last = first
    if depth > 0:
        while depth > 0 and last < len(lines):
            last += 1
            line = lines[last - 1]
            depth += line.count("{") + line.count("[") - line.count("}") - line.count("]")
        return last
    indent = len(line) - len(line.lstrip())
    while last < len(lines) and lines[last].strip() and len(lines[last]) - len(lines[last].lstrip()) > indent:
        last += 1
    return last


def _enclosing(number: int, path: str, extents: Sequence[tuple[Span, Span]]) -> tuple[int, int] | None:
    """Other tools speak inside a resource of all of it."""
    for extent, _ in extents:
        if extent.path == path and extent.line <= number <= extent.end_line:
            return extent.line, extent.end_line
    return None


def _metadata(
    metadata: object,
    extent: Span,
    rules: Sequence[Rule],
    by_peer: Mapping[tuple[str, str], frozenset[str]],
    problems: list[Problem],
) -> Iterator[Suppression]:
    for entry in _entries(metadata, ("partywall", "ignore")):
        ids, unknown = _ids([str(entry.get("rule", ""))], rules)
        problems.extend(Problem(extent, "note", f"no rule is called {word!r}") for word in unknown)
        _, until = _reason(f"until {entry.get('until', '')}")
        yield Suppression(ids, str(entry.get("reason", "")), extent, extent.line, extent.end_line, until)
    for peer, place, key, said in _METADATA:
        for entry in _entries(metadata, place):
            found = _peers(peer, [str(entry.get(key, ""))], by_peer)
            reason = str(entry.get(said) or f"accepted for {peer}")
            yield Suppression(found, reason, extent, extent.line, extent.end_line, own=False)


def _entries(metadata: object, place: Sequence[str]) -> list[Mapping[str, object]]:
    for name in place:
        metadata = metadata.get(name) if isinstance(metadata, dict) else None
    return [one for one in metadata if isinstance(one, dict)] if isinstance(metadata, list) else []
