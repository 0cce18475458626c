"""How long 5,000 policy statements take: put into normal form, judged as public and as rights. Reading them is apart.

Run by hand: `python benchmarks/policy.py`. Times are processor times, the best of several runs.
"""

from __future__ import annotations

import datetime
import gc
import json
import sys
import time
from collections.abc import Callable

from partywall.aws.identity import Rights
from partywall.aws.policy import ResourceStatement
from partywall.declared import Declared, Deployment
from partywall.graph import Graph, View
from partywall.reason.policy.capability import admin, near_admin
from partywall.reason.policy.escalation import escalation
from partywall.reason.policy.public import open_to_anyone
from partywall.source import NOWHERE
from partywall.text.json_text import structure_of
from partywall.value import Known

DAY = datetime.date(2026, 11, 1)
STATEMENTS, PER_DOCUMENT = 5_000, 10
LIMIT = 0.5
"""Seconds that all of it may take."""

ACTIONS = ("s3:Get*", "s3:PutObject", "sqs:*", "ec2:Describe*", "iam:PassRole", "lambda:CreateFunction", "kms:Decrypt")


def _document(number: int, *, principal: bool) -> str:
    statements = []
    for at in range(PER_DOCUMENT):
        one: dict[str, object] = {
            "Sid": f"S{at}",
            "Effect": "Deny" if at == PER_DOCUMENT - 1 else "Allow",
            "Action": [ACTIONS[(number + at + step) % len(ACTIONS)] for step in range(3)],
            "Resource": [f"arn:aws:s3:::bucket-{number}", f"arn:aws:s3:::bucket-{number}/*"],
        }
        if principal:
            one["Principal"] = "*"
            one["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": f"o-{number}"}} if at % 3 else {}
        statements.append(one)
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)


def _deployment() -> Deployment:
    half = STATEMENTS // PER_DOCUMENT // 2
    resources = [
        Declared(
            "terraform",
            kind,
            f"{kind}.p{number}",
            {"policy": structure_of(Known(_document(number, principal=kind == "aws_s3_bucket_policy")))},
            NOWHERE,
        )
        for kind in ("aws_s3_bucket_policy", "aws_iam_policy")
        for number in range(half)
    ]
    return Deployment("bench", "terraform", tuple(resources), ())


def _judged(deployment: Deployment) -> int:
    view = View(Graph(deployment), {}, DAY)
    count = 0
    for statement in ResourceStatement.subjects(view):
        open_to_anyone(statement)
        count += 1
    for rights in Rights.subjects(view):
        admin(rights), near_admin(rights), escalation(rights)
        count += PER_DOCUMENT
    return count


def best(run: Callable[[], object], times: int = 3) -> float:
    """The shortest processor time of some runs."""
    found = []
    for _ in range(times):
        gc.collect()
        begin = time.process_time()
        run()
        found.append(time.process_time() - begin)
    return min(found)


def main() -> int:
    """Print the time, and say whether it is within the limit."""
    gc.disable()  # As `partywall check` does.
    deployment = _deployment()
    assert _judged(deployment) == STATEMENTS
    seconds = best(lambda: _judged(deployment))
    print(f"{STATEMENTS:,} statements in {seconds:.3f} s (limit {LIMIT} s)")
    return 0 if seconds <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
