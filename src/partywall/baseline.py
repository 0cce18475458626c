"""Gaps that were there before: those of a file, or those of another revision, and what is new since."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from partywall import source
from partywall.check import Report
from partywall.engine import Finding
from partywall.immutable import immutable
from partywall.lint import Linted
from partywall.source import UnreadableError

SCHEMA = "partywall-baseline/1"


class BaselineError(Exception):
    """A baseline that cannot be used; the message is one sentence with the file."""


@immutable()
class Accepted:
    """The gaps of one deployment by key, how often each, and what the deployment is recognised by when it moves.

    `content` is a digest of its files, `shape` one of its resources' types and addresses.
    """

    content: str
    shape: str
    gaps: Mapping[str, int]


Baseline = Mapping[str, Accepted]
"""Accepted gaps by the place of their deployment in the project."""


def of(report: Report) -> Baseline:
    """The gaps of a report, accepted ones left out: those have their own marks. Files are read for their digests."""
    gaps: dict[str, Counter[str]] = {one.place: Counter() for one in report.deployments}
    for it in report.findings:
        if it.verdict == "gap" and it.suppressed is None:
            gaps[it.place][it.key] += 1
    return {one.place: Accepted(_content(one), _shape(one), gaps[one.place]) for one in report.deployments}


def _content(one: Linted) -> str:
    """A digest of the texts alone: a file that moves keeps it."""
    texts = []
    for path in one.files:
        try:
            texts.append(source.read(path, limit=source.MOST_BYTES).text)
        except UnreadableError:
            texts.append("")
    return _digest(*sorted(texts))


def _shape(one: Linted) -> str:
    return _digest(*(f"{kind} {address}" for kind, address in sorted(one.addresses)))


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def written(baseline: Baseline) -> str:
    """A baseline as text, deployments and gaps in order, so that changes to it can be reviewed."""
    places = {
        place: {"content": one.content, "shape": one.shape, "gaps": dict(sorted(one.gaps.items()))}
        for place, one in sorted(baseline.items())
    }
    return json.dumps({"schema": SCHEMA, "deployments": places}, indent=2) + "\n"


def read(path: str) -> Baseline:
    """The baseline in a file. Raises BaselineError for a file that is none."""
    shown = source.display(path)
    try:
        document = json.loads(source.read(path, limit=source.MOST_BYTES).text)
        if document["schema"] != SCHEMA:
            raise BaselineError(f"{shown}: the schema {document['schema']!r} is not {SCHEMA}")
        return {
            str(place): Accepted(
                str(one["content"]), str(one["shape"]), {str(key): int(count) for key, count in one["gaps"].items()}
            )
            for place, one in document["deployments"].items()
        }
    except UnreadableError as error:
        raise BaselineError(f"{shown} {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BaselineError(f"{shown} is no baseline of partywall") from error


def compared(report: Report, before: Baseline, since: str) -> Report:
    """Mark the gaps that were there before, `since` naming that; what remains is new, what is gone is counted.

    A deployment that was renamed is found by its content or its shape, unless one of the old name is still there: a
    copy of a folder is new; a resource that was moved is found by its former address. Of several equal gaps as many are
    old as there were.
    """
    origin = _origins(report, before)
    left = {place: Counter(one.gaps) for place, one in before.items()}
    marked = list(report.findings)
    # What is still where it was comes first: nothing that moved may take its place.
    for keys in (_key, _former):
        for at, it in enumerate(marked):
            old = left.get(origin.get(it.place, ""))
            if old is None or it.verdict != "gap" or it.suppressed is not None:
                continue
            key = next((key for key in keys(it) if old[key] > 0), None)
            if key is not None:
                old[key] -= 1
                marked[at] = replace(it, suppressed=f"there before, in {since}")
    closed = sum(sum(one.values()) for one in left.values())
    return replace(report, findings=tuple(marked), since=since, closed=closed)


def _key(finding: Finding) -> Sequence[str]:
    return (finding.key,)


def _former(finding: Finding) -> Sequence[str]:
    return finding.former


def _origins(report: Report, before: Baseline) -> dict[str, str]:
    """For each deployment, the place it had before."""
    here = {one.place for one in report.deployments}
    found = {place: place for place in here if place in before}
    for digest, was in ((_content, "content"), (_shape, "shape")):
        moved = {
            getattr(before[place], was): place for place in sorted(before) if place not in {*here, *found.values()}
        }
        for one in report.deployments if moved else ():
            if one.place not in found and (place := moved.pop(digest(one), None)) is not None:
                found[one.place] = place
    return found
