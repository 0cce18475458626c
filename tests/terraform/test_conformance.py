"""Expressions, conversions, types and whole programs answer as Terraform does, where the shared cases are at hand.

What does not agree is listed with its reason; a case that begins to agree must leave the list.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from partywall.source import Source
from partywall.terraform import load
from partywall.terraform.reader import read_body, read_expression
from partywall.terraform.syntax import HclError
from partywall.terraform.type_constraint import read_constraint
from partywall.value import Known
from tests.terraform.conformance import (
    SHARED,
    Case,
    agrees,
    cases,
    conformed,
    constraint,
    evaluated,
    kind_of,
    program_agrees,
    setting,
)

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the shared conformance data is not beside this checkout")

MORE = "we know more: the value is the same whatever the unknown turns out to be"
GENERATED = "a missing file is unknown, because it may be generated before Terraform runs"
EPHEMERAL = "that a value is ephemeral is kept as being sensitive, and the value itself is judged"
MOCK = "the case calls a function that only its own test suite has: terraform 1.11 refuses the name"

EXACT = "the case asks for an exact type, without any and optional: a place that no configuration has"

DIFFERENT = {
    "3a2024718da1": MORE,
    "13abba86bc38": MORE,
    "67289fe6d49a": MORE,
    "ac8fa34d63a5": MOCK,
    "d427602f1d38": MOCK,
    "0b3814d3a02d": GENERATED,
    "285382f08a55": GENERATED,
    "28730c3db68e": GENERATED,
    "3218ee2b8c39": GENERATED,
    "618ca1dae86d": GENERATED,
    "684017a396b8": GENERATED,
    "80d3a4daebb2": GENERATED,
    "b921f0224553": GENERATED,
    "256928bcfe3f": EPHEMERAL,
    "3410e4ed99cd": EPHEMERAL,
    "3a772b0be087": EPHEMERAL,
    "75addf87c301": EPHEMERAL,
    "a8ee0df0c820": "OpenTofu has no limit of 32 bits, and we follow it",
    "dec664f3613b": "the bytes depend on the compressor",
    "ba0a06b4ea7b": EXACT,
    "d21c15a54da3": EXACT,
}


def _params(*suites: str) -> list[Any]:
    return [
        pytest.param(
            case,
            id=f"{suite}-{case['id']}",
            marks=[pytest.mark.xfail(reason=DIFFERENT[case["id"]], strict=True)] if case["id"] in DIFFERENT else [],
        )
        for suite in suites
        for case in cases(suite)
    ]


@pytest.mark.parametrize(
    "case",
    _params("hcl_expressions", "hcl_templates", "own_expressions", "try_can", "functions", "function_units"),
)
def test_an_expression_has_the_value_that_terraform_gives_it(case: Case) -> None:
    assert agrees(evaluated(case), case["expect"])


@pytest.mark.parametrize("case", _params("conversions"))
def test_a_value_converts_as_in_terraform(case: Case) -> None:
    value = case["vars"]["value"]
    assert agrees(conformed(setting(value["type"], value["value"]), constraint(case["to_type"])), case["expect"])


@pytest.mark.parametrize("case", _params("type_constraints"))
def test_a_type_is_read_as_in_terraform(case: Case) -> None:
    expect = case["expect"]
    try:
        found = kind_of(read_constraint(read_expression(Source("", case["input"])), defaults=case["optional_allowed"]))
    except HclError:
        assert expect.get("error")
        return
    assert not expect.get("error")
    if "type" in expect:
        assert found == expect["type"]


@pytest.mark.parametrize("case", _params("optional_defaults"))
def test_defaults_of_optional_attributes_come_before_conversion(case: Case) -> None:
    kind, value, expect = case["defaults"]["type"], case["vars"]["value"], case["expect"]
    found = conformed(setting(value["type"], value["value"]), constraint(kind, case["defaults"]))
    assert found == conformed(setting(expect["type"], expect["value"]), constraint(kind))


@pytest.mark.parametrize("case", _params("hcl_specsuite"))
def test_a_body_is_read_as_the_specification_says(case: Case) -> None:
    if case["name"] == "structure/attributes/unexpected":
        pytest.skip("the reader has no schema that could forbid an argument")
    _, problems = read_body(Source("", case["input"]))
    found = [Source("", case["input"]).position(problem.offset) for problem in problems]
    wanted = [(one["from"]["line"], one["from"]["column"]) for one in case["expect"].get("diagnostics", ())]
    assert found == wanted


@pytest.mark.parametrize("name", [case["name"] for case in (cases("programs") if SHARED.exists() else [])], ids=str)
def test_a_program_is_what_terraform_plans(name: str, tmp_path: Path) -> None:
    (case,) = (one for one in cases("programs") if one["name"] == name)
    for path, text in case["files"].items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    deployment = load(str(tmp_path), variables={}, variable_files=[], workspace=None)
    assert not deployment.problems
    expect = case["expect"]
    declared = {one.address: one for one in deployment.resources}
    planned = {address for address, one in declared.items() if one.type.startswith(("aws_", "terraform_data"))}
    assert planned == set(expect["resources"])
    for address, wanted in expect["resources"].items():
        found = Known(declared[address].attributes)
        assert program_agrees(found, wanted), (address, found, json.dumps(wanted, default=str))
    for output, wanted in expect["outputs"].items():
        result = declared[f"output.{output}"].attributes["value"]
        assert program_agrees(result, wanted), (output, result, json.dumps(wanted, default=str))
