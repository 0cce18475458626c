"""Verdicts over worlds."""

from __future__ import annotations

import datetime

from partywall.aws.resource import ACCOUNT, Resource, flag
from partywall.declared import Declared, Deployment
from partywall.engine import Finding, judge
from partywall.rule import HIGH, Body, Rule
from partywall.source import Span
from partywall.truth import Truth
from partywall.value import Choice, Known, Setting, Unknown, Value

HERE = Span("a.yaml", 3, 1, 3, 9)
ON: Setting = Known(it=True, span=HERE)
OFF: Setting = Known(it=False, span=HERE)


class Disk(Resource, service="test", model=ACCOUNT, terraform="test_disk"):
    encrypted = flag(cfn="Encrypted", tf="encrypted", default=False)


def _judge_disk(disk: Resource) -> Truth:
    assert isinstance(disk, Disk)
    return ~disk.encrypted


RULE = Rule.of("ENC001", "disk-open", HIGH, Body(Disk, _judge_disk), "Disks are closed.")


def _verdict(encrypted: Setting | None, exists: Value[bool] = Known(it=True)) -> Finding:
    attributes = {} if encrypted is None else {"encrypted": encrypted}
    disk = Declared("terraform", "test_disk", "test_disk.a", attributes, HERE, exists)
    judgement = judge(Deployment("a", "terraform", (disk,), ()), [RULE], datetime.date(2026, 1, 1))
    assert judgement.problems == ()
    (finding,) = judgement.findings
    return finding


def _by(variable: str, when_true: Setting, when_false: Setting) -> Setting:
    return Choice(variable, (("true", when_true), ("false", when_false)), HERE)


def test_plain_verdicts() -> None:
    assert _verdict(ON).verdict == "met"
    assert _verdict(OFF).verdict == "gap"
    assert _verdict(None).verdict == "gap"
    assert _verdict(Unknown("later")).verdict == "unknown"


def test_a_gap_under_some_condition_says_which() -> None:
    finding = _verdict(_by("var.encrypt", ON, OFF))
    assert (finding.verdict, finding.when) == ("gap", ("var.encrypt is false",))


def test_agreeing_arms_need_no_condition() -> None:
    finding = _verdict(_by("var.encrypt", OFF, OFF))
    assert (finding.verdict, finding.when) == ("gap", ())


def test_a_gap_beside_an_unknown_arm_is_still_a_conditional_gap() -> None:
    finding = _verdict(_by("var.encrypt", Unknown("later"), OFF))
    assert (finding.verdict, finding.when) == ("gap", ("var.encrypt is false",))


def test_an_unknown_arm_beside_a_met_one_is_unknown() -> None:
    assert _verdict(_by("var.encrypt", Unknown("later"), ON)).verdict == "unknown"


def test_existence_never_mitigates_and_is_said() -> None:
    exists = Choice("IsProd", (("true", Known(it=True)), ("false", Known(it=False))))
    finding = _verdict(OFF, exists)
    assert (finding.verdict, finding.when) == ("gap", ("IsProd is true",))


def test_a_resource_and_its_value_share_one_world() -> None:
    exists = Choice("IsProd", (("true", Known(it=True)), ("false", Known(it=False))))
    assert _verdict(_by("IsProd", ON, OFF), exists).verdict == "met"


def test_what_a_transform_made_is_reported_as_its_authors() -> None:
    role = Declared("terraform", "test_disk", "WorkerDisk", {"encrypted": OFF}, HERE, author="Worker", part="disk")
    (finding,) = judge(Deployment("a", "terraform", (role,), ()), [RULE], datetime.date(2026, 1, 1)).findings
    assert (finding.resource, finding.related) == ("Worker", ("WorkerDisk",))
    assert finding.message == "disk of Worker: `encrypted` is false"
