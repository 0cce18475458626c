"""The shared responsibility model: what AWS answers for, and which duties no template can express.

Source: AWS, Shared Responsibility Model, and AWS Security Best Practices (infrastructure, container and abstract
services).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from partywall.aws.table import table
from partywall.immutable import immutable

MODELS = ("account", "infrastructure", "container", "abstract")
"""The service models in the order of a ledger: the account first, then ever less on the customer's side."""


@immutable()
class Task:
    """Something people do by hand because no template can say it; for some services, or for all of a model."""

    duty: str
    model: str
    services: tuple[str, ...]
    text: str


def _tables() -> Mapping[str, object]:
    tables: Mapping[str, object] = table("responsibility")
    return tables


@cache
def aws_side() -> Mapping[str, str]:
    """For each model, what AWS answers for, in one sentence."""
    found = _tables()["aws"]
    assert isinstance(found, dict)
    return found


@cache
def by_hand() -> tuple[Task, ...]:
    """All tasks that stay with people."""
    rows = _tables()["by_hand"]
    assert isinstance(rows, list)
    return tuple(Task(row["duty"], row["model"], tuple(row.get("services", ())), row["task"]) for row in rows)


def tasks(model: str, service: str, duty: str) -> tuple[Task, ...]:
    """What is to be done by hand for one duty (`NET`, `PAT`, …) of one service."""
    return tuple(
        task
        for task in by_hand()
        if task.model == model and task.duty == duty and (not task.services or service in task.services)
    )
