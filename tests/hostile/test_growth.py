"""Work grows in step with the input, whatever the input is made of."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from partywall import catalog
from partywall.check import check
from partywall.configuration import Ignore, Settings
from partywall.suppress.configured import matcher
from partywall.suppress.mark import reason_and_end
from tests.hostile.inputs import calls, marks, terraform
from tests.hostile.inputs.making import VOLUME
from tests.hostile.work import growth

LINEAR = 2.4
TODAY = datetime.date(2026, 1, 1)
RULES = catalog.rules()
ONE = [it for it in RULES if it.id in ("ENC101", "NET301")]
ABOUT_LISTS = [it for it in RULES if "aws_network_acl" in it.resources["terraform"]]


@pytest.mark.parametrize(
    "make",
    [
        marks.marks_beside_resources,
        marks.marks_of_another_tool,
        marks.marks_in_metadata,
        marks.marks_in_one_metadata,
        marks.marks_of_a_loop,
        calls.stacks_in_cycles,
        terraform.buckets_and_what_others_say_of_them,
        terraform.moves_of_many,
    ],
)
def test_work_grows_in_step_with_the_input(make: Callable[[Path, int], None], tmp_path: Path) -> None:
    def run(size: int) -> None:
        place = tmp_path / str(size)
        if not place.exists():
            (place / ".git").mkdir(parents=True)
            make(place, size)
        assert check([str(place)], Settings(), ONE, TODAY).findings

    assert growth(run, 40) < LINEAR


def entries_of_a_list(n: int) -> dict[str, Any]:
    """Entries that allow and deny what lies across each other, behind a few subnets."""
    made: dict[str, Any] = {
        "N": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/8"}},
        "L": {"Type": "AWS::EC2::NetworkAcl", "Properties": {"VpcId": {"Ref": "N"}}},
    }
    for k in range(n):
        properties = {
            "NetworkAclId": {"Ref": "L"}, "RuleNumber": k + 1, "Protocol": (6, 17, -1)[k % 3], "Egress": k % 5 == 0,
            "RuleAction": ("allow", "deny")[k % 2], "CidrBlock": f"{k % 223 + 1}.{k % 250}.0.0/{k % 20 + 4}",
            "PortRange": {"From": k, "To": k + 9000},
        }  # fmt: skip
        made[f"E{k}"] = {"Type": "AWS::EC2::NetworkAclEntry", "Properties": properties}
    return made


def test_no_entry_is_asked_about_more_than_a_list_may_have(tmp_path: Path) -> None:
    def run(size: int) -> None:
        (tmp_path / "a.json").write_text(json.dumps({"Resources": entries_of_a_list(size)}), encoding="utf-8")
        assert check([str(tmp_path)], Settings(), ABOUT_LISTS, TODAY).findings

    assert growth(run, 150) < LINEAR


def test_a_list_longer_than_any_is_not_known_to_its_end(tmp_path: Path) -> None:
    resources = entries_of_a_list(0)
    for number in range(150):
        world = "0.0.0.0/0" if number == 149 else f"1.{number}.0.0/16"
        properties = {"NetworkAclId": {"Ref": "L"}, "RuleNumber": number, "Protocol": 6, "CidrBlock": world}
        properties |= {"RuleAction": "allow" if number == 149 else "deny", "PortRange": {"From": 22, "To": 22}}
        resources[f"E{number}"] = {"Type": "AWS::EC2::NetworkAclEntry", "Properties": properties}
    (tmp_path / "a.json").write_text(json.dumps({"Resources": resources}), encoding="utf-8")
    report = check([str(tmp_path)], Settings(), ABOUT_LISTS, TODAY)
    (found,) = (it for it in report.findings if it.rule.id == "NET123" and it.resource == "L")
    assert found.verdict == "unknown"
    assert "of which 100 count and AWS admits 40" in found.message


def test_ignores_of_the_configuration_are_asked_where_they_may_hold(tmp_path: Path) -> None:
    def run(size: int) -> None:
        place = tmp_path / str(size)
        place.mkdir(exist_ok=True)
        (place / "main.tf").write_text("".join(VOLUME.format(at=k) for k in range(size)), encoding="utf-8")
        ignores = tuple(Ignore("ENC101", "why", paths=(f"*{k}*a*b*c*",)) for k in range(size))
        assert check([str(place)], Settings(ignores=ignores), ONE, TODAY).findings

    assert growth(run, 40) < LINEAR


def test_patterns_with_many_stars_do_not_go_back() -> None:
    matches = matcher("*a" * 40 + "*b")
    assert not matches("a" * 5000)
    assert matches("a" * 5000 + "b")
    assert matcher("a*b?[*")("axbxbb[0")


def test_a_reason_is_read_once_however_many_spaces_are_in_it() -> None:
    assert reason_and_end("x" + " " * 1_000_000 + "y")[0].endswith("y")
    assert reason_and_end("x" + " " * 1_000_000 + ", until 2030-01-01") == ("x", datetime.date(2030, 1, 1))
