"""The words rules are written in."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import IntEnum
from typing import Any, Literal, TypeVar

from partywall.aws.resource import Resource
from partywall.immutable import immutable
from partywall.truth import Because, State, Truth


class Severity(IntEnum):
    """How much a gap matters in the usual case."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The word used in reports and options."""
        return self.name.lower()


LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL

DUTIES = {
    "NET": "network",
    "TLS": "traffic",
    "ENC": "encryption",
    "IAM": "identity",
    "PAT": "patching",
    "DAT": "data",
    "LOG": "logging",
}
MODELS = {"0": "account", "1": "infrastructure", "2": "container", "3": "abstract"}

Fixable = Literal["safe", "unsafe", "no"]


Adjustment = tuple[Severity, Callable[[Any], Truth]]
"""Another severity, and the circumstance under which it holds; while that is unknown nothing changes."""


@immutable()
class Body:
    """What a rule does: `judge` says yes where a subject leaves the duty open.

    `adjustments` are circumstances that change the severity; the first that holds counts.
    """

    subject: type[Resource]
    judge: Callable[[Resource], Truth]
    adjustments: tuple[Adjustment, ...] = ()


@immutable()
class Rule:
    """A duty of the customer.

    `resources` are the types it is about, per dialect, and `service` is theirs. `covered_by` names the rules, loudest
    first, whose findings say the same about the same place, and more. What a `secret` rule finds is a secret: no report
    shows the text it points to. `body` gives what the rule does, and is asked where there is something to judge;
    where `adjusted` is off no circumstance changes the severity.
    """

    id: str
    name: str
    severity: Severity
    same_as: tuple[str, ...]
    fixable: Fixable
    service: str
    resources: Mapping[str, tuple[str, ...]] = field(hash=False)
    doc: str
    covered_by: tuple[str, ...]
    secret: bool
    module: str
    body: Callable[[], Body]
    adjusted: bool = True

    @classmethod
    def of(  # noqa: PLR0913 - all that is said of a rule
        cls,
        id: str,  # noqa: A002 - the word every linter uses
        name: str,
        severity: Severity,
        body: Body,
        doc: str,
        *,
        same_as: Sequence[str] = (),
        fixable: Fixable = "no",
        covered_by: Sequence[str] = (),
        secret: bool = False,
    ) -> Rule:
        """A rule whose body is at hand, which says what it is about."""
        about = body.subject
        resources = {"terraform": about.terraform, "cloudformation": about.cloudformation}
        return cls(
            id, name, severity, tuple(same_as), fixable, about.service, resources, doc, tuple(covered_by), secret,
            body.judge.__module__, lambda: body,
        )  # fmt: skip

    @property
    def subject(self) -> type[Resource]:
        """What it is about."""
        return self.body().subject

    @property
    def judge(self) -> Callable[[Resource], Truth]:
        """Says yes where a subject leaves the duty open."""
        return self.body().judge

    def weighed(self, subject: Resource) -> tuple[Severity, tuple[Truth, ...]]:
        """How much the gap matters for one subject, and the circumstances that say so or, not being known, might."""
        told: list[Truth] = []
        for severity, holds in self.body().adjustments if self.adjusted else ():
            circumstance = holds(subject)
            if circumstance.state is State.YES:
                return severity, (circumstance,)
            if circumstance.state is State.UNKNOWN:
                told.append(_perhaps(circumstance, "less" if severity < self.severity else "more"))
        return self.severity, tuple(told)

    @property
    def title(self) -> str:
        """The duty in one line."""
        return self.doc.partition("\n")[0].rstrip(".")

    @property
    def duty(self) -> str:
        """The customer's duty it belongs to."""
        return DUTIES[self.id[:3]]

    @property
    def model(self) -> str:
        """The service model of what it is about."""
        return MODELS[self.id[3]]


RULES: dict[str, Rule] = {}

R = TypeVar("R", bound=Resource)


def _perhaps(circumstance: Truth, word: str) -> Truth:
    """A circumstance that is not known, told as what it leaves open."""
    leaves = list(circumstance.leaves)
    first = next((it for it in leaves if it.cause), leaves[0])
    said = Because(lambda: f"it may matter {word}: {first.text}", first.span, first.resource, first.trail, first.cause)
    return Truth(State.UNKNOWN, (said,), circumstance.variables)


def _several(adjustments: Adjustment | Sequence[Adjustment]) -> Sequence[Adjustment]:
    return (adjustments,) if adjustments and isinstance(adjustments[0], Severity) else adjustments  # type: ignore[return-value]


def rule(
    id: str,  # noqa: A002 - the word every linter uses
    severity: Severity,
    *,
    same_as: tuple[str, ...] | list[str] = (),
    fixable: Fixable = "no",
    lowered: Adjustment | Sequence[Adjustment] = (),
    raised: Adjustment | Sequence[Adjustment] = (),
    covered_by: Sequence[str] = (),
    secret: bool = False,
) -> Callable[[Callable[[R], Truth]], Callable[[R], Truth]]:
    """Make a function a rule. Its name is the gap, its annotation the subject, its docstring the manual.

    Raises ValueError for an id that is taken or malformed and for a missing docstring.
    """

    def register(function: Callable[[R], Truth]) -> Callable[[R], Truth]:
        (name_of_subject,) = (it for key, it in function.__annotations__.items() if key != "return")
        # Annotations are texts here, and evaluating one costs a hundred times more than looking its name up.
        subject = function.__globals__[name_of_subject]
        doc = inspect.getdoc(function)
        if not doc:
            raise ValueError(f"{id} has no docstring, and so no manual")
        if id in RULES or id[:3] not in DUTIES or id[3] not in MODELS:
            raise ValueError(f"{id} is taken or malformed")
        name = function.__name__.replace("_", "-")
        body = Body(subject, function, (*_several(raised), *_several(lowered)))  # type: ignore[arg-type]
        RULES[id] = Rule.of(
            id, name, severity, body, doc, same_as=same_as, fixable=fixable, covered_by=covered_by, secret=secret
        )
        return function

    return register
