"""Who owes what: for everything that is about to be deployed, duties by service model and service.

Made from a report with all verdicts; nothing is judged here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from partywall.aws.responsibility import MODELS, aws_side, tasks
from partywall.aws.services import Service, classify
from partywall.check import Report, kind
from partywall.engine import Finding
from partywall.immutable import immutable
from partywall.rule import DUTIES

STATES = ("gap", "unknown", "suppressed", "met")
"""What a duty can be for one subject, the worst first: open, not known, accepted, met."""


@immutable()
class Cell:
    """One duty of one service: how many subjects leave it open, and so on, and the rules that said so.

    `counts` has every one of STATES; `causes` are what unknown ones wait for, most often first; `by_hand` is what
    people have to do.
    """

    duty: str
    counts: dict[str, int]
    rules: dict[str, tuple[str, ...]]
    causes: tuple[str, ...]
    by_hand: tuple[str, ...]


@immutable()
class Entry:
    """A service that is deployed, with the duties that stay with the customer."""

    service: str
    resources: int
    cells: tuple[Cell, ...]


@immutable()
class Part:
    """A service model: AWS's side of the wall, and the services on the customer's."""

    model: str
    aws: str
    entries: tuple[Entry, ...]

    @property
    def by_hand(self) -> dict[tuple[str, str], list[str]]:
        """Duty and task of what people have to do, with the services it is for."""
        found: dict[tuple[str, str], list[str]] = {}
        for entry in self.entries:
            for cell in entry.cells:
                for task in cell.by_hand:
                    found.setdefault((cell.duty, task), []).append(entry.service)
        return found


@immutable()
class Coverage:
    """What was not looked at.

    `unruled` counts resources by type that no rule is about, `unclassified` those of no known service; `unseen` and
    `unread` are sentences with places, `undecided` the conditions that verdicts hang on.
    """

    unruled: dict[str, int]
    unclassified: dict[str, int]
    unseen: tuple[str, ...]
    unread: tuple[str, ...]
    undecided: dict[str, int]

    @property
    def rows(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """All of it in words, under a heading each; only what there is."""
        rows = (
            ("not on disk", self.unseen),
            ("not linted", self.unread),
            ("of no service known here", _counted(self.unclassified)),
            ("that no rule is about by itself", _counted(self.unruled)),
            ("undecided conditions", _counted(self.undecided)),
        )
        return tuple((head, items) for head, items in rows if items)


def _counted(table: dict[str, int]) -> tuple[str, ...]:
    return tuple(f"{name} ({count})" if count > 1 else name for name, count in table.items())


@immutable()
class Ledger:
    """All parts, and what is missing from them."""

    parts: tuple[Part, ...]
    coverage: Coverage

    @property
    def totals(self) -> dict[str, int]:
        """How many subjects of duties are in each of STATES."""
        total: Counter[str] = Counter()
        for part in self.parts:
            for entry in part.entries:
                for cell in entry.cells:
                    total.update(cell.counts)
        return {state: total[state] for state in STATES}

    @property
    def share(self) -> float | None:
        """How much of what is decided is met, in percent; None where nothing is decided."""
        total = self.totals
        decided = total["met"] + total["gap"]
        return 100 * total["met"] / decided if decided else None


def ledger(report: Report) -> Ledger:
    """The ledger of a report that was made with all rules."""
    seen: dict[Service, int] = defaultdict(int)
    unclassified: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for one in report.deployments:
        for type_, _ in one.addresses:
            types[type_] += 1
            service = classify(type_)
            if service is None:
                unclassified[type_] += 1
            else:
                seen[service] += 1
    found = _by_service(report.findings)
    parts = []
    for model in MODELS:
        entries = [
            Entry(service.name, count, tuple(_cells(service, found)))
            for service, count in sorted(seen.items(), key=lambda it: it[0].name)
            if service.model == model
        ]
        parts.append(Part(model, aws_side()[model], tuple(it for it in entries if it.cells)))
    return Ledger(tuple(parts), _coverage(report, types, unclassified))


_Key = tuple[str, str]
"""A service and a duty."""


def _by_service(findings: Iterable[Finding]) -> dict[_Key, list[Finding]]:
    found: dict[_Key, list[Finding]] = defaultdict(list)
    for it in findings:
        service = classify(it.type)
        found[service.name if service is not None else it.rule.service, it.rule.id[:3]].append(it)
    return found


def _cells(service: Service, found: dict[_Key, list[Finding]]) -> Iterable[Cell]:
    for duty in DUTIES:
        findings = found.get((service.name, duty), [])
        hand = tuple(task.text for task in tasks(service.model, service.name, duty))
        if findings or hand:
            yield _cell(duty, findings, hand)


def _cell(duty: str, findings: list[Finding], hand: tuple[str, ...]) -> Cell:
    """Each subject counts once, by the worst of what its rules say."""
    states: dict[tuple[str, str], str] = {}
    rules: dict[str, set[str]] = {state: set() for state in STATES}
    causes: Counter[str] = Counter()
    for it in findings:
        state = kind(it)
        subject = (it.place, it.address)
        before = states.get(subject, STATES[-1])
        states[subject] = min(before, state, key=STATES.index)
        rules[state].add(it.rule.id)
        if state == "unknown":
            causes[it.cause] += 1
    counts = Counter(states.values())
    return Cell(
        duty,
        {state: counts[state] for state in STATES},
        {state: tuple(sorted(ids)) for state, ids in rules.items()},
        tuple(cause for cause, _ in sorted(causes.items(), key=lambda it: (-it[1], it[0]))),
        hand,
    )


def _coverage(report: Report, types: Counter[str], unclassified: Counter[str]) -> Coverage:
    ruled = {name for rule in report.rules for names in rule.resources.values() for name in names}
    undecided: Counter[str] = Counter(
        variable for it in report.findings if it.verdict == "unknown" for variable in it.truth.variables
    )
    notes = [f"{it.span.path}:{it.span.line}: {it.message}" for one in report.deployments for it in one.unseen]
    errors = [f"{it.span.path}:{it.span.line}: {it.message}" for it in report.problems if it.kind != "note"]
    return Coverage(
        unruled={name: count for name, count in sorted(types.items()) if name not in ruled},
        unclassified=dict(sorted(unclassified.items())),
        unseen=tuple(dict.fromkeys(notes)),
        unread=tuple(dict.fromkeys(errors)),
        undecided=dict(sorted(undecided.items())),
    )
