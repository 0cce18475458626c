"""Dated tables: sound, found by name, number and pattern, and judged on a given day."""

from __future__ import annotations

import datetime
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from partywall.aws.lifecycle import Release, Support, matching, named, numbered, releases
from partywall.aws.table import table

SCRIPT = Path(__file__).parent.parent / "scripts" / "lifecycle.py"


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lifecycle_script", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tables_are_sound_and_in_their_form() -> None:
    script = _script()
    text = script.TABLES.read_text(encoding="utf-8")
    tables = json.loads(text)
    assert list(script.mistakes(tables)) == []
    assert script.written(tables) == text


def test_the_script_sees_mistakes_and_stale_tables() -> None:
    script = _script()
    row = {"release": "1", "ends": "2026-01-01", "source": "somewhere", "checked": "2026-01-01"}
    assert list(script.mistakes({"x": [row]})) == []
    assert len(list(script.mistakes({"x": [row, row]}))) == 1
    assert len(list(script.mistakes({"x": [{**row, "source": ""}]}))) == 1
    assert len(list(script.mistakes({"x": [{**row, "ends": "soon"}]}))) == 1
    assert len(list(script.mistakes({"x": [{**row, "extended": "2025-01-01"}]}))) == 1
    assert len(list(script.mistakes({"x": [{"release": "1"}]}))) == 1
    assert list(script.stale({"x": [row]}, datetime.date(2026, 3, 1))) == []
    assert len(list(script.stale({"x": [row]}, datetime.date(2027, 1, 1)))) == 1


def test_every_table_can_be_read() -> None:
    for product in table("lifecycle"):
        assert releases(product)
        for release in releases(product):
            assert release.source


@pytest.mark.parametrize(
    ("product", "version", "name"),
    [
        ("mysql", "8.0.35", "8.0"),
        ("mysql", "5.7", "5.7"),
        ("mysql", "5.5.62", "5.5.62, older than 5.6"),
        ("postgres", "9.6.24", "9.6"),
        ("postgres", "13", "13"),
        ("redis", "6.x", "6"),
        ("redis", "3.2.10", "3.2.10, older than 4"),
        ("kubernetes", "1.3", "1.3, older than 1.18"),
        ("kubernetes", "1.30", "1.30"),
        ("kubernetes", "1.99", None),
        ("neptune", "1.2", None),
        ("mysql", "latest", None),
    ],
)
def test_a_version_is_found_number_by_number(product: str, version: str, name: str | None) -> None:
    found = numbered(product, version)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("product", "text", "name"),
    [
        ("operating-system", "ubuntu/images/hvm-ssd/ubuntu-bionic-18.04-amd64-server-*", "Ubuntu 18.04"),
        ("operating-system", "/aws/service/canonical/ubuntu/server/20.04/stable/current/amd64/ami-id", "Ubuntu 20.04"),
        ("operating-system", "AMZN2-AMI-hvm-*", "Amazon Linux 2"),
        ("operating-system", "Windows_Server-2012-R2_RTM-English-64Bit-Base-*", "Windows Server 2012 R2"),
        ("operating-system", "RHEL-7.9_HVM*", "RHEL 7"),
        ("operating-system", "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended", "Amazon Linux 2023"),
        ("operating-system", "my-own-image-*", None),
        ("elastic-beanstalk", "64bit Amazon Linux 2018.03 v2.9.0 running Python 3.6", "Amazon Linux AMI"),
        ("elastic-beanstalk", "64bit Amazon Linux 2 v5.8.0 running Node.js 18", "Node.js 18 on Amazon Linux"),
        ("elastic-beanstalk", "64bit Amazon Linux 2 v3.5.0 running Docker", "Amazon Linux 2"),
        ("elastic-beanstalk", "64bit Amazon Linux 2023 v4.3.0 running Python 3.12", "Amazon Linux 2023"),
        (
            "elastic-beanstalk",
            "arn:aws:elasticbeanstalk:us-east-1::platform/PHP 8.1 running on 64bit Amazon Linux 2023/4.1.0",
            "PHP 8.1 on Amazon Linux 2023",
        ),
    ],
)
def test_a_text_is_found_by_pattern(product: str, text: str, name: str | None) -> None:
    found = matching(product, text)
    assert (found.name if found else None) == name


def test_what_is_older_than_the_table_ended_with_its_oldest_at_the_latest() -> None:
    found = numbered("mysql", "5.5.62")
    oldest = named("mysql", "5.6")
    assert found is not None
    assert oldest is not None
    today = datetime.date(2026, 1, 1)
    assert str(Support(found, today)) == f"5.5.62, older than 5.6, out of support since {oldest.ends} at the latest"
    assert str(Support(oldest, today)) == f"5.6, out of support since {oldest.extended or oldest.ends}"


def test_a_name_is_found_as_it_is() -> None:
    assert named("lambda", "python3.1") is None
    found = named("lambda", "python3.10")
    assert found is not None
    assert found.ends == datetime.date(2026, 10, 31)


ENDS = datetime.date(2026, 6, 30)
LATER = datetime.date(2027, 6, 30)


@pytest.mark.parametrize(
    ("ends", "extended", "today", "stages", "said"),
    [
        (None, None, ENDS, (False, False, False), "not announced"),
        (ENDS, None, datetime.date(2025, 6, 1), (False, False, False), "until 2026-06-30"),
        (ENDS, None, datetime.date(2026, 2, 1), (True, False, False), "until 2026-06-30"),
        (ENDS, None, ENDS, (True, False, False), "until 2026-06-30"),
        (ENDS, None, datetime.date(2026, 7, 1), (True, True, False), "since 2026-06-30"),
        (ENDS, LATER, datetime.date(2026, 7, 1), (True, True, True), "until 2027-06-30"),
        (ENDS, LATER, datetime.date(2027, 7, 1), (True, True, False), "since 2027-06-30"),
    ],
)
def test_a_release_is_judged_on_a_day(
    ends: datetime.date | None,
    extended: datetime.date | None,
    today: datetime.date,
    stages: tuple[bool, bool, bool],
    said: str,
) -> None:
    support = Support(Release("1", ends, extended, (), "somewhere", today), today)
    assert (support.ends, support.over, support.in_extension) == stages
    assert said in str(support)
